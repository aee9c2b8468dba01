import {
  LINK_ID_BYTES,
  LINK_SECRET_BYTES,
  P256_POINT_BYTES,
  contactId,
  linkId,
  linkSecret,
} from '../bytes/brands.js'
import type { ContactId, LinkId, LinkSecret, P256Point } from '../bytes/brands.js'
import { mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
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

/** What a phone tells a client so that the next transaction needs no QR code. The link secret is a secret. */
export interface LinkingInfo {
  readonly contactId: ContactId
  readonly linkId: LinkId
  readonly linkSecret: LinkSecret
  /** The phone’s long-term key. */
  readonly publicKey: P256Point
  /** The phone’s name, for display; at most 256 letters. */
  readonly name: string
  /** 32 bytes; `verifyLink` has the last word. */
  readonly signature: Uint8Array
  /** A mark that newer Play services set. */
  readonly playServicesMark?: boolean
}

/** Writes the linking map of an update message. */
export function encodeLinkingInfo(info: LinkingInfo): CborMap {
  return cborMap([
    [KEYS.contactId, info.contactId],
    [KEYS.linkId, info.linkId],
    [KEYS.linkSecret, info.linkSecret],
    [KEYS.publicKey, info.publicKey],
    [KEYS.name, info.name],
    [KEYS.signature, info.signature],
    [KEYS.playServicesMark, info.playServicesMark],
  ])
}

/**
 * Reads a linking map, all sizes and the point checked, unknown members ignored. The signature is not verified.
 * @throws DecodeError `linking-malformed`.
 */
export function decodeLinkingInfo(crypto: CryptoProvider, map: CborMap): LinkingInfo {
  const reader = mapReader(map, 'linking map', 'linking-malformed')
  const mark = map.get(KEYS.playServicesMark)
  const info: LinkingInfo = {
    contactId: contactId(reader.bytes(KEYS.contactId, 'contact ID', CONTACT_ID_LENGTH)),
    linkId: linkId(reader.bytes(KEYS.linkId, 'link ID', LINK_ID_BYTES)),
    linkSecret: linkSecret(reader.bytes(KEYS.linkSecret, 'link secret', LINK_SECRET_BYTES)),
    publicKey: decodeKey(crypto, reader.bytes(KEYS.publicKey, 'public key', P256_POINT_BYTES)),
    name: decodeName(reader.text(KEYS.name, 'name')),
    signature: reader.bytes(KEYS.signature, 'signature', LINK_SIGNATURE_BYTES),
    ...(typeof mark === 'boolean' ? { playServicesMark: mark } : {}),
  }
  return redacting(info, ['linkSecret'])
}

function decodeName(text: string): string {
  if (text.length <= NAME_MAX_LETTERS) return text
  throw new DecodeError('linking-malformed', `linking map: name has more than ${NAME_MAX_LETTERS} letters`)
}

function decodeKey(crypto: CryptoProvider, bytes: Uint8Array): P256Point {
  try {
    return crypto.decodePoint(bytes)
  } catch (cause) {
    throw new DecodeError('linking-malformed', 'linking map: public key is not a point of P-256', { cause })
  }
}
