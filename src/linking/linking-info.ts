import {
  LINK_ID_BYTES,
  LINK_SECRET_BYTES,
  P256_POINT_BYTES,
  contactId,
  linkId,
  linkSecret,
} from '../bytes/brands.js'
import type { ContactId, LinkId, LinkSecret, P256Point } from '../bytes/brands.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { boolean, bytes, mapReader, text } from '../cbor/map-reader.js'
import type { CborMap } from '../cbor/value.js'
import { decodeUncompressedPoint } from '../crypto/point.js'
import { redacting } from '../crypto/redacted.js'
import { DecodeError } from '../errors.js'

/** Keys of the linking map (protocol.md 12.1). */
const KEYS = {
  contactId: 1,
  linkId: 2,
  linkSecret: 3,
  publicKey: 4,
  name: 5,
  signature: 6,
  playServicesMark: 999,
} as const

const CONTACT_ID_LENGTH = { min: 1, max: 1024 }
const LINK_SIGNATURE_BYTES = 32
const NAME_MAX_LETTERS = 256

/** What a phone tells a client so that the next transaction needs no QR code. `linkSecret` is secret. */
export interface LinkingInfo {
  readonly contactId: ContactId
  readonly linkId: LinkId
  readonly linkSecret: LinkSecret
  /** The phone’s long-term key. */
  readonly publicKey: P256Point
  /** The phone’s name, for display; at most 256 letters. */
  readonly name: string
  /** 32 bytes, unchecked; `verifyLink` checks it. */
  readonly signature: Uint8Array
  /** A mark that newer Play services set (key 999). Clients keep it, and nothing here depends on it. */
  readonly playServicesMark?: boolean | undefined
}

/**
 * Writes the linking map of an update message.
 *
 * @example
 * const ids = { contactId: contactId(bytes), linkId: linkId(bytes), linkSecret: linkSecret(bytes) }
 * const map = encodeLinkingInfo({ ...ids, publicKey, name: 'Pixel 9', signature: bytes })
 */
export function encodeLinkingInfo(info: LinkingInfo): CborMap {
  return keyedMap(KEYS, info)
}

/**
 * Reads a linking map. Sizes and the point are checked, unknown members are ignored, the signature is not verified.
 * @throws DecodeError `linking-malformed`.
 *
 * @example
 * const message = decodeMessage(bytes)
 * if (message.type === 'update' && message.linking !== undefined) console.log(decodeLinkingInfo(message.linking).name)
 */
export function decodeLinkingInfo(map: CborMap): LinkingInfo {
  const reader = mapReader(map, 'linking map', 'linking-malformed', KEYS)
  const info: LinkingInfo = {
    contactId: contactId(reader.required('contactId', bytes(CONTACT_ID_LENGTH))),
    linkId: linkId(reader.required('linkId', bytes(LINK_ID_BYTES))),
    linkSecret: linkSecret(reader.required('linkSecret', bytes(LINK_SECRET_BYTES))),
    publicKey: decodeKey(reader.required('publicKey', bytes(P256_POINT_BYTES))),
    name: decodeName(reader.required('name', text)),
    signature: reader.required('signature', bytes(LINK_SIGNATURE_BYTES)),
    playServicesMark: reader.tolerated('playServicesMark', boolean),
  }
  return redacting(info, ['linkSecret'])
}

function decodeName(name: string): string {
  if (name.length <= NAME_MAX_LETTERS) return name
  throw new DecodeError('linking-malformed', `linking map: name has more than ${NAME_MAX_LETTERS} letters`)
}

function decodeKey(point: Uint8Array): P256Point {
  try {
    return decodeUncompressedPoint(point)
  } catch (cause) {
    throw new DecodeError('linking-malformed', 'linking map: publicKey is not a point of P-256', { cause })
  }
}
