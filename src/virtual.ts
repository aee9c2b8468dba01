/**
 * The software authenticator behind the phone role. Runs anywhere; the file store is part of `fido-hybrid/node`.
 * @module
 */
export { MemoryCredentialStore } from './adapters/stores/memory-credential-store.js'
export { MemoryPhoneIdentityStore } from './adapters/stores/memory-phone-identity-store.js'
export type { Attestation } from './virtual/attestation.js'
export type { ConnectionLimits } from './virtual/connection-limits.js'
export * from './virtual/consent.js'
export type { AccountChoice, Backup, PhoneProfile, SignCounter } from './virtual/phone-profile.js'
export { PHONE_PROFILES } from './virtual/phone-profiles.js'
export type { PhoneProfileName } from './virtual/phone-profiles.js'
export type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from './ports/credential-signals.js'
export type { DigitalKind } from './digital/protocols.js'
export type { RequiredMembers } from './virtual/refusal.js'
export type { UnconfirmedPasskey } from './virtual/passkey-care.js'
export { VirtualAuthenticator } from './virtual/virtual-authenticator.js'
export type { VirtualAuthenticatorOptions } from './virtual/virtual-authenticator.js'
export { VirtualWallet } from './virtual/virtual-wallet.js'
export type {
  VirtualWalletOptions,
  WalletBehaviour,
  WalletConsent,
  WalletConsentRequest,
  WalletCredential,
  WalletRequest,
} from './virtual/virtual-wallet.js'
export type { VirtualEvent } from './virtual/virtual-device.js'
