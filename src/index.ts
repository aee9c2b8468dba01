/**
 * The FIDO hybrid transport in both roles. Runs in Node, browsers, workers, Deno and Bun: all I/O comes in as ports.
 * @module
 */
export { HybridAuthenticator } from './authenticator/hybrid-authenticator.js'
export type {
  HybridAuthenticatorOptions,
  ScanQrOptions,
  ServeOptions,
} from './authenticator/hybrid-authenticator.js'
export type { PhoneDataChannelOptions } from './authenticator/taken-channels.js'
export type { PhoneLink, PhoneLinkEvent, PhoneLinking } from './authenticator/phone-links.js'
export type { QrSource, QrTrust } from './authenticator/scanned-code.js'
export type { CallDropReason, LinkedCaller, ServeEvent, ServeReport } from './authenticator/serve-events.js'
export { HybridClient } from './client/hybrid-client.js'
export type {
  Account,
  CeremonyOptions,
  CeremonySettings,
  ChooseAccount,
  ConnectLimits,
  ConnectOptions,
  CtapExchange,
  HybridClientOptions,
  PhoneChoice,
} from './client/hybrid-client.js'
export type { ClientDataChannelOptions } from './client/offered-channels.js'
export { LocalClient } from './client/local-client.js'
export type { LocalCeremonyOptions, LocalClientOptions } from './client/local-client.js'
export type { SignalOrigin } from './client/signal-origin.js'
export type { DigitalCeremonyOptions } from './client/digital-ceremony.js'
export type { HybridConnection } from './client/connection.js'
export type { Qr } from './client/qr.js'
export type {
  AeadKey,
  CryptoProvider,
  EcdhKey,
  HmacKey,
  MlDsaKey,
  MlDsaParameterSet,
} from './crypto/provider.js'
export type { GetInfo } from './ctap/get-info.js'
export type { DigitalCredentialOptions } from './digital/digital-request.js'
export type { DigitalCredentialResponse } from './digital/digital-response.js'
export { contactLineOver } from './driver/contact-line.js'
export type { ContactLineOptions } from './driver/contact-line.js'
export type { ServeResult } from './driver/authenticator-driver.js'
export type { NearnessOptions } from './driver/nearness.js'
export type { ProgressEvent, ProgressListener } from './driver/progress.js'
export * from './errors.js'
export type * from './webauthn/authentication-json.js'
export type * from './webauthn/credential-json.js'
export type * from './webauthn/extensions-json.js'
export type * from './webauthn/registration-json.js'
export * from './ports/ble.js'
export type * from './ports/clock.js'
export type * from './ports/contact-line.js'
export type * from './ports/data-channel.js'
export type { DataChannelChoice, DataChannelName } from './qr/data-channel.js'
export type { Framing } from './framing/stream-framer.js'
export type * from './ports/credential-store.js'
export type * from './ports/credential-signals.js'
export type * from './ports/ctap-handler.js'
export type * from './ports/finding.js'
export type * from './ports/link-store.js'
export type * from './ports/phone-identity-store.js'
export type * from './ports/qr-painter.js'
export type * from './ports/tunnel-dialer.js'
export type { JsonObject, JsonValue } from './message/json.js'
export { DEFAULT_TIMEOUTS } from './session/position.js'
export type { Timeouts } from './session/position.js'
export { assertCreationOptions, assertRequestOptions } from './client/ceremony.js'
export type { CeremonyOrigin } from './webauthn/ceremony-origin.js'
export type { ClientCapabilities } from './webauthn/client-capabilities.js'
export { prfResults } from './webauthn/prf-results.js'
export type { PrfResults } from './webauthn/prf-results.js'
export { publicSuffixList } from './webauthn/public-suffix-list.js'
export type { PublicSuffix, PublicSuffixes } from './webauthn/public-suffixes.js'
export type { DocumentRequest, FetchDocument, FetchedDocument } from './webauthn/related-origins.js'
export type { ByteStream, ByteStreamReader } from './webauthn/byte-stream.js'
export type { WebAuthnErrorName } from './webauthn/error-name.js'
export { WebAuthnError } from './webauthn/webauthn-error.js'
