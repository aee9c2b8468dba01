/** Bytes as base64url without padding. */
export type Base64URLString = string

/** A known word, or one of a later specification, which is ignored (WebAuthn L3 section 2.1.1). */
export type OrOther<Word extends string> = Word | (string & Record<never, never>)

/** Whether the relying party wants the user verified. */
export type UserVerificationRequirement = 'discouraged' | 'preferred' | 'required'

/** How a client reaches an authenticator. `cable` is the old word for `hybrid`. */
export type AuthenticatorTransport = 'ble' | 'hybrid' | 'internal' | 'nfc' | 'smart-card' | 'usb'

/** Which kind of authenticator the relying party expects its user to take. */
export type PublicKeyCredentialHint = 'hybrid' | 'security-key' | 'client-device'

/** Names one credential (WebAuthn L3 section 5.8.3). */
export interface PublicKeyCredentialDescriptorJSON {
  id: Base64URLString
  /** `public-key`; a descriptor with another type is ignored. */
  type: string
  transports?: string[]
}

/** Whether the authenticator is part of the client’s device (WebAuthn L3 section 5.4.5). */
export type AuthenticatorAttachment = 'cross-platform' | 'platform'
