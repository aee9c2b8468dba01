import type { WatchedSide } from './watched-side.js'

/** Finds what is wrong with what a side did, whatever its role is; undefined where nothing is. */
export type SideCheck = (seen: { readonly side: WatchedSide }) => string | undefined

const BLOCK_BYTES = 32
const HANDSHAKE_BYTES = 81

/** All frames open, each under the counter of its turn. */
export const opensAll: SideCheck = ({ side }) => {
  const place = side.frames.indexOf(undefined)
  return place < 0 ? side.fault : `frame ${place} does not open under counter ${place}`
}

export const padsToBlocks: SideCheck = ({ side }) => {
  const odd = side.frames.find(padded => padded !== undefined && padded.length % BLOCK_BYTES !== 0)
  return odd && `a padded plaintext of ${odd.length} bytes, which is no multiple of ${BLOCK_BYTES}`
}

export const padsWithZeros: SideCheck = ({ side }) => {
  const odd = side.frames.find(padded => padded !== undefined && !hasZeros(padded))
  return odd && 'padding that is not zeros'
}

function hasZeros(padded: Uint8Array): boolean {
  const count = padded.at(-1) ?? 0
  return padded.subarray(-count - 1, -1).every(byte => byte === 0)
}

/** Chromium takes no other length. */
export const shakesHandsIn81: SideCheck = ({ side }) => {
  const length = side.handshake?.length ?? 0
  return length === HANDSHAKE_BYTES ? undefined : `a handshake message of ${length} bytes`
}
