import { concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { encodeAuthenticatorData } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { encodeGetAssertionResponse } from '../ctap/get-assertion.js'
import type { GetAssertionRequest, GetAssertionResponse } from '../ctap/get-assertion.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { UserEntity } from '../ctap/user-entity.js'
import { UsageError } from '../errors.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import { askUser } from './ask-user.js'
import { readSignInExtensions, signedSignInOutputs, unsignedSignInOutputs } from './extensions.js'
import type { SignInExtensions } from './extensions.js'
import { withLargeBlob } from './large-blob.js'
import type { LargeBlobRequest } from './large-blob.js'
import { refusal } from './refusal.js'
import { confirmPasskey } from './replaced-passkeys.js'
import {
  assertNoPin,
  assertRpId,
  consentAccounts,
  discoverableCredentials,
  namedCredentials,
} from './request-rules.js'
import type { CredentialSearch } from './request-rules.js'
import { signatureAlgorithm } from './signature-algorithms.js'
import { virtualEvent } from './virtual-device.js'
import type { VirtualDevice } from './virtual-device.js'

const SIGN_COUNT_MAX = 0xffff_ffff

/**
 * authenticatorGetAssertion (CTAP 2.2 section 6.2.2): lets the user choose among the passkeys that fit, counts the use and
 * signs. Where the client is to choose (`accountChoice`), it signs for the newest and lets the client fetch the others. The user is always asked, also when the request says `up: false`: phones know no silent probes.
 *
 * @returns undefined to hang up.
 * @throws CtapError with the status to answer; ERR_NO_CREDENTIALS without asking when nothing fits.
 */
export async function signIn(
  device: VirtualDevice,
  request: GetAssertionRequest,
  context: CtapContext,
): Promise<Uint8Array | undefined> {
  assertRpId(request.rpId)
  assertNoPin(request.pinUvAuthParam)
  // CTAP 2.2 section 6.2.2, step 4: whatever its value.
  if (request.rk !== undefined) throw refusal(CTAP_STATUS.ERR_UNSUPPORTED_OPTION)
  const { rpId } = request
  const extensions = readSignInExtensions(device, request.extensions)
  // WebAuthn L3 section 10.1.4: `prf` is that of verified users.
  const userVerification = request.uv || device.profile.alwaysVerifies || extensions.prf !== undefined
  const candidates = candidatesFor(await device.store.list(), { rpId, userVerification }, request)
  const [newest] = candidates
  if (newest === undefined) {
    if (hangsUpWithoutPasskey(device, request)) return undefined
    throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  }
  const accounts = consentAccounts(candidates)
  const prompt = { operation: 'sign-in', rpId, rpName: newest.rpName, accounts, userVerification } as const
  const approval = await askUser(device.consent, prompt, context)
  if (approval === undefined) return undefined
  const { userVerified } = approval
  if (!isClientsChoice(device, request, candidates)) {
    const { credentialId } = chosenOf(candidates, approval.account)
    // CTAP 2.2 section 6.2.3: absent where the request named the credentials.
    const userSelected = allowedBy(request) === undefined ? true : undefined
    return await use(device, { request, extensions, credentialId, userVerified, choice: { userSelected } })
  }
  const [credentialId, ...credentialIds] = candidates.map(candidate => candidate.credentialId)
  if (credentialId === undefined) return undefined
  const choice = { numberOfCredentials: candidates.length }
  const response = await use(device, { request, extensions, credentialId, userVerified, choice })
  device.unfetched.keep({ request, userVerified, credentialIds }, context.signal, device.now())
  return response
}

/**
 * authenticatorGetNextAssertion (CTAP 2.2 section 6.3): signs for the next account of the sign-in before, which its user approved.
 * @throws CtapError ERR_NOT_ALLOWED when none is left, and half a minute after the one before.
 */
export async function signInNext(
  device: VirtualDevice,
  command: Uint8Array,
  { signal }: CtapContext,
): Promise<Uint8Array> {
  if (!device.profile.answersLesserCommands) throw refusal(CTAP_STATUS.ERR_INVALID_COMMAND)
  if (command.length > 1) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
  const unfetched = device.unfetched.take(signal, device.now())
  const [credentialId, ...credentialIds] = unfetched?.credentialIds ?? []
  if (unfetched === undefined || credentialId === undefined) throw refusal(CTAP_STATUS.ERR_NOT_ALLOWED)
  const { request, userVerified } = unfetched
  const extensions = readSignInExtensions(device, request.extensions)
  const response = await use(device, { request, extensions, credentialId, userVerified, choice: {} })
  device.unfetched.keep({ ...unfetched, credentialIds }, signal, device.now())
  return response
}

// CTAP 2.2 section 6.2.2, step 12: without a list and without a choice at the phone.
function isClientsChoice(
  { accountChoice, profile }: VirtualDevice,
  request: GetAssertionRequest,
  { length }: readonly StoredCredential[],
): boolean {
  const letsClientChoose = accountChoice === 'client' && profile.answersLesserCommands
  return letsClientChoose && length > 1 && allowedBy(request) === undefined
}

/** An approved use of one passkey. */
interface PasskeyUse {
  readonly request: GetAssertionRequest
  readonly extensions: SignInExtensions
  readonly credentialId: Uint8Array
  readonly userVerified: boolean
  /** What the answer says of the choice among accounts. */
  readonly choice: Pick<GetAssertionResponse, 'numberOfCredentials' | 'userSelected'>
}

async function use(device: VirtualDevice, approved: PasskeyUse): Promise<Uint8Array> {
  const { request, extensions, credentialId } = approved
  const noted = { largeBlob: extensions.largeBlob, isNamed: allowedBy(request) !== undefined }
  const credential = await device.exclusively(() => noteUse(device, credentialId, noted))
  const response = await assertion(device, approved, credential)
  device.tell(virtualEvent('signed-in', credential))
  return response
}

function chosenOf(candidates: readonly StoredCredential[], account: number): StoredCredential {
  const chosen = candidates[account]
  if (chosen !== undefined) return chosen
  throw new UsageError(
    'argument-invalid',
    `consent.ask must choose one of the accounts 0 to ${candidates.length - 1}, not ${account}`,
  )
}

function hangsUpWithoutPasskey({ profile }: VirtualDevice, request: GetAssertionRequest): boolean {
  return profile.hangsUpWithoutPasskey && allowedBy(request) === undefined
}

function candidatesFor(
  stored: readonly StoredCredential[],
  search: CredentialSearch,
  request: GetAssertionRequest,
): readonly StoredCredential[] {
  const allowed = allowedBy(request)
  return allowed === undefined
    ? discoverableCredentials(stored, search)
    : namedCredentials(stored, search, allowed)
}

// An empty list counts as no list.
function allowedBy({ allowList }: GetAssertionRequest): readonly CredentialDescriptor[] | undefined {
  return allowList !== undefined && allowList.length > 0 ? allowList : undefined
}

interface UseNotes {
  readonly largeBlob: LargeBlobRequest | undefined
  /** The relying party named the passkey: it knows it. Without a list it may still turn it down. */
  readonly isNamed: boolean
}

/** Counts the use, keeps a large blob and confirms what the relying party named, in one step. */
async function noteUse(
  device: VirtualDevice,
  credentialId: Uint8Array,
  { largeBlob, isNamed }: UseNotes,
): Promise<StoredCredential> {
  const step = device.signCounter === 'counting' ? 1 : 0
  const note = (stored: StoredCredential): StoredCredential =>
    withLargeBlob({ ...stored, signCount: Math.min(stored.signCount + step, SIGN_COUNT_MAX) }, largeBlob)
  const used = isNamed
    ? await confirmPasskey(device.store, credentialId, note)
    : await device.store.update(credentialId, note)
  if (used === undefined) throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  return used
}

async function assertion(
  device: VirtualDevice,
  { request, extensions, userVerified, choice }: PasskeyUse,
  credential: StoredCredential,
): Promise<Uint8Array> {
  const { credentialId, privateKey, signCount, backupEligible: be, backedUp: bs } = credential
  const isNamed = allowedBy(request) !== undefined
  const authData = encodeAuthenticatorData({
    rpIdHash: device.crypto.sha256(encodeUtf8(request.rpId)),
    flags: { up: true, uv: userVerified, be, bs },
    signCount,
    extensions: signedSignInOutputs(device, extensions, credential, userVerified),
  })
  const algorithm = signatureAlgorithm(credential.algorithm)
  if (algorithm === undefined) throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  const message = concatBytes(authData, request.clientDataHash)
  return encodeGetAssertionResponse({
    credential: { id: credentialId, type: PUBLIC_KEY },
    authData,
    signature: await algorithm.sign(privateKey, message, device.crypto),
    user: userEntity(device, credential, { isNamed, userVerified }),
    ...choice,
    unsignedExtensionOutputs: unsignedSignInOutputs(device, extensions, credential),
  })
}

// CTAP 2.2 section 6.2.3: what identifies a person goes out only after user verification, and where the account was not known before.
function userEntity(
  { profile }: VirtualDevice,
  credential: StoredCredential,
  { isNamed, userVerified }: { readonly isNamed: boolean; readonly userVerified: boolean },
): UserEntity | undefined {
  const { userId: id, userName: name, userDisplayName: displayName } = credential
  if (!credential.discoverable || (isNamed && profile.user === 'unlisted')) return undefined
  if (isNamed || !userVerified) return { id }
  return profile.user === 'nameless' ? { id, name: '', displayName: '' } : { id, name, displayName }
}
