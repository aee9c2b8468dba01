import { eid, EID_BYTES, routingId, ROUTING_ID_BYTES, tunnelServiceId } from '../bytes/brands.js'
import type { Eid, RoutingId, TunnelServiceId } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import { encodeU16LE, readU16LE } from '../bytes/endian.js'
import { requireBytes } from '../bytes/require-bytes.js'
import { DecodeError } from '../errors.js'

/** The fields of an advert’s plaintext (protocol.md 5.2). */
export interface EidFields {
  /** 10 random bytes that make this transaction’s PSK fresh. */
  readonly nonce: Uint8Array
  readonly routingId: RoutingId
  readonly tunnelServiceId: TunnelServiceId
}

/** Length of the random part of an advert, in bytes. */
export const EID_NONCE_BYTES = 10

const RESERVED = 0
const NONCE_OFFSET = 1
const ROUTING_ID_OFFSET = NONCE_OFFSET + EID_NONCE_BYTES
const TUNNEL_SERVICE_OFFSET = ROUTING_ID_OFFSET + ROUTING_ID_BYTES

/**
 * Writes the 16-byte plaintext of an advert.
 * @throws UsageError `argument-invalid` unless the nonce has 10 bytes.
 *
 * @example
 * const plaintext = encodeEid({ nonce: random.bytes(10), routingId: routingId(bytes), tunnelServiceId: tunnelServiceId(0) })
 */
export function encodeEid(fields: EidFields): Eid {
  const { nonce } = fields
  requireBytes('nonce', nonce, EID_NONCE_BYTES)
  const tunnelService = encodeU16LE(fields.tunnelServiceId)
  return eid(concatBytes(Uint8Array.of(RESERVED), nonce, fields.routingId, tunnelService))
}

/**
 * Reads the 16-byte plaintext of an advert.
 * @throws DecodeError `advert-malformed` when the reserved byte is not 0, `tunnel-service-unassigned` for identifiers
 * 2 to 255.
 *
 * @example
 * const { routingId, tunnelServiceId } = decodeEid(eid(bytes))
 */
export function decodeEid(plaintext: Eid): EidFields {
  if (!hasReservedByte(plaintext)) {
    throw new DecodeError('advert-malformed', 'the reserved byte of the advert must be 0')
  }
  const copy = Uint8Array.from(plaintext)
  return {
    nonce: copy.slice(NONCE_OFFSET, ROUTING_ID_OFFSET),
    routingId: routingId(copy.slice(ROUTING_ID_OFFSET, TUNNEL_SERVICE_OFFSET)),
    tunnelServiceId: tunnelServiceId(readU16LE(plaintext, TUNNEL_SERVICE_OFFSET)),
  }
}

/**
 * Whether the plaintext has 16 bytes, and its first, the reserved byte, is 0.
 *
 * @example
 * hasReservedByte(new Uint8Array(16)) // true
 */
export function hasReservedByte(plaintext: Uint8Array): boolean {
  return plaintext.length === EID_BYTES && plaintext[0] === RESERVED
}
