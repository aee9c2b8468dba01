import type { TunnelServiceId } from '../bytes/brands.js'
import { encodeU16LE } from '../bytes/endian.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import type { CryptoProvider } from '../crypto/provider.js'

/** Identifiers 0 (Google) and 1 (Apple). */
export const ASSIGNED_DOMAINS: readonly [string, string] = ['cable.ua5v.com', 'cable.auth.com']

const HASH_LABEL = encodeUtf8('caBLEv2 tunnel server domain')
const HASH_END = Uint8Array.of(0)
const TOP_LEVEL_DOMAINS = ['com', 'org', 'net', 'info'] as const
const TOP_LEVEL_BITS = 2n
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const BASE32_BITS = 5n

/**
 * The domain that a tunnel service identifier stands for: assigned, or made from a hash (protocol.md 6).
 *
 * @example
 * tunnelDomain(crypto, tunnelServiceId(0)) // cable.ua5v.com
 * tunnelDomain(crypto, tunnelServiceId(266)) // cable.wufkweyy3uaxb.com
 */
export function tunnelDomain(crypto: CryptoProvider, id: TunnelServiceId): string {
  return ASSIGNED_DOMAINS[id] ?? hashedDomain(crypto.sha256(HASH_LABEL, encodeU16LE(id), HASH_END))
}

/** Reads 8 bytes as a little-endian number: its lowest 2 bits choose the ending, the rest becomes letters, 5 bits each. */
function hashedDomain(digest: Uint8Array): string {
  const hash = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0, true)
  const ending = TOP_LEVEL_DOMAINS[lowBits(hash, TOP_LEVEL_BITS)] ?? ''
  let letters = ''
  for (let rest = hash >> TOP_LEVEL_BITS; rest > 0n; rest >>= BASE32_BITS) {
    letters += BASE32.charAt(lowBits(rest, BASE32_BITS))
  }
  return `cable.${letters}.${ending}`
}

function lowBits(value: bigint, bits: bigint): number {
  return Number(BigInt.asUintN(Number(bits), value))
}
