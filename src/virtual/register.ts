import { equalBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { encodeAuthenticatorData } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import { encodeMakeCredentialResponse } from '../ctap/make-credential.js'
import type { MakeCredentialRequest } from '../ctap/make-credential.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import { askUser } from './ask-user.js'
import { attest } from './attestation.js'
import type { ConsentRequest } from './consent.js'
import {
  extensionMembers,
  readRegistrationExtensions,
  signedRegistrationOutputs,
  unsignedRegistrationOutputs,
} from './extensions.js'
import type { MakeCredentialExtensions } from './extensions.js'
import { refusal } from './refusal.js'
import { replacedBy } from './replaced-passkeys.js'
import { assertNoPin, assertRpId, consentAccounts, namedCredentials } from './request-rules.js'
import { shortName } from './short-name.js'
import type { CredentialKey, SignatureAlgorithm } from './signature-algorithm.js'
import { signatureAlgorithm } from './signature-algorithms.js'
import { virtualEvent } from './virtual-device.js'
import type { VirtualDevice } from './virtual-device.js'

const CREDENTIAL_ID_BYTES = 32
const USER_ID_MAX_BYTES = 64

/** A registration that has passed its checks, before the user is asked. */
interface Registration {
  readonly request: MakeCredentialRequest
  readonly algorithm: SignatureAlgorithm
  readonly extensions: MakeCredentialExtensions
  /** Whether the user is to be verified: the request or an extension asks for it, or this phone always does it. */
  readonly userVerification: boolean
}

/**
 * authenticatorMakeCredential (CTAP 2.2 section 6.1.2): asks the user, then makes, attests and keeps a new passkey.
 *
 * When the exclude list names a passkey of this phone, the user is asked first and ERR_CREDENTIAL_EXCLUDED follows only
 * an approval (WebAuthn L3 section 6.3.2, step 3): a page learns nothing about passkeys behind the user’s back.
 *
 * @returns undefined to hang up.
 * @throws CtapError with the status to answer.
 */
export async function register(
  device: VirtualDevice,
  request: MakeCredentialRequest,
  context: CtapContext,
): Promise<Uint8Array | undefined> {
  const registration = prepare(device, request)
  const { userVerification } = registration
  const search = { rpId: request.rp.id, userVerification }
  const stored = await device.store.list()
  const excluded = namedCredentials(stored, search, request.excludeList ?? [])
  const { rp, user, rk } = request
  const replaced = replacedBy({ discoverable: rk, rpId: rp.id, userId: user.id }, stored)
  const prompt = consentRequest(registration, excluded, replaced)
  const approval = await askUser(device.consent, prompt, context)
  if (approval === undefined) return undefined
  if (excluded.length > 0) throw refusal(CTAP_STATUS.ERR_CREDENTIAL_EXCLUDED)
  return await makeCredential(device, registration, approval.userVerified, context.signal)
}

function prepare(device: VirtualDevice, request: MakeCredentialRequest): Registration {
  assertRpId(request.rp.id)
  assertNoPin(request.pinUvAuthParam)
  const { length } = request.user.id
  if (length < 1 || length > USER_ID_MAX_BYTES) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
  const algorithm = chosenAlgorithm(device, request)
  assertWishes(device, request)
  const extensions = readRegistrationExtensions(device, request.extensions)
  // WebAuthn L3 section 10.1.4: `prf` is that of verified users.
  const userVerification = request.uv || device.profile.alwaysVerifies || extensions.prf?.eval !== undefined
  return { request, algorithm, extensions, userVerification }
}

// CTAP 2.2 section 6.1.2, steps 5 and 9: the user is always present, and the attestation never an enterprise’s without `ep`.
function assertWishes(
  { profile }: VirtualDevice,
  { up, enterpriseAttestation }: MakeCredentialRequest,
): void {
  if (up === false) throw refusal(CTAP_STATUS.ERR_INVALID_OPTION)
  if (enterpriseAttestation !== undefined && profile.info.options?.get('ep') !== true)
    throw refusal(CTAP_STATUS.ERR_INVALID_PARAMETER)
}

// CTAP 2.2 section 6.1.2, step 3: the first one in the request’s order.
function chosenAlgorithm(device: VirtualDevice, request: MakeCredentialRequest): SignatureAlgorithm {
  const chosen = request.pubKeyCredParams.find(
    ({ alg, type }) => type === PUBLIC_KEY && device.algorithms.includes(alg),
  )
  const algorithm = chosen && signatureAlgorithm(chosen.alg)
  if (algorithm === undefined) throw refusal(CTAP_STATUS.ERR_UNSUPPORTED_ALGORITHM)
  return algorithm
}

function consentRequest(
  { request, userVerification }: Registration,
  excluded: readonly StoredCredential[],
  replaced: readonly StoredCredential[],
): ConsentRequest {
  const { id, name, displayName } = request.user
  return {
    operation: excluded.length > 0 ? 'already-registered' : 'register',
    rpId: request.rp.id,
    rpName: shortName(request.rp.name),
    user: { id: Uint8Array.from(id), name: shortName(name), displayName: shortName(displayName) },
    accounts: consentAccounts(excluded.length > 0 ? excluded : replaced),
    ...(excluded.length === 0 &&
      replaced.some(({ confirmed }) => confirmed) && { replacesWorkingPasskey: true }),
    userVerification,
  }
}

/** Stores the passkey only once the answer is ready, so that no passkey is left after a failure. */
async function makeCredential(
  device: VirtualDevice,
  registration: Registration,
  userVerified: boolean,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const key = await registration.algorithm.generate(device.random, device.crypto)
  const [credential, response] = await device.exclusively(async () => {
    const stored = await device.store.list()
    const made = newCredential(device, registration, key.privateKey, stored)
    const answer = await attestedResponse(device, registration, { made, key, userVerified })
    // The client went away in the meantime: nothing is stored.
    if (signal.aborted) return []
    await device.store.put(made)
    device.unconfirmed.note(made, signal)
    return [made, answer] as const
  })
  if (credential === undefined) return undefined
  device.tell(virtualEvent('registered', credential))
  return response
}

function newCredential(
  device: VirtualDevice,
  { request, algorithm, extensions }: Registration,
  privateKey: Uint8Array,
  stored: readonly StoredCredential[],
): StoredCredential {
  return {
    credentialId: freshCredentialId(device, stored),
    privateKey,
    algorithm: algorithm.id,
    rpId: request.rp.id,
    rpName: shortName(request.rp.name),
    userId: request.user.id,
    userName: shortName(request.user.name),
    userDisplayName: shortName(request.user.displayName),
    discoverable: request.rk,
    signCount: 0,
    createdAt: Math.trunc(device.now()),
    confirmed: false,
    backupEligible: device.backup !== 'none',
    backedUp: device.backup === 'backed-up',
    ...extensionMembers(device, extensions),
  }
}

function freshCredentialId(device: VirtualDevice, stored: readonly StoredCredential[]): Uint8Array {
  for (;;) {
    const fresh = device.random.bytes(CREDENTIAL_ID_BYTES)
    if (!stored.some(({ credentialId }) => equalBytes(credentialId, fresh))) return fresh
  }
}

interface Made {
  readonly made: StoredCredential
  readonly key: CredentialKey
  readonly userVerified: boolean
}

async function attestedResponse(
  device: VirtualDevice,
  { request, algorithm, extensions }: Registration,
  { made, key, userVerified }: Made,
): Promise<Uint8Array> {
  const { credentialId, signCount, backupEligible: be, backedUp: bs } = made
  const authData = encodeAuthenticatorData({
    rpIdHash: device.crypto.sha256(encodeUtf8(made.rpId)),
    flags: { up: true, uv: userVerified, be, bs },
    signCount,
    attestedCredential: { aaguid: device.aaguid, credentialId, publicKey: key.publicKey },
    extensions: signedRegistrationOutputs(extensions),
  })
  const attested = {
    authData,
    clientDataHash: request.clientDataHash,
    algorithm: algorithm.id,
    signByCredential: (message: Uint8Array) => algorithm.sign(key.privateKey, message, device.crypto),
  }
  const attestation = await attest(device.attestation, attested, device.crypto)
  const unsignedExtensionOutputs = unsignedRegistrationOutputs(device, extensions, made)
  return encodeMakeCredentialResponse({ ...attestation, unsignedExtensionOutputs })
}
