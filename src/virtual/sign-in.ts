import { concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { encodeAuthenticatorData } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { encodeGetAssertionResponse } from '../ctap/get-assertion.js'
import type { GetAssertionRequest } from '../ctap/get-assertion.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { UserEntity } from '../ctap/user-entity.js'
import { UsageError } from '../errors.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import { askUser } from './ask-user.js'
import { signEs256 } from './es256.js'
import { refusal } from './refusal.js'
import {
  assertNoPin,
  assertRpId,
  consentAccounts,
  discoverableCredentials,
  namedCredentials,
} from './request-rules.js'
import { virtualEvent } from './virtual-device.js'
import type { VirtualDevice } from './virtual-device.js'

const SIGN_COUNT_MAX = 0xffff_ffff

/**
 * authenticatorGetAssertion (CTAP 2.2 section 6.2.2): lets the user choose among the passkeys that fit, counts the use and
 * signs. The user is always asked, also when the request says `up: false`: phones know no silent probes.
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
  const candidates = candidatesFor(await device.store.list(), request)
  const [newest] = candidates
  if (newest === undefined) throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  const { rpId, uv: userVerification } = request
  const accounts = consentAccounts(candidates)
  const prompt = { operation: 'sign-in', rpId, rpName: newest.rpName, accounts, userVerification } as const
  const approval = await askUser(device.consent, prompt, context)
  if (approval === undefined) return undefined
  const chosen = candidates[approval.account]
  if (chosen === undefined)
    throw new UsageError('argument-invalid', 'consent chose an account that was not offered')
  const credential = await device.exclusively(() => countUse(device, chosen.credentialId))
  const response = assertion(device, request, credential, approval.userVerified)
  device.tell(virtualEvent('signed-in', credential))
  return response
}

function candidatesFor(
  stored: readonly StoredCredential[],
  request: GetAssertionRequest,
): readonly StoredCredential[] {
  const allowed = allowedBy(request)
  return allowed === undefined
    ? discoverableCredentials(stored, request.rpId)
    : namedCredentials(stored, request.rpId, allowed)
}

// An empty list names nobody, as if there were none.
function allowedBy({ allowList }: GetAssertionRequest): readonly CredentialDescriptor[] | undefined {
  return allowList !== undefined && allowList.length > 0 ? allowList : undefined
}

async function countUse(device: VirtualDevice, credentialId: Uint8Array): Promise<StoredCredential> {
  const stored = await device.store.find(credentialId)
  if (stored === undefined) throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  const counted = { ...stored, signCount: Math.min(stored.signCount + 1, SIGN_COUNT_MAX) }
  if (!(await device.store.replace(counted))) throw refusal(CTAP_STATUS.ERR_NO_CREDENTIALS)
  return counted
}

function assertion(
  device: VirtualDevice,
  request: GetAssertionRequest,
  credential: StoredCredential,
  userVerified: boolean,
): Uint8Array {
  const isNamed = allowedBy(request) !== undefined
  const authData = encodeAuthenticatorData({
    rpIdHash: device.crypto.sha256(encodeUtf8(request.rpId)),
    flags: { up: true, uv: userVerified, be: false, bs: false },
    signCount: credential.signCount,
  })
  return encodeGetAssertionResponse({
    credential: { id: credential.credentialId, type: PUBLIC_KEY },
    authData,
    signature: signEs256(credential.privateKey, concatBytes(authData, request.clientDataHash)),
    user: userEntity(credential, userVerified && !isNamed),
    // Section 6.2.3: absent where the request named the credentials.
    userSelected: isNamed ? undefined : true,
  })
}

// Section 6.2.3: what identifies a person goes out only after user verification, and where the account was not known before.
function userEntity(credential: StoredCredential, withNames: boolean): UserEntity | undefined {
  const { userId: id, userName: name, userDisplayName: displayName } = credential
  if (!credential.discoverable) return undefined
  return withNames ? { id, name, displayName } : { id }
}
