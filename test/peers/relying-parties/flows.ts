import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '../../../src/index.js'
import { createLab } from '../../../src/testing.js'
import type { LabPhoneOptions } from '../../../src/testing.js'
import { PHONE_PROFILES } from '../../../src/virtual.js'
import type { PhoneProfile } from '../../../src/virtual.js'
import { makeAttestationChain } from '../../support/attestation-chain.js'
import { encodeBase64url } from '../../../src/bytes/base64url.js'
import { random } from '../../support/virtual-phone.js'
import type { RegistrationQuestion, SignInQuestion } from './question.js'

const ORIGIN = 'https://login.example.com'
const RP_ID = 'example.com'
const AAGUID = Uint8Array.from({ length: 16 }, (_, index) => index + 1)
const CHALLENGE_BYTES = 32
const PRF_INPUTS = { first: 'Zmlyc3Q', second: 'c2Vjb25k' }
const { attestation: certified, root } = await makeAttestationChain(AAGUID)

/** A registration and a sign-in with its passkey. */
export interface Answers {
  readonly registration: RegistrationQuestion
  readonly signIn: Omit<SignInQuestion, 'record'>
  /** The attestation’s format. */
  readonly format: string
}

/** What differs from a discoverable, verified ES256 passkey of a phone without peculiarities, which gives no attestation. */
export interface Flow {
  readonly phone?: LabPhoneOptions
  readonly algorithm?: number
  readonly format?: string
  readonly creation?: Partial<PublicKeyCredentialCreationOptionsJSON>
  readonly request?: Partial<PublicKeyCredentialRequestOptionsJSON>
  /** The sign-in names the passkey. */
  readonly named?: true
}

const ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const
const ML_DSA = { 'ML-DSA-44': -48, 'ML-DSA-65': -49, 'ML-DSA-87': -50 } as const
const ATTESTATIONS = {
  'no attestation': { format: 'none' },
  'self attestation': { format: 'packed' },
  'a certificate': certified,
} as const
const PROFILES = ['generic', 'android', 'ios', 'ms-authenticator', 'ms-authenticator-ios'] as const

const UNVERIFIED = { approved: true, userVerified: false } as const
/** A phone that cannot verify its user. */
const WITHOUT_LOCK: PhoneProfile = {
  ...PHONE_PROFILES.generic,
  info: { ...PHONE_PROFILES.generic.info, options: new Map([['rk', true]]) },
}

const signedWith = (algorithms: Readonly<Record<string, number>>): readonly (readonly [string, Flow])[] =>
  Object.entries(algorithms).flatMap(([name, algorithm]) =>
    Object.entries(ATTESTATIONS).map(
      ([how, attestation]) =>
        [
          `${name} with ${how}`,
          {
            algorithm,
            phone: { algorithms: [algorithm], attestation, aaguid: AAGUID },
            format: attestation.format,
          },
        ] as const,
    ),
  )

/** Passkeys that quantum computers leave alone, for the libraries that know them. */
export const POST_QUANTUM_FLOWS: readonly (readonly [name: string, flow: Flow])[] = signedWith(ML_DSA)

/** By what they show. */
export const FLOWS: readonly (readonly [name: string, flow: Flow])[] = [
  ...signedWith(ALGORITHMS),
  ...PROFILES.map((profile): [string, Flow] => [`a phone like ${profile}`, { phone: { profile } }]),
  ['a passkey that may be synced and is not yet', { phone: { backup: 'eligible' } }],
  ['a passkey that is named', { named: true }],
  [
    'a passkey that is not discoverable, and a user who is not verified',
    {
      named: true,
      phone: { profile: WITHOUT_LOCK, consent: { ask: () => Promise.resolve(UNVERIFIED) } },
      creation: {
        authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
      },
      request: { userVerification: 'discouraged' },
    },
  ],
  [
    'prf',
    {
      creation: { extensions: { prf: { eval: PRF_INPUTS } } },
      request: { extensions: { prf: { eval: PRF_INPUTS } } },
    },
  ],
  [
    'credProps and credProtect',
    {
      creation: {
        extensions: {
          credProps: true,
          credentialProtectionPolicy: 'userVerificationRequired',
          enforceCredentialProtectionPolicy: true,
        },
      },
    },
  ],
  [
    'largeBlob',
    {
      named: true,
      creation: { extensions: { largeBlob: { support: 'required' } } },
      request: { extensions: { largeBlob: { write: 'YSBibG9i' } } },
    },
  ],
  ['all algorithms offered', { creation: { pubKeyCredParams: Object.values(ALGORITHMS).map(parameter) } }],
]

function parameter(alg: number): { type: 'public-key'; alg: number } {
  return { type: 'public-key', alg }
}

const fresh = (): string => encodeBase64url(random.bytes(CHALLENGE_BYTES))

/** Registers and signs in with our client and our phone. */
export async function answersOf(flow: Flow): Promise<Answers> {
  const lab = createLab()
  const client = lab.client()
  const phone = lab.phone(flow.phone)
  const ceremony = { origin: ORIGIN, onQr: (qr: { url: string }) => phone.scan(qr.url) }
  const user = fresh()
  const creation = creationOptions(flow, user)
  const registered = await client.create(creation, ceremony)
  const request = requestOptions(flow, registered.id)
  const expected = {
    origin: ORIGIN,
    user,
    userVerified: creation.authenticatorSelection?.userVerification === 'required',
  }
  return {
    format: flow.format ?? 'none',
    registration: { ...expected, options: creation, response: registered, roots: [root] },
    signIn: { ...expected, options: request, response: await client.get(request, ceremony), roots: [] },
  }
}

function creationOptions(
  { algorithm = ALGORITHMS.ES256, creation }: Flow,
  user: string,
): PublicKeyCredentialCreationOptionsJSON {
  return {
    challenge: fresh(),
    rp: { id: RP_ID, name: 'Example' },
    user: { id: user, name: 'ada@example.com', displayName: 'Ada' },
    pubKeyCredParams: [parameter(algorithm)],
    attestation: 'direct',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    ...creation,
  }
}

function requestOptions(
  { named, request }: Flow,
  id: string,
): PublicKeyCredentialRequestOptionsJSON & { rpId: string } {
  return {
    challenge: fresh(),
    rpId: RP_ID,
    userVerification: 'required',
    ...(named && { allowCredentials: [{ type: 'public-key', id }] }),
    ...request,
  }
}
