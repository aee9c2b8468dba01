import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { LINK_ID_BYTES, LINK_SECRET_BYTES, P256_POINT_BYTES } from '../../bytes/brands.js'
import { cborMap } from '../../cbor/value.js'
import type { CborMap } from '../../cbor/value.js'

/** Keys of the linking map (protocol.md 12.1): written here without the checks of the codec. */
const KEY = { contactId: 1, linkId: 2, linkSecret: 3, publicKey: 4, name: 5, signature: 6 } as const
const SIGNATURE_BYTES = 32
const UNCOMPRESSED = 4

/** 65 bytes that are not a point of P-256. */
export const NO_POINT: Uint8Array = new Uint8Array(P256_POINT_BYTES).with(0, UNCOMPRESSED)
/** Of the right length, and made with no key. */
export const FOREIGN_SIGNATURE: Uint8Array = new Uint8Array(SIGNATURE_BYTES).fill(1)

/** A linking map of the right form, but for what is given; without a signature that could be right. */
export function linkingMap(
  wrong: Partial<Record<'contactId' | 'publicKey' | 'signature', Uint8Array>>,
): CborMap {
  const { contactId, publicKey, signature } = wrong
  return cborMap([
    [KEY.contactId, contactId ?? Uint8Array.of(1)],
    [KEY.linkId, new Uint8Array(LINK_ID_BYTES)],
    [KEY.linkSecret, new Uint8Array(LINK_SECRET_BYTES)],
    [KEY.publicKey, publicKey ?? nodeCryptoProvider.generateEcdhKey().publicKey],
    [KEY.name, 'Phone'],
    [KEY.signature, signature ?? new Uint8Array(SIGNATURE_BYTES)],
  ])
}
