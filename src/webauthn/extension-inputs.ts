import {
  boolean,
  defaulted,
  dictionary,
  domString,
  optional,
  record,
  required,
  usvString,
} from './web-idl.js'
import type { ByteBounds, Conversion } from './web-idl.js'

/** One or two inputs of `prf`, not yet hashed. */
export interface PrfValues {
  readonly first: Uint8Array
  readonly second: Uint8Array | undefined
}

/** `AuthenticationExtensionsPRFInputsJSON` (WebAuthn L3 section 10.1.4). */
export interface PrfMembers {
  readonly eval: PrfValues | undefined
  readonly evalByCredential: ReadonlyMap<string, PrfValues> | undefined
}

/** `AuthenticationExtensionsLargeBlobInputsJSON` (WebAuthn L3 section 10.1.5). */
export interface LargeBlobMembers {
  readonly support: string | undefined
  readonly read: boolean | undefined
  readonly write: Uint8Array | undefined
}

/** `AuthenticationExtensionsClientInputsJSON`, as far as it is known here; the rest is ignored (WebAuthn L3 section 9.3). */
export interface ExtensionMembers {
  readonly credProps: boolean | undefined
  readonly prf: PrfMembers | undefined
  readonly largeBlob: LargeBlobMembers | undefined
  /** CTAP 2.2 section 12.1. */
  readonly credentialProtectionPolicy: string | undefined
  readonly enforceCredentialProtectionPolicy: boolean
  /** CTAP 2.2 section 12.2. */
  readonly credBlob: Uint8Array | undefined
  readonly getCredBlob: boolean | undefined
  readonly minPinLength: boolean | undefined
  readonly remoteClientDataJSON: string | undefined
  readonly appid: string | undefined
  readonly appidExclude: string | undefined
}

/** Longest list of credentials that options may hold. */
export const CREDENTIALS_MAX = 256
/** Bytes of one input of `prf`; it is hashed before it leaves, so the specification has no limit of its own. */
const PRF_INPUT_BYTES = { min: 0, max: 65_536 } as const
/** Bytes of a blob, either way. */
export const BLOB_BYTES = { min: 0, max: 65_536 } as const

/** What a relying party may ask of extensions. @param bytes as these are given. */
export function extensionInputs(
  bytes: (bounds: ByteBounds) => Conversion<Uint8Array>,
): Conversion<ExtensionMembers> {
  const prfValues = dictionary({
    first: required(bytes(PRF_INPUT_BYTES)),
    second: optional(bytes(PRF_INPUT_BYTES)),
  })
  return dictionary({
    credProps: optional(boolean),
    prf: optional(
      dictionary({
        eval: optional(prfValues),
        evalByCredential: optional(record(prfValues, CREDENTIALS_MAX)),
      }),
    ),
    largeBlob: optional(
      dictionary({
        support: optional(domString),
        read: optional(boolean),
        write: optional(bytes(BLOB_BYTES)),
      }),
    ),
    credentialProtectionPolicy: optional(domString),
    enforceCredentialProtectionPolicy: defaulted(boolean, false),
    credBlob: optional(bytes(BLOB_BYTES)),
    getCredBlob: optional(boolean),
    minPinLength: optional(boolean),
    remoteClientDataJSON: optional(usvString),
    appid: optional(usvString),
    appidExclude: optional(usvString),
  })
}
