import { equalBytes } from '../bytes/bytes.js'
import { CREDENTIAL_ID_MAX_BYTES, decodeAuthenticatorData } from '../ctap/authenticator-data.js'
import type { AuthenticatorData } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { decodeGetAssertionResponse } from '../ctap/get-assertion.js'
import type { GetAssertionResponse } from '../ctap/get-assertion.js'
import { checkAuthenticatorData, responseInvalid } from './ceremony.js'
import type { SignedExpectations } from './ceremony.js'

/** WebAuthn L3 section 5.4.3. */
const USER_HANDLE_MAX_BYTES = 64
/** The longest signature that is handed on: ML-DSA-87 has 4,627 bytes (FIPS 204), RSA with 16,384 bits 2,048. */
const SIGNATURE_MAX_BYTES = 8192

/** What an assertion has to answer. */
export interface AssertionExpectations extends SignedExpectations {
  /** Empty at a discoverable sign-in. */
  readonly allowed: readonly CredentialDescriptor[]
}

/** One assertion that fits its question. */
export interface Assertion {
  readonly answer: GetAssertionResponse
  readonly data: AuthenticatorData
  /** 1 to 1023 bytes. */
  readonly credentialId: Uint8Array
  /** 1 to 64 bytes. */
  readonly userHandle: Uint8Array | undefined
}

/**
 * Reads the answer to getAssertion or getNextAssertion.
 * @param response status byte ‖ CBOR.
 * @throws CtapError for a status other than 0x00.
 * @throws ProtocolError `response-invalid` when the answer is not to this call, or breaks the sizes of CTAP2.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 */
export function readAssertion(response: Uint8Array, expected: AssertionExpectations): Assertion {
  const answer = decodeGetAssertionResponse(response)
  const data = decodeAuthenticatorData(answer.authData)
  checkAuthenticatorData(data, expected)
  checkSignature(answer.signature)
  const credentialId = credentialIdOf(answer, expected.allowed)
  return { answer, data, credentialId, userHandle: userHandleOf(answer, expected.allowed) }
}

function checkSignature({ length }: Uint8Array): void {
  if (length === 0) throw responseInvalid('has an empty signature')
  if (length > SIGNATURE_MAX_BYTES)
    throw responseInvalid(`has a signature of more than ${SIGNATURE_MAX_BYTES} bytes`)
}

/** The credential may stay unnamed where only one was allowed (CTAP 2.2 section 6.2). */
function credentialIdOf(
  { credential }: GetAssertionResponse,
  allowed: readonly CredentialDescriptor[],
): Uint8Array {
  const [only] = allowed
  if (credential === undefined && only !== undefined && allowed.length === 1) return only.id
  if (credential === undefined || credential.id.length === 0) throw responseInvalid('names no credential')
  if (credential.type !== PUBLIC_KEY)
    throw responseInvalid(`names a credential of another type than ${PUBLIC_KEY}`)
  if (credential.id.length > CREDENTIAL_ID_MAX_BYTES)
    throw responseInvalid(`has a credential ID of more than ${CREDENTIAL_ID_MAX_BYTES} bytes`)
  if (allowed.length > 0 && !allowed.some(({ id }) => equalBytes(id, credential.id)))
    throw responseInvalid('names a credential that was not allowed')
  return credential.id
}

/**
 * Without an allow list, the user alone says whose sign-in it is (CTAP 2.2 section 6.2.2). A user with an empty ID passes, as in
 * Chromium, and gives no handle.
 */
function userHandleOf(
  { user }: GetAssertionResponse,
  allowed: readonly CredentialDescriptor[],
): Uint8Array | undefined {
  if (user === undefined && allowed.length === 0) throw responseInvalid('names no user')
  if (user === undefined || user.id.length === 0) return undefined
  if (user.id.length > USER_HANDLE_MAX_BYTES)
    throw responseInvalid(`has a user handle of more than ${USER_HANDLE_MAX_BYTES} bytes`)
  return user.id
}
