import { encodeBase64url } from '../../bytes/base64url.js'
import { equalBytes } from '../../bytes/bytes.js'
import { UsageError } from '../../errors.js'
import type { StoredCredential } from '../../ports/credential-store.js'

const CREDENTIAL_ID_MIN_BYTES = 16
const CREDENTIAL_ID_MAX_BYTES = 1023
const PRIVATE_KEY_BYTES = 32
const HMAC_SECRET_BYTES = 32
const LARGE_BLOB_MAX_BYTES = 4096
const CRED_PROTECT_MAX = 3
const USER_ID_MAX_BYTES = 64
const RP_ID_MAX_LETTERS = 255
const NAME_MAX_LETTERS = 1024
const SIGN_COUNT_MAX = 0xffff_ffff
// The only algorithm whose private keys have no fixed length (RFC 8812).
const RS256 = -257
const PKCS8_MAX_BYTES = 4096

const REDACTED = '[redacted]'
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A copy that shares no bytes with the original and prints without its secrets. */
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
    backupEligible: credential.backupEligible,
    backedUp: credential.backedUp,
    hmacSecret: Uint8Array.from(credential.hmacSecret),
    credProtect: credential.credProtect,
    largeBlob: Uint8Array.from(credential.largeBlob),
    largeBlobSize: credential.largeBlobSize,
    confirmed: credential.confirmed,
  }
  const print = (): unknown => printable(copy)
  Object.defineProperties(copy, { toJSON: { value: print }, [INSPECT]: { value: print } })
  return copy
}

function printable(credential: StoredCredential): unknown {
  return {
    ...credential,
    credentialId: encodeBase64url(credential.credentialId),
    privateKey: REDACTED,
    userId: encodeBase64url(credential.userId),
    hmacSecret: REDACTED,
    largeBlob: REDACTED,
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
  ['privateKey has not the length that its algorithm asks for', hasKeyLength],
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
  ['backedUp without backupEligible', ({ backupEligible, backedUp }) => backupEligible || !backedUp],
  [
    `hmacSecret has neither ${HMAC_SECRET_BYTES} bytes nor none`,
    ({ hmacSecret: { length } }) => length === 0 || length === HMAC_SECRET_BYTES,
  ],
  [
    `credProtect is not 1 to ${CRED_PROTECT_MAX}`,
    ({ credProtect }) => within(credProtect, 1, CRED_PROTECT_MAX),
  ],
  [
    `largeBlob has more than ${LARGE_BLOB_MAX_BYTES} bytes`,
    ({ largeBlob }) => largeBlob.length <= LARGE_BLOB_MAX_BYTES,
  ],
  [
    'largeBlobSize is no number of bytes',
    ({ largeBlobSize }) => within(largeBlobSize, 0, Number.MAX_SAFE_INTEGER),
  ],
]

function hasKeyLength({ algorithm, privateKey: { length } }: StoredCredential): boolean {
  return algorithm === RS256 ? within(length, 1, PKCS8_MAX_BYTES) : length === PRIVATE_KEY_BYTES
}

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
