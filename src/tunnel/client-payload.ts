import { clientNonce, CLIENT_NONCE_BYTES, linkId, LINK_ID_BYTES } from '../bytes/brands.js'
import type { ClientNonce, LinkId } from '../bytes/brands.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { bytes, mapReader, text } from '../cbor/map-reader.js'
import { DecodeError } from '../errors.js'

/** What a client tells a linked phone through the tunnel service (protocol.md 13). */
export interface ClientPayload {
  readonly linkId: LinkId
  readonly clientNonce: ClientNonce
  /** Sign-in or registration. */
  readonly requestType: 'ga' | 'mc'
}

/** The longest payload that our tunnel service passes on, in bytes. Our clients send 35. */
export const CLIENT_PAYLOAD_MAX_BYTES = 1024

const KEY = { linkId: 1, clientNonce: 2, requestType: 3 } as const

/**
 * Writes the CBOR map of the client payload.
 *
 * @example
 * const payload = encodeClientPayload({ linkId: linkId(bytes), clientNonce: nonce, requestType: 'ga' })
 */
export function encodeClientPayload(payload: ClientPayload): Uint8Array {
  return encodeCbor(keyedMap(KEY, payload))
}

/**
 * Reads the CBOR map of the client payload; unknown keys are ignored.
 * @throws DecodeError `client-payload-malformed`, or a `cbor-` code when the bytes are not canonical CBOR.
 *
 * @example
 * const { requestType } = decodeClientPayload(bytes)
 */
export function decodeClientPayload(encoded: Uint8Array): ClientPayload {
  const reader = mapReader(decodeCbor(encoded), 'client payload', 'client-payload-malformed', KEY)
  return {
    linkId: linkId(reader.required('linkId', bytes(LINK_ID_BYTES))),
    clientNonce: clientNonce(reader.required('clientNonce', bytes(CLIENT_NONCE_BYTES))),
    requestType: requestType(reader.required('requestType', text)),
  }
}

function requestType(word: string): 'ga' | 'mc' {
  if (word === 'ga' || word === 'mc') return word
  throw new DecodeError('client-payload-malformed', 'client payload: the request type must be ga or mc')
}
