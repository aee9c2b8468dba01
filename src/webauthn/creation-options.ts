import { COSE_ALGORITHM } from '../ctap/cose-key.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { CredentialParameters } from '../ctap/make-credential.js'
import { UsageError } from '../errors.js'
import { isPublicKey, possiblePasskeys } from './descriptors.js'
import type {
  AuthenticatorAttachment,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from './credential-json.js'
import { parseRegistrationExtensions } from './asked-extensions.js'
import type { RegistrationExtensions } from './asked-extensions.js'
import { jsonOptions } from './option-dictionaries.js'
import type { CreationMembers } from './option-dictionaries.js'
import { knownHints, requirement, unwrapped } from './options-json.js'
import type { AttestationConveyancePreference, ResidentKeyRequirement } from './registration-json.js'
import { knownWord } from './web-idl.js'

const CONVEYANCES = ['none', 'indirect', 'direct', 'enterprise'] as const
const ATTACHMENTS = ['platform', 'cross-platform'] as const

/** What an empty `pubKeyCredParams` stands for (WebAuthn L3 section 5.1.3). */
const DEFAULT_PARAMETERS: readonly CredentialParameters[] = [
  { alg: COSE_ALGORITHM.es256, type: PUBLIC_KEY },
  { alg: COSE_ALGORITHM.rs256, type: PUBLIC_KEY },
]

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
 * Reads PublicKeyCredentialCreationOptionsJSON from a stranger as `PublicKeyCredential.parseCreationOptionsFromJSON()`
 * and then `navigator.credentials.create()` do: the conversions of Web IDL, unknown members and unknown words are
 * ignored.
 * @param attachment of the authenticator that is there.
 * @throws UsageError that names the member: `options-invalid`; `options-unsupported` for algorithms of unknown types only,
 * for an unknown protection policy, and for extension inputs of a sign-in; `options-unsatisfiable` when only authenticators
 * of the other attachment will do.
 */
export function parseCreationOptions(
  json: unknown,
  attachment: AuthenticatorAttachment = 'cross-platform',
): CreationOptions {
  const { authenticatorSelection, ...options } = jsonOptions.creation(unwrapped(json), 'options')
  return {
    ...options,
    hints: knownHints(options.hints),
    pubKeyCredParams: knownParameters(options.pubKeyCredParams),
    excludeCredentials: possiblePasskeys(options.excludeCredentials),
    ...parseSelection(authenticatorSelection, attachment),
    attestation: knownWord(CONVEYANCES, options.attestation) ?? 'none',
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
  criteria: CreationMembers['authenticatorSelection'],
  attachment: AuthenticatorAttachment,
): Pick<CreationOptions, 'residentKey' | 'userVerification'> {
  const wanted = knownWord(ATTACHMENTS, criteria?.authenticatorAttachment)
  if (wanted !== undefined && wanted !== attachment) throw unsatisfiable(wanted)
  return {
    residentKey:
      requirement(criteria?.residentKey) ??
      (criteria?.requireResidentKey === true ? 'required' : 'discouraged'),
    userVerification: requirement(criteria?.userVerification) ?? 'preferred',
  }
}

function unsatisfiable(wanted: AuthenticatorAttachment): UsageError {
  const fact = wanted === 'platform' ? 'a phone over hybrid is not' : 'this device itself is not'
  return new UsageError(
    'options-unsatisfiable',
    `options.authenticatorSelection.authenticatorAttachment is ${wanted}, which ${fact}`,
  )
}
