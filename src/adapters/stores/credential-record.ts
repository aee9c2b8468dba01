import { equalBytes } from '../../bytes/bytes.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { BOOLEAN, BYTES } from './codec.js'
import { bytesWithin, integerWithin, isWithin, textWithin, TIME } from './fields.js'
import { RecordTable } from './record-table.js'
import type { Field } from './record-table.js'

const KEY_BYTES = 32
const HMAC_SECRET_BYTES = 32
const NAME_MAX_LETTERS = 1024
// The only algorithm whose private keys have no fixed length (RFC 8812).
const RS256 = -257
const PKCS8_MAX_BYTES = 4096

type CredentialField<Value> = Field<Value, StoredCredential>

/** Passkeys as stores keep them. */
export const CREDENTIAL: RecordTable<StoredCredential> = new RecordTable<StoredCredential>({
  credentialId: bytesWithin(16, 1023),
  privateKey: {
    codec: BYTES,
    isSecret: true,
    must: 'have the length that its algorithm asks for',
    holds: hasKeyLength,
  },
  algorithm: integerWithin(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  rpId: textWithin(1, 255),
  rpName: textWithin(0, NAME_MAX_LETTERS),
  userId: bytesWithin(1, 64),
  userName: textWithin(0, NAME_MAX_LETTERS),
  userDisplayName: textWithin(0, NAME_MAX_LETTERS),
  discoverable: { codec: BOOLEAN },
  signCount: integerWithin(0, 0xffff_ffff),
  createdAt: TIME,
  backupEligible: sinceVersion2({ codec: BOOLEAN }, false),
  backedUp: sinceVersion2(
    {
      codec: BOOLEAN,
      must: 'be false without backupEligible',
      holds: (is, { backupEligible }) => backupEligible || !is,
    },
    false,
  ),
  hmacSecret: sinceVersion2(
    { codec: BYTES, isSecret: true, must: `have ${HMAC_SECRET_BYTES} bytes or none`, holds: hasSecretLength },
    new Uint8Array(),
  ),
  credProtect: sinceVersion2(integerWithin(1, 3), 1),
  largeBlob: sinceVersion2({ ...bytesWithin(0, 4096), isSecret: true }, new Uint8Array()),
  largeBlobSize: sinceVersion2(integerWithin(0, Number.MAX_SAFE_INTEGER), 0),
  confirmed: sinceVersion2({ codec: BOOLEAN }, true),
})

function sinceVersion2<Value>(field: CredentialField<Value>, before: Value): CredentialField<Value> {
  return { ...field, since: { version: 2, before } }
}

function hasKeyLength({ length }: Uint8Array, { algorithm }: StoredCredential): boolean {
  return algorithm === RS256 ? isWithin(length, 1, PKCS8_MAX_BYTES) : length === KEY_BYTES
}

function hasSecretLength({ length }: Uint8Array): boolean {
  return length === 0 || length === HMAC_SECRET_BYTES
}

/** The list with the credential in the place of its former self, or last, and without those to drop. */
export function withCredential(
  credentials: readonly StoredCredential[],
  credential: StoredCredential,
  drops: readonly Uint8Array[] = [],
): readonly StoredCredential[] {
  const isSame = ({ credentialId }: StoredCredential): boolean =>
    equalBytes(credentialId, credential.credentialId)
  const isGone = ({ credentialId }: StoredCredential): boolean =>
    drops.some(id => equalBytes(id, credentialId))
  const kept = credentials.filter(other => isSame(other) || !isGone(other))
  return kept.some(isSame) ? kept.map(other => (isSame(other) ? credential : other)) : [...kept, credential]
}

/** The list without one credential; the very same list when it is not there. */
export function withoutCredential(
  credentials: readonly StoredCredential[],
  credentialId: Uint8Array,
): readonly StoredCredential[] {
  const left = credentials.filter(credential => !equalBytes(credential.credentialId, credentialId))
  return left.length < credentials.length ? left : credentials
}

/** The credential of that identifier. */
export function findCredential(
  credentials: readonly StoredCredential[],
  credentialId: Uint8Array,
): StoredCredential | undefined {
  return credentials.find(credential => equalBytes(credential.credentialId, credentialId))
}
