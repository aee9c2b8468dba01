import { COSE_ALGORITHM } from '../ctap/cose-key.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { CredentialParameters } from '../ctap/make-credential.js'
import { isPublicKey, parseDescriptors } from './descriptors.js'
import type {
  AuthenticatorAttachment,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from './credential-json.js'
import { parseRegistrationExtensions } from './extensions.js'
import type { RegistrationExtensions } from './extensions.js'
import { readJson } from './json-reader.js'
import type { JsonReader } from './json-reader.js'
import type { AttestationConveyancePreference, ResidentKeyRequirement } from './registration-json.js'

/** Bytes of a challenge: relying parties may put signed values into it. */
export const CHALLENGE_BYTES = { min: 1, max: 16_384 } as const
/** WebAuthn L3 section 5.4.3. */
const USER_ID_BYTES = { min: 1, max: 64 } as const
const PARAMETERS_MAX = 64
const HINTS_MAX = 64
const FORMATS_MAX = 64

const REQUIREMENTS = ['discouraged', 'preferred', 'required'] as const
const CONVEYANCES = ['none', 'indirect', 'direct', 'enterprise'] as const
const ATTACHMENTS = ['platform', 'cross-platform'] as const
const HINTS = ['hybrid', 'security-key', 'client-device'] as const

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
 * Reads PublicKeyCredentialCreationOptionsJSON from a stranger. Unknown members and unknown words are passed over, as
 * WebAuthn demands; wrong types, missing members and sizes out of bounds are not.
 * @throws UsageError that names the member: `options-invalid`; `options-unsupported` for algorithms of unknown types only,
 * and for extension inputs of a sign-in; `options-unsatisfiable` when only authenticators of the other attachment will do.
 * @param attachment of the authenticator that is there.
 */
export function parseCreationOptions(
  json: unknown,
  attachment: AuthenticatorAttachment = 'cross-platform',
): CreationOptions {
  const options = readJson(json, 'options')
  return {
    rp: parseRp(options.required('rp', options.object('rp'))),
    user: parseUser(options.required('user', options.object('user'))),
    challenge: options.required('challenge', options.bytes('challenge', CHALLENGE_BYTES)),
    pubKeyCredParams: parseParameters(options),
    timeout: options.uint('timeout'),
    excludeCredentials: parseDescriptors(options, 'excludeCredentials'),
    ...parseSelection(
      options.object('authenticatorSelection') ?? readJson({}, 'authenticatorSelection'),
      attachment,
    ),
    attestation: options.choice('attestation', CONVEYANCES) ?? 'none',
    attestationFormats: options.texts('attestationFormats', FORMATS_MAX),
    hints: parseHints(options),
    extensions: parseRegistrationExtensions(options.object('extensions')),
  }
}

/** @throws UsageError `options-invalid`. */
export function parseHints(options: JsonReader): readonly PublicKeyCredentialHint[] {
  return options.choices('hints', HINTS, HINTS_MAX)
}

/** @throws UsageError `options-invalid`. */
export function parseUserVerification(json: JsonReader): UserVerificationRequirement {
  return json.choice('userVerification', REQUIREMENTS) ?? 'preferred'
}

function parseRp(json: JsonReader): CreationOptions['rp'] {
  return { id: json.text('id'), name: json.required('name', json.text('name')) }
}

function parseUser(json: JsonReader): CreationOptions['user'] {
  return {
    id: json.required('id', json.bytes('id', USER_ID_BYTES)),
    name: json.required('name', json.text('name')),
    displayName: json.required('displayName', json.text('displayName')),
  }
}

function parseParameters(options: JsonReader): readonly CredentialParameters[] {
  const name = 'pubKeyCredParams'
  const given = options.required(name, options.has(name) ? options.objects(name, PARAMETERS_MAX) : undefined)
  if (given.length === 0) return DEFAULT_PARAMETERS
  const parameters = given.map(parseParameter).filter(isPublicKey)
  if (parameters.length === 0)
    throw options.refusal('options-unsupported', name, `has no element of type ${PUBLIC_KEY}`)
  return parameters
}

function parseParameter(json: JsonReader): CredentialParameters {
  return {
    alg: json.required('alg', json.integer('alg')),
    type: json.required('type', json.text('type')),
  }
}

function parseSelection(
  json: JsonReader,
  attachment: AuthenticatorAttachment,
): Pick<CreationOptions, 'residentKey' | 'userVerification'> {
  const wanted = json.choice('authenticatorAttachment', ATTACHMENTS)
  if (wanted !== undefined && wanted !== attachment)
    throw json.refusal(
      'options-unsatisfiable',
      'authenticatorAttachment',
      attachment === 'platform'
        ? 'is cross-platform, which this device itself is not'
        : 'is platform, which a phone over hybrid is not',
    )
  const required = json.boolean('requireResidentKey') ?? false
  return {
    residentKey: json.choice('residentKey', REQUIREMENTS) ?? (required ? 'required' : 'discouraged'),
    userVerification: parseUserVerification(json),
  }
}
