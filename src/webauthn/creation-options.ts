import { COSE_ALGORITHM } from '../ctap/cose-key.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { CredentialParameters } from '../ctap/make-credential.js'
import { UsageError } from '../errors.js'
import { descriptors, isPublicKey, possiblePasskeys } from './descriptors.js'
import type {
  AuthenticatorAttachment,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from './credential-json.js'
import { extensionInputs } from './extension-inputs.js'
import { parseRegistrationExtensions } from './asked-extensions.js'
import type { RegistrationExtensions } from './asked-extensions.js'
import { CHALLENGE_BYTES, hints, requirement, unwrapped, WORDS_MAX } from './options-json.js'
import type { AttestationConveyancePreference, ResidentKeyRequirement } from './registration-json.js'
import {
  base64url,
  boolean,
  defaulted,
  dictionary,
  domString,
  knownWord,
  long,
  optional,
  required,
  sequence,
  unsignedLong,
  usvString,
} from './web-idl.js'

/** WebAuthn L3 section 5.4.3. */
const USER_ID_BYTES = { min: 1, max: 64 } as const
/** Many more than there are algorithms. */
const PARAMETERS_MAX = 1024

const CONVEYANCES = ['none', 'indirect', 'direct', 'enterprise'] as const
const ATTACHMENTS = ['platform', 'cross-platform'] as const

/** What an empty `pubKeyCredParams` stands for (WebAuthn L3 section 5.1.3). */
const DEFAULT_PARAMETERS: readonly CredentialParameters[] = [
  { alg: COSE_ALGORITHM.es256, type: PUBLIC_KEY },
  { alg: COSE_ALGORITHM.rs256, type: PUBLIC_KEY },
]

// The dictionaries of WebAuthn L3 sections 5.1.9 and 5.4. Names go to the phone as UTF-8, so they are made well-formed.
const rpEntity = dictionary({ id: optional(usvString), name: required(usvString) })

const userEntity = dictionary({
  id: required(base64url(USER_ID_BYTES)),
  name: required(usvString),
  displayName: required(usvString),
})

const parameters = dictionary({ alg: required(long), type: required(domString) })

const selectionCriteria = dictionary({
  authenticatorAttachment: knownWord(ATTACHMENTS),
  residentKey: requirement,
  requireResidentKey: defaulted(boolean, false),
  userVerification: requirement,
})

const creationOptions = dictionary({
  rp: required(rpEntity),
  user: required(userEntity),
  challenge: required(base64url(CHALLENGE_BYTES)),
  pubKeyCredParams: required(sequence(parameters, PARAMETERS_MAX)),
  timeout: optional(unsignedLong),
  excludeCredentials: defaulted(descriptors, []),
  authenticatorSelection: selectionCriteria,
  hints,
  attestation: knownWord(CONVEYANCES),
  attestationFormats: defaulted(sequence(domString, WORDS_MAX), []),
  extensions: extensionInputs,
})

/** What the conversion of a dictionary gives. */
type SelectionCriteria = ReturnType<typeof selectionCriteria>

/** PublicKeyCredentialCreationOptions, checked, with every default in place. */
export interface CreationOptions {
  readonly rp: { readonly id: string | undefined; readonly name: string }
  readonly user: { readonly id: Uint8Array; readonly name: string; readonly displayName: string }
  readonly challenge: Uint8Array
  /** Not empty; most wanted first. */
  readonly pubKeyCredParams: readonly CredentialParameters[]
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly excludeCredentials: readonly CredentialDescriptor[]
  readonly residentKey: ResidentKeyRequirement
  readonly userVerification: UserVerificationRequirement
  readonly attestation: AttestationConveyancePreference
  /** Most wanted first. No browser sends them over hybrid, and neither do we: the phone’s attestation is what it is. */
  readonly attestationFormats: readonly string[]
  readonly hints: readonly PublicKeyCredentialHint[]
  readonly extensions: RegistrationExtensions
}

/**
 * Reads PublicKeyCredentialCreationOptionsJSON from a stranger as `PublicKeyCredential.parseCreationOptionsFromJSON()` and
 * then `navigator.credentials.create()` do: the conversions of Web IDL, unknown members and unknown words passed over.
 * @param attachment of the authenticator that is there.
 * @throws UsageError that names the member: `options-invalid`; `options-unsupported` for algorithms of unknown types only,
 * for an unknown protection policy, and for extension inputs of a sign-in; `options-unsatisfiable` when only authenticators
 * of the other attachment will do.
 */
export function parseCreationOptions(
  json: unknown,
  attachment: AuthenticatorAttachment = 'cross-platform',
): CreationOptions {
  const { authenticatorSelection, ...options } = creationOptions(unwrapped(json), 'options')
  return {
    ...options,
    pubKeyCredParams: knownParameters(options.pubKeyCredParams),
    excludeCredentials: possiblePasskeys(options.excludeCredentials),
    ...parseSelection(authenticatorSelection, attachment),
    attestation: options.attestation ?? 'none',
    extensions: parseRegistrationExtensions(options.extensions),
  }
}

function knownParameters(given: readonly CredentialParameters[]): readonly CredentialParameters[] {
  if (given.length === 0) return DEFAULT_PARAMETERS
  const known = given.filter(isPublicKey)
  if (known.length > 0) return known
  throw new UsageError('options-unsupported', `options.pubKeyCredParams has no element of type ${PUBLIC_KEY}`)
}

function parseSelection(
  criteria: SelectionCriteria,
  attachment: AuthenticatorAttachment,
): Pick<CreationOptions, 'residentKey' | 'userVerification'> {
  const { authenticatorAttachment: wanted, requireResidentKey } = criteria
  if (wanted !== undefined && wanted !== attachment) throw unsatisfiable(wanted)
  return {
    residentKey: criteria.residentKey ?? (requireResidentKey ? 'required' : 'discouraged'),
    userVerification: criteria.userVerification ?? 'preferred',
  }
}

function unsatisfiable(wanted: AuthenticatorAttachment): UsageError {
  const fact = wanted === 'platform' ? 'a phone over hybrid is not' : 'this device itself is not'
  return new UsageError(
    'options-unsatisfiable',
    `options.authenticatorSelection.authenticatorAttachment is ${wanted}, which ${fact}`,
  )
}
