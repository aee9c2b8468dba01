/** WebAuthn L3 section 5.1.10.1: the relying party does not know this passkey. */
export interface UnknownCredentialOptions {
  /** The RP ID that the passkey was made for. */
  readonly rpId: string
  /** base64url. */
  readonly credentialId: string
}

/** WebAuthn L3 section 5.1.10.2: these are all passkeys of a user that the relying party takes. */
export interface AllAcceptedCredentialsOptions {
  /** The RP ID that the passkeys were made for. */
  readonly rpId: string
  /** base64url. */
  readonly userId: string
  /** base64url. */
  readonly allAcceptedCredentialIds: readonly string[]
}

/** WebAuthn L3 section 5.1.10.3: what a user is called now. */
export interface CurrentUserDetailsOptions {
  /** The RP ID that the passkeys were made for. */
  readonly rpId: string
  /** base64url. */
  readonly userId: string
  /** The user name, such as an e-mail address. */
  readonly name: string
  /** The name that people know, such as “Ada Lovelace”. */
  readonly displayName: string
}

/** What a relying party tells the authenticator about its passkeys, outside of ceremonies (WebAuthn L3 section 5.1.10). */
export interface CredentialSignals {
  /** Removes a passkey that its relying party does not know. */
  signalUnknownCredential(options: UnknownCredentialOptions): Promise<void>
  /** Removes the passkeys of a user that the relying party does not list. */
  signalAllAcceptedCredentials(options: AllAcceptedCredentialsOptions): Promise<void>
  /** Renames a user. */
  signalCurrentUserDetails(options: CurrentUserDetailsOptions): Promise<void>
}
