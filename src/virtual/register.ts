import { equalBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { cborMap } from '../cbor/value.js'
import { encodeAuthenticatorData } from '../ctap/authenticator-data.js'
import { COSE_ALGORITHM, encodeEs256Key } from '../ctap/cose-key.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import { encodeMakeCredentialResponse } from '../ctap/make-credential.js'
import type { MakeCredentialRequest } from '../ctap/make-credential.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import { askUser } from './ask-user.js'
import type { ConsentRequest } from './consent.js'
import { generateEs256Key } from './es256.js'
import { refusal } from './refusal.js'
import { assertNoPin, assertRpId, consentAccounts, namedCredentials } from './request-rules.js'
import { virtualEvent } from './virtual-device.js'
import type { VirtualDevice } from './virtual-device.js'

const CREDENTIAL_ID_BYTES = 32
const USER_ID_MAX_BYTES = 64
// CTAP 2.2 section 6.1.2 lets an authenticator cut names, but not below 64 bytes.
const NAME_MAX_CODE_POINTS = 256

/**
 * authenticatorMakeCredential (CTAP 2.2 section 6.1.2): asks the user, keeps a new passkey and attests it with `none`.
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
  assertRegistrable(request)
  const excluded = namedCredentials(await device.store.list(), request.rp.id, request.excludeList ?? [])
  const approval = await askUser(device.consent, consentRequest(request, excluded), context)
  if (approval === undefined) return undefined
  if (excluded.length > 0) throw refusal(CTAP_STATUS.ERR_CREDENTIAL_EXCLUDED)
  const credential = await device.exclusively(() => keepNewCredential(device, request))
  const response = encodeMakeCredentialResponse({
    fmt: 'none',
    authData: attestedData(device, credential, approval.userVerified),
    attStmt: cborMap([]),
  })
  device.tell(virtualEvent('registered', credential))
  return response
}

function assertRegistrable(request: MakeCredentialRequest): void {
  assertRpId(request.rp.id)
  assertNoPin(request.pinUvAuthParam)
  const { length } = request.user.id
  if (length < 1 || length > USER_ID_MAX_BYTES) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
  const isSupported = request.pubKeyCredParams.some(
    ({ alg, type }) => alg === COSE_ALGORITHM.es256 && type === PUBLIC_KEY,
  )
  if (!isSupported) throw refusal(CTAP_STATUS.ERR_UNSUPPORTED_ALGORITHM)
}

function consentRequest(
  request: MakeCredentialRequest,
  excluded: readonly StoredCredential[],
): ConsentRequest {
  const { id, name, displayName } = request.user
  return {
    operation: excluded.length > 0 ? 'already-registered' : 'register',
    rpId: request.rp.id,
    rpName: shortName(request.rp.name),
    user: { id: Uint8Array.from(id), name: shortName(name), displayName: shortName(displayName) },
    accounts: consentAccounts(excluded),
    userVerification: request.uv,
  }
}

async function keepNewCredential(
  device: VirtualDevice,
  request: MakeCredentialRequest,
): Promise<StoredCredential> {
  const stored = await device.store.list()
  const credential: StoredCredential = {
    credentialId: freshCredentialId(device, stored),
    privateKey: generateEs256Key(device.random),
    algorithm: COSE_ALGORITHM.es256,
    rpId: request.rp.id,
    rpName: shortName(request.rp.name),
    userId: request.user.id,
    userName: shortName(request.user.name),
    userDisplayName: shortName(request.user.displayName),
    discoverable: request.rk,
    signCount: 0,
    createdAt: Math.trunc(device.now()),
  }
  const replaces = stored
    .filter(other => isSameAccount(other, credential))
    .map(({ credentialId }) => credentialId)
  await device.store.put(credential, { replaces })
  return credential
}

// Section 6.1.2, step 16: one discoverable credential an account.
function isSameAccount(one: StoredCredential, other: StoredCredential): boolean {
  const areDiscoverable = one.discoverable && other.discoverable
  return areDiscoverable && one.rpId === other.rpId && equalBytes(one.userId, other.userId)
}

function freshCredentialId(device: VirtualDevice, stored: readonly StoredCredential[]): Uint8Array {
  for (;;) {
    const fresh = device.random.bytes(CREDENTIAL_ID_BYTES)
    if (!stored.some(({ credentialId }) => equalBytes(credentialId, fresh))) return fresh
  }
}

function attestedData(
  device: VirtualDevice,
  credential: StoredCredential,
  userVerified: boolean,
): Uint8Array {
  const key = device.crypto.importEcdhKey(credential.privateKey)
  const publicKey = encodeEs256Key(key.publicKey)
  key.destroy()
  return encodeAuthenticatorData({
    rpIdHash: device.crypto.sha256(encodeUtf8(credential.rpId)),
    flags: { up: true, uv: userVerified, be: false, bs: false },
    signCount: credential.signCount,
    attestedCredential: { aaguid: device.aaguid, credentialId: credential.credentialId, publicKey },
  })
}

// Not every client sends names; protocol.md 15.2.
function shortName(name = ''): string {
  return Array.from(name).slice(0, NAME_MAX_CODE_POINTS).join('')
}
