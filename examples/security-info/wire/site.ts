/** What the site tells its pages, as JSON. Times are wall-clock milliseconds since 1970, IDs are base64url. */

export interface PasskeyView {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  /** Undefined until the first sign-in with it. */
  readonly lastUsedAt?: number
  /** Name of the authenticator that keeps the passkey, found by its AAGUID. */
  readonly authenticator: string
  /** Synced passkeys survive the loss of their device; `syncable` ones are not yet copied. */
  readonly sync: 'synced' | 'syncable' | 'device-bound'
  readonly transports: readonly string[]
}

export interface AccountView {
  readonly userName: string
  readonly displayName: string
  readonly isAdministrator: boolean
  readonly passwordSetAt: number
  readonly passkeys: readonly PasskeyView[]
}

export interface KnownAuthenticator {
  /** Lower-case, with hyphens. */
  readonly aaguid: string
  readonly name: string
}

/** Which authenticators may be registered. */
export interface Policy {
  /** False: all may. */
  readonly isRestricted: boolean
  readonly allowed: readonly string[]
}

export interface PolicyView extends Policy {
  readonly known: readonly KnownAuthenticator[]
}

/** Why a request was turned down. */
export interface ProblemView {
  readonly code: string
  readonly message: string
  /** The passkey that this is about: the site does not know it, and its device is to forget it. */
  readonly credentialId?: string
  readonly authenticator?: string
  /** The RP ID, for the WebAuthn signal methods. */
  readonly rpId?: string
}

/** What the signed-in user has shown. */
export interface SessionView {
  /** Whether two factors were shown a short while ago; a sign-in method is added only then. */
  readonly isProven: boolean
}
