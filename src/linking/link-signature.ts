import { HANDSHAKE_HASH_BYTES, P256_POINT_BYTES } from '../bytes/brands.js'
import type { HandshakeHash, P256Point } from '../bytes/brands.js'
import { equalBytes, wipeBytes } from '../bytes/bytes.js'
import { requireBytes } from '../bytes/require-bytes.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import type { LinkingInfo } from './linking-info.js'

/**
 * The signature that proves to the client, for this session, that the phone holds its long-term key: 32 bytes, the
 * HMAC-SHA256 of the
 * handshake hash. Its key is the ECDH of the phone’s long-term key and the client’s key of the QR code (protocol.md 12.1).
 * @throws UsageError `argument-invalid` unless the hash has 32 bytes.
 *
 * @example
 * const signature = signLink(crypto, identity, publicKey, traffic.handshakeHash)
 */
export function signLink(
  crypto: CryptoProvider,
  identity: EcdhKey,
  clientKey: P256Point,
  handshakeHash: HandshakeHash,
): Uint8Array {
  return signature(crypto, identity, clientKey, handshakeHash)
}

/**
 * Whether the phone that made this handshake holds the key of `info`; compared in constant time.
 * @throws UsageError `argument-invalid` unless the hash has 32 bytes.
 *
 * @example
 * const message = decodeMessage(traffic.open(await receive()))
 * if (message.type === 'update' && message.linking !== undefined)
 *   console.log(verifyLink(crypto, identity, decodeLinkingInfo(message.linking), traffic.handshakeHash))
 */
export function verifyLink(
  crypto: CryptoProvider,
  clientKey: EcdhKey,
  info: Pick<LinkingInfo, 'publicKey' | 'signature'>,
  handshakeHash: HandshakeHash,
): boolean {
  return equalBytes(signature(crypto, clientKey, info.publicKey, handshakeHash), info.signature)
}

function signature(
  crypto: CryptoProvider,
  own: EcdhKey,
  other: P256Point,
  handshakeHash: HandshakeHash,
): Uint8Array {
  requireBytes('publicKey', other, P256_POINT_BYTES)
  requireBytes('handshakeHash', handshakeHash, HANDSHAKE_HASH_BYTES)
  const shared = own.sharedSecret(other)
  const mac = crypto.hmacSha256(shared, handshakeHash)
  wipeBytes(shared)
  return mac
}
