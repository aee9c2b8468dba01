import { createHash } from 'node:crypto'
import { decodeBase64url, encodeBase64url } from '../../bytes/base64url.js'
import { encodeHex } from '../../bytes/hex.js'
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.js'
import { DecodeError } from '../../errors.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { copyCredential, credentialFault } from './credential-record.js'

const FORMAT = 'fido-hybrid credentials'
const VERSION = 1
const INDENT = 2

/**
 * Writes the content of a credential file.
 *
 * The file, version 1: UTF-8 JSON. Byte strings are base64url without padding; members are exactly these.
 *
 * {
 *   "format": "fido-hybrid credentials",
 *   "version": 1,
 *   "sha256": SHA-256 of the text JSON.stringify(credentials), members in the order below,
 *   "credentials": [
 *     { "credentialId": bytes, "privateKey": bytes, "algorithm": integer, "rpId": text, "rpName": text, "userId": bytes,
 *       "userName": text, "userDisplayName": text, "discoverable": boolean, "signCount": integer, "createdAt": ms since 1970 }
 *   ]
 * }
 */
export function encodeCredentialFile(credentials: readonly StoredCredential[]): Uint8Array {
  const file = {
    format: FORMAT,
    version: VERSION,
    sha256: checksum(credentials),
    credentials: credentials.map(encodeRecord),
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
  if (file.get('version') !== VERSION) throw malformed(`its version is not ${VERSION}`)
  expectMembers(file, ['format', 'version', 'sha256', 'credentials'], 'the file')
  const credentials = arrayOf(file.get('credentials')).map(decodeRecord)
  if (file.get('sha256') !== checksum(credentials)) throw malformed('its checksum does not fit')
  expectUnique(credentials)
  return credentials
}

function checksum(credentials: readonly StoredCredential[]): string {
  return createHash('sha256')
    .update(JSON.stringify(credentials.map(encodeRecord)))
    .digest('base64url')
}

function encodeRecord(credential: StoredCredential): Readonly<Record<string, unknown>> {
  return {
    credentialId: encodeBase64url(credential.credentialId),
    privateKey: encodeBase64url(credential.privateKey),
    algorithm: credential.algorithm,
    rpId: credential.rpId,
    rpName: credential.rpName,
    userId: encodeBase64url(credential.userId),
    userName: credential.userName,
    userDisplayName: credential.userDisplayName,
    discoverable: credential.discoverable,
    signCount: credential.signCount,
    createdAt: credential.createdAt,
  }
}

function decodeRecord(value: unknown, index: number): StoredCredential {
  const what = `credential ${index + 1}`
  const members = membersOf(value, what)
  const read = memberReader(members, what)
  const credential = copyCredential({
    credentialId: read.bytes('credentialId'),
    privateKey: read.bytes('privateKey'),
    algorithm: read.number('algorithm'),
    rpId: read.text('rpId'),
    rpName: read.text('rpName'),
    userId: read.bytes('userId'),
    userName: read.text('userName'),
    userDisplayName: read.text('userDisplayName'),
    discoverable: read.boolean('discoverable'),
    signCount: read.number('signCount'),
    createdAt: read.number('createdAt'),
  })
  expectMembers(members, Object.keys(credential), what)
  const fault = credentialFault(credential)
  if (fault !== undefined) throw malformed(`${what}: ${fault}`)
  return credential
}

type Members = ReadonlyMap<string, unknown>

interface MemberReader {
  bytes(name: string): Uint8Array
  text(name: string): string
  number(name: string): number
  boolean(name: string): boolean
}

function memberReader(members: Members, what: string): MemberReader {
  const text = (name: string): string => {
    const value = members.get(name)
    if (typeof value === 'string') return value
    throw malformed(`${what}: ${name} is not text`)
  }
  return {
    text,
    bytes: name => decodeBase64url(text(name)),
    number: name => {
      const value = members.get(name)
      if (typeof value === 'number') return value
      throw malformed(`${what}: ${name} is not a number`)
    },
    boolean: name => {
      const value = members.get(name)
      if (typeof value === 'boolean') return value
      throw malformed(`${what}: ${name} is not a boolean`)
    },
  }
}

// The parser’s own error quotes the text around the fault, which may be a private key: it is not passed on.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is not JSON')
  }
}

function membersOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${what} is not an object`)
  }
  return new Map<string, unknown>(Object.entries(value))
}

function arrayOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw malformed('credentials is not an array')
}

// Members this version does not know would be lost by the next write.
function expectMembers(members: Members, names: readonly string[], what: string): void {
  if (members.size !== names.length) throw malformed(`${what} has members of another version`)
}

function expectUnique(credentials: readonly StoredCredential[]): void {
  const ids = new Set(credentials.map(({ credentialId }) => encodeHex(credentialId)))
  if (ids.size !== credentials.length) throw malformed('two credentials have the same credentialId')
}

function malformed(message: string): DecodeError {
  return new DecodeError('json-malformed', message)
}
