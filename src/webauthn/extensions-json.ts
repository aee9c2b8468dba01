import type { Base64URLString } from './credential-json.js'
import type { CredentialProtectionPolicy } from './asked-extensions.js'

/** Bytes as JSON has them, or as they are where the options never were JSON. */
export type BytesOrBase64URL = Base64URLString | ArrayBuffer | ArrayBufferView

/** Inputs of the pseudo-random function; any length. */
interface PrfValues<Bytes> {
  first: Bytes
  second?: Bytes
}

/** Inputs of extensions, with one type of bytes. */
export interface ClientInputs<Bytes> {
  /** Registration: tell whether the credential is discoverable. */
  credProps?: boolean
  /**
   * A secret of the credential’s own, 32 bytes for each input. Needs an authenticator whose getInfo lists `prf`, or
   * `hmac-secret` and PIN/UV auth protocol 1 or 2. Phones list `prf` or nothing (protocol.md 15.5). With `hmac-secret` alone
   * it is enabled at registration, and a sign-in gives no results.
   */
  prf?: {
    eval?: PrfValues<Bytes>
    /** Sign-in only: inputs by credential ID, base64url, each from allowCredentials. */
    evalByCredential?: Record<Base64URLString, PrfValues<Bytes>>
  }
  /** Bytes that the authenticator keeps with the credential. */
  largeBlob?: {
    /** Registration only: `preferred` or `required`. */
    support?: string
    /** Sign-in only. */
    read?: boolean
    /** Sign-in only, with exactly one credential in allowCredentials; up to 65536 bytes. */
    write?: Bytes
  }
  /** Registration: what the credential demands of a user before it answers (CTAP 2.2 section 12.1). */
  credentialProtectionPolicy?: CredentialProtectionPolicy
  /** Fail the registration rather than make a credential with less protection. */
  enforceCredentialProtectionPolicy?: boolean
  /** Registration: bytes to keep with the passkey (CTAP 2.2 section 12.2). Not sent, since phones keep none: the output is false. */
  credBlob?: Bytes
  /** Sign-in: read the bytes. Not sent, so the output is absent. */
  getCredBlob?: boolean
  /** Registration: ignored, since phones have no PIN whose length they could report. The output is absent. */
  minPinLength?: boolean
  /** Finished client data, for remote desktops; refused unless the client’s `allowRemoteClientData` says otherwise. */
  remoteClientDataJSON?: string
  /** Sign-in only. Ignored, because phones hold no credentials of U2F. */
  appid?: string
  /** Registration only. Ignored like `appid`. */
  appidExclude?: string
}

/** Client extensions that a relying party may ask for, as JSON; others are ignored (WebAuthn L3 section 9.3). */
export type AuthenticationExtensionsClientInputsJSON = ClientInputs<Base64URLString>

/** The same as JSON, or with bytes as they are: `create` and `get` take both. */
export type AuthenticationExtensionsClientInputs = ClientInputs<BytesOrBase64URL>

/** Outputs of the pseudo-random function: 32 bytes each. */
export interface PrfResultsJSON {
  first: Base64URLString
  second?: Base64URLString
}

/** What `prf` gave. */
export interface PrfOutputsJSON {
  /** Registration: whether the credential can do it. */
  enabled?: boolean
  results?: PrfResultsJSON
}

/** What `largeBlob` gave. */
export interface LargeBlobOutputsJSON {
  /** Registration: whether the credential can keep a blob. */
  supported?: boolean
  /** Sign-in with `read`; absent without a stored blob. */
  blob?: Base64URLString
  /** Sign-in with `write`. */
  written?: boolean
}

/** What the asked extensions gave. */
export interface AuthenticationExtensionsClientOutputs {
  credProps?: { rk?: boolean }
  /**
   * At run time with `results` as WebAuthn L3 writes them in JSON: base64url. `prfResults()` reads them; the type leaves
   * them out, because `@simplewebauthn/server` declares bytes there and would not take the response.
   */
  prf?: { enabled?: boolean }
  largeBlob?: LargeBlobOutputsJSON
  /** Registration with `credBlob`: whether the bytes are kept. */
  credBlob?: boolean
  /** Where the client data came with the options. */
  remoteClientDataJSON?: boolean
}
