import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server'
import { Problem, STATUS } from '../http/problem.js'
import type { ProblemView } from '../wire/site.js'
import { authenticatorName } from './known-authenticators.js'
import type { Passkey, Passkeys } from './passkeys.js'
import type { Policies } from './policies.js'
import type { User } from './users.js'

const RP_NAME = 'Example'
/** EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257]

/** Where the site is, and what it keeps. */
export interface Site {
  /** Such as `https://login.example.com`. */
  readonly origin: string
  readonly rpId: string
  readonly passkeys: Passkeys
  readonly policies: Policies
}

type Registration = NonNullable<VerifiedRegistrationResponse['registrationInfo']>

/** Options for a new passkey of a user; those that they have are not made twice on one device. */
export function creationOptions(
  { rpId, passkeys, policies }: Site,
  user: User,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: rpId,
    userID: Uint8Array.from(Buffer.from(user.id, 'base64url')),
    userName: user.userName,
    userDisplayName: user.displayName,
    // A site that restricts models has to ask for proof of the model; otherwise the demo believes the AAGUID.
    attestationType: policies.get().isRestricted ? 'direct' : 'none',
    excludeCredentials: passkeys
      .of(user.id)
      .map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}

/**
 * Verifies a registration and keeps its passkey.
 * @throws Problem `registration-invalid`, `authenticator-not-allowed`, `passkey-taken`. The first two name the passkey that the
 * site does not know: the device is to forget it.
 */
export async function register(
  site: Site,
  user: User,
  expectedChallenge: string,
  response: RegistrationResponseJSON,
): Promise<Passkey> {
  const registration = await verifiedRegistration(site, expectedChallenge, response)
  const passkey = passkeyFrom(registration, user)
  assertAllowed(site, passkey)
  if (!site.passkeys.add(passkey)) throw taken()
  return passkey
}

async function verifiedRegistration(
  { origin, rpId }: Site,
  expectedChallenge: string,
  response: RegistrationResponseJSON,
): Promise<Registration> {
  const about = { rpId, credentialId: response.id }
  const verification = await verified('registration-invalid', about, () =>
    verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (!verification.verified) throw invalid('registration-invalid', about)
  return verification.registrationInfo
}

function passkeyFrom(registration: Registration, user: User): Passkey {
  const { aaguid, credential, credentialDeviceType, credentialBackedUp } = registration
  return {
    id: credential.id,
    userId: user.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    aaguid,
    isBackupEligible: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
    transports: credential.transports ?? [],
    name: authenticatorName(aaguid),
    createdAt: Date.now(),
    lastUsedAt: undefined,
  }
}

/** The device has saved the passkey already, and is still waiting for the site’s word. */
function assertAllowed({ rpId, policies }: Site, { id, aaguid }: Passkey): void {
  if (policies.allows(aaguid)) return
  throw new Problem(STATUS.forbidden, {
    code: 'authenticator-not-allowed',
    message: 'The administrator does not allow passkeys of this kind of device.',
    rpId,
    credentialId: id,
    authenticator: authenticatorName(aaguid),
  })
}

function taken(): Problem {
  const message = 'This passkey is registered already.'
  return new Problem(STATUS.conflict, { code: 'passkey-taken', message })
}

/** Options for a sign-in with whatever passkey of this site the user has: no user name is asked for. */
export function requestOptions({ rpId }: Site): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({ rpID: rpId, userVerification: 'required' })
}

/**
 * Verifies a sign-in.
 * @returns the passkey that signed. @throws Problem `passkey-unknown`, `sign-in-invalid`.
 */
export async function signIn(
  site: Site,
  expectedChallenge: string,
  response: AuthenticationResponseJSON,
): Promise<Passkey> {
  const { origin, rpId, passkeys } = site
  const passkey = passkeys.find(response.id)
  if (passkey === undefined) {
    const message = 'This site does not know the passkey: it was deleted here, or never registered.'
    throw new Problem(STATUS.notFound, { code: 'passkey-unknown', message, rpId, credentialId: response.id })
  }
  if (response.response.userHandle !== passkey.userId) throw invalid('sign-in-invalid')
  const { id, publicKey, counter } = passkey
  const verification: VerifiedAuthenticationResponse = await verified('sign-in-invalid', {}, () =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id, publicKey, counter },
    }),
  )
  if (!verification.verified) throw invalid('sign-in-invalid')
  const { newCounter, credentialBackedUp } = verification.authenticationInfo
  passkeys.noteUse(passkey, { counter: newCounter, isBackedUp: credentialBackedUp })
  return passkey
}

/** The library throws for what does not verify. */
async function verified<Result>(code: string, about: About, verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify()
  } catch {
    throw invalid(code, about)
  }
}

/** The passkey that the site does not know, if that is why it says no. */
type About = Pick<ProblemView, 'rpId' | 'credentialId'>

function invalid(code: string, about: About = {}): Problem {
  const message = 'The device’s answer does not verify. Try again.'
  return new Problem(STATUS.bad, { code, message, ...about })
}
