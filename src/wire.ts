/**
 * The codecs: everything that goes over the QR code, the air and the tunnel.
 * @module
 */
export * from './advert/advert-key.js'
export * from './advert/eid.js'
export * from './advert/sealed-advert.js'
export * from './advert/service-data.js'
export { decodeSuffix, encodeSuffix } from './advert/suffix.js'
export type { AdvertSuffix } from './advert/suffix.js'
export * from './bytes/base64url.js'
export * from './bytes/brands.js'
export * from './bytes/hex.js'
export * from './cbor/cbor.js'
export type { CborLimits } from './cbor/limits.js'
export * from './cbor/value.js'
export * from './crypto/derive.js'
export { nobleProvider } from './crypto/noble-provider.js'
export type {
  AeadKey,
  CryptoProvider,
  EcdhKey,
  HmacKey,
  MlDsaKey,
  MlDsaParameterSet,
} from './crypto/provider.js'
export * from './ctap/authenticator-data.js'
export * from './ctap/commands.js'
export * from './ctap/cose-key.js'
export type { CredentialDescriptor } from './ctap/credential-descriptor.js'
export * from './ctap/get-assertion.js'
export * from './ctap/get-info.js'
export * from './ctap/make-credential.js'
export * from './ctap/status.js'
export type { UserEntity } from './ctap/user-entity.js'
export * from './framing/stream-framer.js'
export { padMessage, unpadMessage } from './handshake/padding.js'
export * from './linking/link-offer.js'
export * from './linking/link-signature.js'
export * from './linking/linking-info.js'
export * from './message/json.js'
export * from './message/message.js'
export * from './message/post-handshake.js'
export * from './qr/digits.js'
export * from './qr/payload.js'
export { carriedFor } from './qr/request-type.js'
export type { Carried } from './qr/request-type.js'
export * from './qr/url.js'
export * from './tunnel/client-payload.js'
export * from './tunnel/contact-frames.js'
export type * from './tunnel/linked-call.js'
export * from './tunnel/domain.js'
export * from './tunnel/headers.js'
export * from './tunnel/path.js'
export * from './tunnel/url.js'
