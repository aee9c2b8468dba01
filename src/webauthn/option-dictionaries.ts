import { CREDENTIAL_ID_MAX_BYTES } from '../ctap/authenticator-data.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { CredentialParameters } from '../ctap/make-credential.js'
import { CREDENTIALS_MAX, extensionInputs } from './extension-inputs.js'
import type { ExtensionMembers } from './extension-inputs.js'
import {
  base64url,
  boolean,
  bufferSource,
  bufferSourceOrText,
  defaulted,
  dictionary,
  domString,
  long,
  optional,
  required,
  sequence,
  unsignedLong,
  usvString,
} from './web-idl.js'
import type { ByteBounds, Conversion } from './web-idl.js'

// The dictionaries of WebAuthn L3 sections 5.4, 5.5, 5.8.3, 5.1.9 and 5.1.10. Words stay as they were given. Names go to the
// phone as UTF-8, so they are made well-formed.

/** WebAuthn L3 section 5.4.3. */
const USER_ID_BYTES = { min: 1, max: 64 } as const
/** Bytes of a challenge: relying parties may put signed values into it, and browsers take an empty one. */
const CHALLENGE_BYTES = { min: 0, max: 16_384 } as const
const CREDENTIAL_ID_BYTES = { min: 0, max: CREDENTIAL_ID_MAX_BYTES } as const
/** Many more than there are algorithms. */
const PARAMETERS_MAX = 1024
/** Longest list of words, such as hints. */
const WORDS_MAX = 64

/** `PublicKeyCredentialDescriptor`. */
interface DescriptorMembers extends CredentialDescriptor {
  readonly transports: readonly string[] | undefined
}

/** `AuthenticatorSelectionCriteria`. */
interface SelectionMembers {
  readonly authenticatorAttachment: string | undefined
  readonly residentKey: string | undefined
  readonly requireResidentKey: boolean
  readonly userVerification: string | undefined
}

/** `PublicKeyCredentialCreationOptions`. */
export interface CreationMembers {
  readonly rp: { readonly id: string | undefined; readonly name: string }
  readonly user: { readonly id: Uint8Array; readonly name: string; readonly displayName: string }
  readonly challenge: Uint8Array
  readonly pubKeyCredParams: readonly CredentialParameters[]
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly excludeCredentials: readonly DescriptorMembers[]
  readonly authenticatorSelection: SelectionMembers | undefined
  readonly hints: readonly string[]
  readonly attestation: string
  readonly attestationFormats: readonly string[]
  readonly extensions: ExtensionMembers | undefined
}

/** `PublicKeyCredentialRequestOptions`. */
export interface RequestMembers {
  readonly challenge: Uint8Array
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly rpId: string | undefined
  readonly allowCredentials: readonly DescriptorMembers[]
  readonly userVerification: string | undefined
  readonly hints: readonly string[]
  readonly extensions: ExtensionMembers | undefined
}

type BytesType = (bounds: ByteBounds) => Conversion<Uint8Array>

/** The dictionaries of options, with one type of bytes. */
interface OptionDictionaries {
  readonly creation: Conversion<CreationMembers>
  readonly request: Conversion<RequestMembers>
}

const words = sequence(domString, WORDS_MAX)

const rpEntity = dictionary({ id: optional(usvString), name: required(usvString) })

const parameters = dictionary({ alg: required(long), type: required(domString) })

const selectionCriteria = dictionary({
  authenticatorAttachment: optional(domString),
  residentKey: optional(domString),
  requireResidentKey: defaulted(boolean, false),
  userVerification: optional(domString),
})

/** The dictionaries as JSON has them; extensions may have their bytes as they are. */
export const jsonOptions: OptionDictionaries = optionDictionaries(base64url, bufferSource)

/** The dictionaries as a page has them; text in the place of bytes is taken for JSON’s. */
export const pageOptions: OptionDictionaries = optionDictionaries(bufferSourceOrText, bufferSourceOrText)

function optionDictionaries(bytes: BytesType, extensionBytes: BytesType): OptionDictionaries {
  const userEntity = dictionary({
    id: required(bytes(USER_ID_BYTES)),
    name: required(usvString),
    displayName: required(usvString),
  })
  const descriptor = dictionary({
    id: required(bytes(CREDENTIAL_ID_BYTES)),
    type: required(domString),
    transports: optional(words),
  })
  const descriptors = defaulted(sequence(descriptor, CREDENTIALS_MAX), [])
  const both = {
    challenge: required(bytes(CHALLENGE_BYTES)),
    timeout: optional(unsignedLong),
    hints: defaulted(words, []),
    extensions: optional(extensionInputs(extensionBytes)),
  }
  return {
    creation: dictionary({
      rp: required(rpEntity),
      user: required(userEntity),
      ...both,
      pubKeyCredParams: required(sequence(parameters, PARAMETERS_MAX)),
      excludeCredentials: descriptors,
      authenticatorSelection: optional(selectionCriteria),
      attestation: defaulted(domString, 'none'),
      attestationFormats: defaulted(words, []),
    }),
    request: dictionary({
      ...both,
      rpId: optional(usvString),
      allowCredentials: descriptors,
      userVerification: optional(domString),
    }),
  }
}
