import { createHash } from 'node:crypto'
import { encodeHex } from '../../bytes/hex.js'
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { decodeEntry, ENTRY_CODECS, LATEST_VERSION } from './credential-entry.js'
import type { EntryCodec } from './credential-entry.js'
import { arrayOf, malformed, membersOf, parseJson } from './json-members.js'

const FORMAT = 'fido-hybrid credentials'
const INDENT = 2

/**
 * Writes the content of a credential file.
 *
 * The file, version 2: UTF-8 JSON. Byte strings are base64url without padding; members are exactly these.
 *
 * {
 *   "format": "fido-hybrid credentials",
 *   "version": 2,
 *   "sha256": SHA-256 of the text JSON.stringify(credentials), members in the order below,
 *   "credentials": [
 *     { "credentialId": bytes, "privateKey": bytes, "algorithm": integer, "rpId": text, "rpName": text, "userId": bytes,
 *       "userName": text, "userDisplayName": text, "discoverable": boolean, "signCount": integer, "createdAt": ms since 1970,
 *       "backupEligible": boolean, "backedUp": boolean, "hmacSecret": bytes, "credProtect": 1 to 3, "largeBlob": bytes,
 *       "largeBlobSize": integer, "confirmed": boolean }
 *   ]
 * }
 *
 * Version 1 ends each credential with `createdAt`; it is read, all of it as confirmed, and written no more.
 */
export function encodeCredentialFile(credentials: readonly StoredCredential[]): Uint8Array {
  const codec = ENTRY_CODECS[LATEST_VERSION]
  const file = {
    format: FORMAT,
    version: LATEST_VERSION,
    sha256: checksum(credentials, codec),
    credentials: credentials.map(codec.encode),
  }
  return encodeUtf8(`${JSON.stringify(file, null, INDENT)}\n`)
}

/**
 * Reads the content of a credential file; no bytes at all are an empty store.
 * @throws DecodeError `utf8-malformed`, `json-malformed` or `base64url-malformed` for whatever `encodeCredentialFile` does not write.
 * No message and no cause carries content of the file.
 */
export function decodeCredentialFile(bytes: Uint8Array): readonly StoredCredential[] {
  if (bytes.length === 0) return []
  const file = membersOf(parseJson(decodeUtf8(bytes)), 'the file')
  if (file.get('format') !== FORMAT) throw malformed('it is no credential file')
  const codec = codecOf(file.get('version'))
  file.expectOnly(['format', 'version', 'sha256', 'credentials'])
  const credentials = arrayOf(file.get('credentials'), 'credentials').map((entry, index) =>
    decodeEntry(codec, entry, index),
  )
  if (file.get('sha256') !== checksum(credentials, codec)) throw malformed('its checksum does not fit')
  expectUnique(credentials)
  return credentials
}

function codecOf(version: unknown): EntryCodec {
  if (version === 1 || version === LATEST_VERSION) return ENTRY_CODECS[version]
  throw malformed(`its version is neither 1 nor ${LATEST_VERSION}`)
}

function checksum(credentials: readonly StoredCredential[], codec: EntryCodec): string {
  return createHash('sha256')
    .update(JSON.stringify(credentials.map(codec.encode)))
    .digest('base64url')
}

function expectUnique(credentials: readonly StoredCredential[]): void {
  const ids = new Set(credentials.map(({ credentialId }) => encodeHex(credentialId)))
  if (ids.size !== credentials.length) throw malformed('two credentials have the same credentialId')
}
