import { isObject, ownMember } from './web-idl.js'

/** Bytes of a challenge: relying parties may put signed values into it, and browsers take an empty one. */
export const CHALLENGE_BYTES: { readonly min: number; readonly max: number } = { min: 0, max: 16_384 }
/** Longest list of words, such as hints. */
export const WORDS_MAX = 64

/** Servers often send what `navigator.credentials` takes: the options are then the member `publicKey`. */
export function unwrapped(json: unknown): unknown {
  if (!isObject(json) || ownMember(json, 'challenge') !== undefined) return json
  const publicKey = ownMember(json, 'publicKey')
  return isObject(publicKey) ? publicKey : json
}
