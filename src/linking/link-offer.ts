import { HANDSHAKE_HASH_BYTES } from '../bytes/brands.js'
import type { ContactId, HandshakeHash, LinkId, LinkSecret, P256Point } from '../bytes/brands.js'
import { requireBytes } from '../bytes/require-bytes.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { redacting } from '../crypto/redacted.js'
import { DecodeError } from '../errors.js'
import { decodeLinkingInfo, encodeLinkingInfo } from './linking-info.js'
import type { LinkingInfo } from './linking-info.js'
import { signLink, verifyLink } from './link-signature.js'

/** The link that a phone offers. It is signed later, for one session. `linkSecret` is secret. */
export interface LinkOffer {
  readonly contactId: ContactId
  readonly linkId: LinkId
  readonly linkSecret: LinkSecret
  /** The phone’s name, for display. */
  readonly name: string
  /** The phone’s long-term key pair. */
  readonly identity: EcdhKey
}

/**
 * The linking map of an offer, signed for one session.
 * @throws UsageError `argument-invalid` unless the hash has 32 bytes.
 *
 * @example
 * const offer = { contactId: contactId(bytes), linkId: linkId(bytes), linkSecret: linkSecret(bytes), name: 'Pixel 9', identity }
 * const linking = sealLink(crypto, offer, publicKey, traffic.handshakeHash)
 * send(traffic.seal(encodeMessage({ type: 'update', linking }, { padUpdate: true })))
 */
export function sealLink(
  crypto: CryptoProvider,
  offer: LinkOffer,
  clientKey: P256Point,
  handshakeHash: HandshakeHash,
): CborMap {
  const { identity, ...info } = offer
  const signature = signLink(crypto, identity, clientKey, handshakeHash)
  return encodeLinkingInfo({ ...info, publicKey: identity.publicKey, signature })
}

/**
 * Reads a linking map with all its checks: sizes, point, signature (protocol.md 12.1).
 * @throws DecodeError `linking-malformed`; UsageError `argument-invalid` unless the hash has 32 bytes.
 *
 * @example
 * const message = decodeMessage(traffic.open(await receive()))
 * if (message.type === 'update' && message.linking !== undefined)
 *   console.log(openLink(crypto, identity, message.linking, traffic.handshakeHash).name)
 */
export function openLink(
  crypto: CryptoProvider,
  clientKey: EcdhKey,
  map: CborMap,
  handshakeHash: HandshakeHash,
): Omit<LinkingInfo, 'signature'> {
  requireBytes('handshakeHash', handshakeHash, HANDSHAKE_HASH_BYTES)
  const { signature, ...info } = decodeLinkingInfo(map)
  const { publicKey } = info
  if (verifyLink(crypto, clientKey, { publicKey, signature }, handshakeHash)) {
    return redacting(info, ['linkSecret'])
  }
  throw new DecodeError('linking-malformed', 'linking map: the signature is not of this key and session')
}
