import { concatBytes } from '../../bytes/bytes.js'
import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../ctap/authenticator-data.js'
import type { AuthenticatorData } from '../../ctap/authenticator-data.js'
import { decodeCoseKey, encodeCoseKey } from '../../ctap/cose-key.js'
import type { Ec2Key } from '../../ctap/cose-key.js'
import { decodeGetAssertionResponse, encodeGetAssertionResponse } from '../../ctap/get-assertion.js'
import type { GetAssertionResponse } from '../../ctap/get-assertion.js'
import { decodeMakeCredentialResponse, encodeMakeCredentialResponse } from '../../ctap/make-credential.js'
import { PUBLIC_KEY } from '../../ctap/credential-descriptor.js'
import type { PeerFault } from './faults.js'
import { sendsSealed } from './turn.js'
import type { Act } from './turn.js'

/** Status and first member of an answer to a registration: {1: format. A sign-in answers with a map of other members there. */
const STATUS_AND_HEAD_BYTES = 2
const FMT_KEY = 1
const TEXT_HEADS = { first: 0x60, last: 0x7b } as const
const ED448 = -53
const OTHER_CREDENTIAL_BYTES = 32
/** A byte more than CTAP gives a user handle, and than this library takes as a signature. */
const LONG = { userHandle: 65, signature: 8193 } as const

/** Whether the payload (status byte ‖ CBOR) answers a registration: there the first member is text. */
function isRegistration(payload: Uint8Array): boolean {
  const [key, head = 0] = payload.subarray(STATUS_AND_HEAD_BYTES)
  return key === FMT_KEY && head >= TEXT_HEADS.first && head <= TEXT_HEADS.last
}

/** The answer with other authenticator data; its signature no longer fits, which only the relying party can see. */
function withData(message: Uint8Array, change: (data: AuthenticatorData) => AuthenticatorData): Uint8Array {
  const [type, payload] = [message.subarray(0, 1), message.slice(1)]
  const changed = (authData: Uint8Array): Uint8Array =>
    encodeAuthenticatorData(change(decodeAuthenticatorData(authData)))
  if (isRegistration(payload)) {
    const answer = decodeMakeCredentialResponse(payload)
    return concatBytes(type, encodeMakeCredentialResponse({ ...answer, authData: changed(answer.authData) }))
  }
  const answer = decodeGetAssertionResponse(payload)
  return concatBytes(type, encodeGetAssertionResponse({ ...answer, authData: changed(answer.authData) }))
}

const sendsWith = (change: (data: AuthenticatorData) => AuthenticatorData): Act =>
  sendsSealed(({ proper }) => withData(proper, change))

const withKey = (change: (key: Ec2Key) => Ec2Key): Act =>
  sendsWith(data => {
    const { attestedCredential: credential } = data
    const key = credential && decodeCoseKey(credential.publicKey)
    if (credential === undefined || key?.type !== 'ec2') return data
    return { ...data, attestedCredential: { ...credential, publicKey: encodeCoseKey(change(key)) } }
  })

/** What can be wrong with an answer that is well-formed. */
export type FalseAnswer =
  | 'other-rp'
  | 'other-credential'
  | 'user-absent'
  | 'user-unverified'
  | 'other-algorithm'
  | 'off-curve'
  | 'without-credential'
  | 'several-accounts'
  | 'long-user-handle'
  | 'long-signature'

/** The answer to a sign-in with other members. */
const withAssertion = (change: (answer: GetAssertionResponse) => Partial<GetAssertionResponse>): Act =>
  sendsSealed(({ proper }) => {
    const answer = decodeGetAssertionResponse(proper.slice(1))
    return concatBytes(proper.subarray(0, 1), encodeGetAssertionResponse({ ...answer, ...change(answer) }))
  })

/** Answers that are well-formed, and to another question. */
export const FALSE_ANSWERS: Readonly<Record<FalseAnswer, PeerFault>> = {
  'other-rp': [
    'for another relying party',
    sendsWith(data => ({ ...data, rpIdHash: nodeCryptoProvider.sha256(data.rpIdHash) })),
  ],
  'other-credential': [
    'with another user’s credential',
    withAssertion(() => ({ credential: { id: new Uint8Array(OTHER_CREDENTIAL_BYTES), type: PUBLIC_KEY } })),
  ],
  'user-absent': [
    'that nobody was there',
    sendsWith(data => ({ ...data, flags: { ...data.flags, up: false } })),
  ],
  'user-unverified': [
    'that the user was not verified',
    sendsWith(data => ({ ...data, flags: { ...data.flags, uv: false } })),
  ],
  'other-algorithm': [
    'with a key of an algorithm that was not asked for',
    withKey(key => ({ ...key, algorithm: ED448 })),
  ],
  'off-curve': ['with a credential key that is not on its curve', withKey(key => ({ ...key, y: key.x }))],
  'without-credential': [
    'a registration without a credential',
    sendsWith(data => ({ ...data, attestedCredential: undefined })),
  ],
  'several-accounts': [
    'that there are two accounts, and leaves the choice to the client',
    withAssertion(() => ({ numberOfCredentials: 2, userSelected: undefined })),
  ],
  'long-user-handle': [
    'with a user handle of 65 bytes',
    withAssertion(({ user }) => ({ user: { ...user, id: new Uint8Array(LONG.userHandle) } })),
  ],
  'long-signature': [
    'with a signature of 8193 bytes',
    withAssertion(() => ({ signature: new Uint8Array(LONG.signature) })),
  ],
}
