import { encodeBase64url } from '../../bytes/base64url.js'
import { equalBytes } from '../../bytes/bytes.js'
import { UsageError } from '../../errors.js'
import type { StoredCredential } from '../../ports/credential-store.js'

const CREDENTIAL_ID_MIN_BYTES = 16
const CREDENTIAL_ID_MAX_BYTES = 1023
const PRIVATE_KEY_BYTES = 32
const USER_ID_MAX_BYTES = 64
const RP_ID_MAX_LETTERS = 255
const NAME_MAX_LETTERS = 1024
const SIGN_COUNT_MAX = 0xffff_ffff

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A copy that shares no bytes with the original and prints without its private key. */
export function copyCredential(credential: StoredCredential): StoredCredential {
  const copy = {
    credentialId: Uint8Array.from(credential.credentialId),
    privateKey: Uint8Array.from(credential.privateKey),
    algorithm: credential.algorithm,
    rpId: credential.rpId,
    rpName: credential.rpName,
    userId: Uint8Array.from(credential.userId),
    userName: credential.userName,
    userDisplayName: credential.userDisplayName,
    discoverable: credential.discoverable,
    signCount: credential.signCount,
    createdAt: credential.createdAt,
  }
  const print = (): unknown => printable(copy)
  Object.defineProperties(copy, { toJSON: { value: print }, [INSPECT]: { value: print } })
  return copy
}

function printable(credential: StoredCredential): unknown {
  return {
    ...credential,
    credentialId: encodeBase64url(credential.credentialId),
    privateKey: '[redacted]',
    userId: encodeBase64url(credential.userId),
  }
}

/** What is wrong with a record, without its values; undefined when nothing is. */
export function credentialFault(credential: StoredCredential): string | undefined {
  return CHECKS.find(([, holds]) => !holds(credential))?.[0]
}

type Check = readonly [fault: string, holds: (credential: StoredCredential) => boolean]

const CHECKS: readonly Check[] = [
  [
    `credentialId has not ${CREDENTIAL_ID_MIN_BYTES} to ${CREDENTIAL_ID_MAX_BYTES} bytes`,
    ({ credentialId: { length } }) => within(length, CREDENTIAL_ID_MIN_BYTES, CREDENTIAL_ID_MAX_BYTES),
  ],
  [
    `privateKey has not ${PRIVATE_KEY_BYTES} bytes`,
    ({ privateKey }) => privateKey.length === PRIVATE_KEY_BYTES,
  ],
  ['algorithm is not an integer', ({ algorithm }) => Number.isSafeInteger(algorithm)],
  [
    `rpId has not 1 to ${RP_ID_MAX_LETTERS} letters`,
    ({ rpId }) => rpId !== '' && isText(rpId, RP_ID_MAX_LETTERS),
  ],
  [`rpName is longer than ${NAME_MAX_LETTERS} letters`, ({ rpName }) => isText(rpName, NAME_MAX_LETTERS)],
  [
    `userId has not 1 to ${USER_ID_MAX_BYTES} bytes`,
    ({ userId }) => within(userId.length, 1, USER_ID_MAX_BYTES),
  ],
  [
    `userName is longer than ${NAME_MAX_LETTERS} letters`,
    ({ userName }) => isText(userName, NAME_MAX_LETTERS),
  ],
  [
    `userDisplayName is longer than ${NAME_MAX_LETTERS} letters`,
    ({ userDisplayName }) => isText(userDisplayName, NAME_MAX_LETTERS),
  ],
  ['signCount is not an unsigned 32-bit integer', ({ signCount }) => within(signCount, 0, SIGN_COUNT_MAX)],
  ['createdAt is not a time', ({ createdAt }) => within(createdAt, 0, Number.MAX_SAFE_INTEGER)],
]

function within(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

// A lone surrogate has no UTF-8 form and would come back as another letter.
function isText(text: string, maxLetters: number): boolean {
  return text.length <= maxLetters && text.isWellFormed()
}

/** @throws UsageError `argument-invalid` for a record that a store could not give back. */
export function assertCredential(credential: StoredCredential): void {
  const fault = credentialFault(credential)
  if (fault !== undefined) throw new UsageError('argument-invalid', `credential: ${fault}`)
}

/** The list with the credential in the place of its former self, or last, and without those it replaces. */
export function withCredential(
  credentials: readonly StoredCredential[],
  credential: StoredCredential,
  replaces: readonly Uint8Array[] = [],
): readonly StoredCredential[] {
  const isSame = ({ credentialId }: StoredCredential): boolean =>
    equalBytes(credentialId, credential.credentialId)
  const isGone = ({ credentialId }: StoredCredential): boolean =>
    replaces.some(id => equalBytes(id, credentialId))
  const kept = credentials.filter(other => isSame(other) || !isGone(other))
  return kept.some(isSame) ? kept.map(other => (isSame(other) ? credential : other)) : [...kept, credential]
}

/** The list without one credential. */
export function withoutCredential(
  credentials: readonly StoredCredential[],
  credentialId: Uint8Array,
): readonly StoredCredential[] {
  return credentials.filter(credential => !equalBytes(credential.credentialId, credentialId))
}

/** The credential of that identifier. */
export function findCredential(
  credentials: readonly StoredCredential[],
  credentialId: Uint8Array,
): StoredCredential | undefined {
  return credentials.find(credential => equalBytes(credential.credentialId, credentialId))
}
