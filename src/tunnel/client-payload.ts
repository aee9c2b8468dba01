import { clientNonce, CLIENT_NONCE_BYTES, linkId, LINK_ID_BYTES } from '../bytes/brands.js'
import type { ClientNonce, LinkId } from '../bytes/brands.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import { DecodeError } from '../errors.js'

/** What a client tells a linked phone by way of the tunnel service (protocol.md 13). */
export interface ClientPayload {
  readonly linkId: LinkId
  readonly clientNonce: ClientNonce
  /** Sign-in or registration. */
  readonly requestType: 'ga' | 'mc'
}

/** Longest that a tunnel service passes on, unread; ours are 35 bytes. */
export const CLIENT_PAYLOAD_MAX_BYTES = 1024

const KEY = { linkId: 1, clientNonce: 2, requestType: 3 } as const

/** Writes the CBOR map of the client payload. */
export function encodeClientPayload(payload: ClientPayload): Uint8Array {
  return encodeCbor(
    cborMap([
      [KEY.linkId, payload.linkId],
      [KEY.clientNonce, payload.clientNonce],
      [KEY.requestType, payload.requestType],
    ]),
  )
}

/**
 * Reads the CBOR map of the client payload; unknown keys are ignored.
 * @throws DecodeError `client-payload-malformed`, or a `cbor-` code when the bytes are no canonical CBOR.
 */
export function decodeClientPayload(bytes: Uint8Array): ClientPayload {
  const reader = mapReader(decodeCbor(bytes), 'client payload', 'client-payload-malformed')
  return {
    linkId: linkId(reader.bytes(KEY.linkId, 'link ID', LINK_ID_BYTES)),
    clientNonce: clientNonce(reader.bytes(KEY.clientNonce, 'client nonce', CLIENT_NONCE_BYTES)),
    requestType: requestType(reader.text(KEY.requestType, 'request type')),
  }
}

function requestType(text: string): 'ga' | 'mc' {
  if (text === 'ga' || text === 'mc') return text
  throw new DecodeError('client-payload-malformed', 'client payload: request type is neither ga nor mc')
}
