import {
  CLIENT_NONCE_BYTES,
  EID_BYTES,
  EID_KEY_BYTES,
  LINK_ID_BYTES,
  LINK_SECRET_BYTES,
  PSK_BYTES,
  ROOT_SECRET_BYTES,
  TUNNEL_ID_BYTES,
  contactId,
  eidKey,
  linkSecret,
  psk,
  tunnelId,
} from '../bytes/brands.js'
import type {
  ClientNonce,
  ContactId,
  Eid,
  EidKey,
  LinkId,
  LinkSecret,
  Psk,
  QrSecret,
  LineKey,
  RootSecret,
  TunnelId,
} from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { encodeU32LE } from '../bytes/endian.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import { requireBytes } from '../bytes/require-bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { hkdfExpand, hkdfExtract } from './hkdf.js'
import { P256 } from './p256.js'
import type { CryptoProvider } from './provider.js'

const EMPTY = new Uint8Array()
const CONTACT_SECRET_BYTES = 32
const IDENTITY_SEED_BYTES = 32

/** What can be derived. */
export type Derivation = 'eid-key' | 'tunnel-id' | 'psk' | 'link-secret' | 'identity-seed' | 'contact-secret'

/** Each derivation’s number in the HKDF info and its length in bytes (protocol.md 4.1). */
export const DERIVATIONS: Readonly<Record<Derivation, { readonly type: number; readonly bytes: number }>> = {
  'eid-key': { type: 1, bytes: EID_KEY_BYTES },
  'tunnel-id': { type: 2, bytes: TUNNEL_ID_BYTES },
  psk: { type: 3, bytes: PSK_BYTES },
  'link-secret': { type: 4, bytes: LINK_SECRET_BYTES },
  'identity-seed': { type: 5, bytes: IDENTITY_SEED_BYTES },
  'contact-secret': { type: 6, bytes: CONTACT_SECRET_BYTES },
}

/**
 * HKDF-SHA256 as the hybrid transport uses it (protocol.md 4.1): the info is the derivation’s number as u32 LE.
 * @param secret the input key material, of any length.
 * @param salt empty unless given.
 * @returns as many bytes as `DERIVATIONS` says.
 *
 * @example
 * const key = derive(crypto, 'eid-key', secret) // 64 bytes
 */
export function derive(
  crypto: CryptoProvider,
  derivation: Derivation,
  secret: Uint8Array,
  salt: Uint8Array = EMPTY,
): Uint8Array {
  const { type, bytes } = DERIVATIONS[derivation]
  return hkdf(crypto, secret, salt, encodeU32LE(type), bytes)
}

/**
 * The key of the advert; state-assisted transactions salt it with the client nonce.
 * @throws UsageError `argument-invalid` unless the nonce has 16 bytes.
 *
 * @example
 * const plaintext = openAdvert(crypto, deriveEidKey(crypto, secret), serviceData)
 */
export function deriveEidKey(
  crypto: CryptoProvider,
  secret: QrSecret | LinkSecret,
  clientNonce?: ClientNonce,
): EidKey {
  if (clientNonce !== undefined) requireBytes('clientNonce', clientNonce, CLIENT_NONCE_BYTES)
  return eidKey(derive(crypto, 'eid-key', secret, clientNonce))
}

/**
 * The name of the tunnel that belongs to a QR code.
 *
 * @example
 * const url = newTunnelUrl('wss://cable.ua5v.com', deriveTunnelId(crypto, secret))
 */
export function deriveTunnelId(crypto: CryptoProvider, secret: QrSecret): TunnelId {
  return tunnelId(derive(crypto, 'tunnel-id', secret))
}

/**
 * The PSK of the handshake, salted with the whole plaintext of the advert: it proves that the advert was heard.
 * @throws UsageError `argument-invalid` unless the plaintext has 16 bytes.
 *
 * @example
 * const plaintext = openAdvert(crypto, deriveEidKey(crypto, secret), serviceData)
 * if (plaintext !== undefined) console.log(derivePsk(crypto, secret, plaintext).length) // 32
 */
export function derivePsk(crypto: CryptoProvider, secret: QrSecret | LinkSecret, eid: Eid): Psk {
  requireBytes('eid', eid, EID_BYTES)
  return psk(derive(crypto, 'psk', secret, eid))
}

/**
 * The contact ID that belongs to a line key: its SHA-256, so that the contact ID does not reveal the key.
 *
 * @example
 * const contact = deriveContactId(crypto, lineKey(random.bytes(32)))
 */
export function deriveContactId(crypto: Pick<CryptoProvider, 'sha256'>, lineKey: LineKey): ContactId {
  return contactId(crypto.sha256(lineKey))
}

/**
 * A phone’s secret for one contact ID: 32 bytes (protocol.md 12.3).
 * @throws UsageError `argument-invalid` unless the root secret has 32 bytes.
 *
 * @example
 * const contactSecret = deriveContactSecret(crypto, rootSecret(bytes), contactId(bytes))
 */
export function deriveContactSecret(
  crypto: CryptoProvider,
  root: RootSecret,
  contactId: ContactId,
): Uint8Array {
  requireBytes('root', root, ROOT_SECRET_BYTES)
  return derive(crypto, 'contact-secret', root, contactId)
}

/**
 * The secret of one link, from the contact secret, or from the root secret for synced phones.
 * @throws UsageError `argument-invalid` unless the link ID has 8 bytes.
 *
 * @example
 * const contactSecret = deriveContactSecret(crypto, rootSecret(bytes), contactId(bytes))
 * const shared = deriveLinkSecret(crypto, contactSecret, linkId(random.bytes(8)))
 */
export function deriveLinkSecret(crypto: CryptoProvider, secret: Uint8Array, linkId: LinkId): LinkSecret {
  requireBytes('linkId', linkId, LINK_ID_BYTES)
  return linkSecret(derive(crypto, 'link-secret', secret, linkId))
}

/**
 * The seed of a phone’s long-term key pair: 32 bytes, for `privateKeyFromSeed`.
 *
 * @example
 * const seed = deriveIdentitySeed(crypto, rootSecret(bytes))
 * const longTerm = crypto.importEcdhKey(privateKeyFromSeed(crypto, seed))
 */
export function deriveIdentitySeed(crypto: CryptoProvider, root: RootSecret): Uint8Array {
  return derive(crypto, 'identity-seed', root)
}

const SEED_INFO = /* @__PURE__ */ encodeUtf8('derive EC key P-256')
const SEED_OUTPUT_BYTES = 48
const SCALAR_DIGITS = 64

/**
 * A P-256 private key (32 bytes) from a seed of any length, as Chromium makes it (protocol.md 4.3).
 *
 * @example
 * const key = crypto.importEcdhKey(privateKeyFromSeed(crypto, bytes))
 */
export function privateKeyFromSeed(crypto: CryptoProvider, seed: Uint8Array): Uint8Array {
  const wide = hkdf(crypto, seed, EMPTY, SEED_INFO, SEED_OUTPUT_BYTES)
  const scalar = BigInt(`0x${encodeHex(wide)}`) % P256.n
  wipeBytes(wide)
  return decodeHex(scalar.toString(16).padStart(SCALAR_DIGITS, '0'))
}

function hkdf(
  crypto: CryptoProvider,
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const pseudorandomKey = hkdfExtract(crypto, salt, secret)
  const output = hkdfExpand(crypto, pseudorandomKey, info, length)
  wipeBytes(pseudorandomKey)
  return output
}
