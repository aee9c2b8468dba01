import { encodeBase64url } from '../../bytes/base64url.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { copyCredential, credentialFault } from './credential-record.js'
import { malformed, membersOf } from './json-members.js'
import type { JsonMembers } from './json-members.js'

type JsonEntry = Readonly<Record<string, string | number | boolean>>

/** One credential in one version of the file. */
export interface EntryCodec {
  /** In the order of the file’s description. */
  readonly encode: (credential: StoredCredential) => JsonEntry
  readonly decode: (members: JsonMembers) => StoredCredential
}

/** The version that is written. */
export const LATEST_VERSION = 2

/** Every version that is read. */
export const ENTRY_CODECS: { readonly [Version in 1 | typeof LATEST_VERSION]: EntryCodec } = {
  1: {
    encode: encodeVersion1,
    decode: read => ({
      ...decodeVersion1(read),
      backupEligible: false,
      backedUp: false,
      hmacSecret: new Uint8Array(),
      credProtect: 1,
      largeBlob: new Uint8Array(),
      largeBlobSize: 0,
      confirmed: true,
    }),
  },
  2: {
    encode: credential => ({ ...encodeVersion1(credential), ...encodeAdditions(credential) }),
    decode: read => ({ ...decodeVersion1(read), ...decodeAdditions(read) }),
  },
}

/** @throws DecodeError `json-malformed` or `base64url-malformed` for whatever the codec does not write. */
export function decodeEntry(codec: EntryCodec, value: unknown, index: number): StoredCredential {
  const what = `credential ${index + 1}`
  const members = membersOf(value, what)
  const credential = copyCredential(codec.decode(members))
  members.expectOnly(Object.keys(codec.encode(credential)))
  const fault = credentialFault(credential)
  if (fault !== undefined) throw malformed(`${what}: ${fault}`)
  return credential
}

type Addition =
  'backupEligible' | 'backedUp' | 'hmacSecret' | 'credProtect' | 'largeBlob' | 'largeBlobSize' | 'confirmed'

function encodeVersion1(credential: StoredCredential): JsonEntry {
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

function decodeVersion1(read: JsonMembers): Omit<StoredCredential, Addition> {
  return {
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
  }
}

function encodeAdditions(credential: StoredCredential): JsonEntry {
  return {
    backupEligible: credential.backupEligible,
    backedUp: credential.backedUp,
    hmacSecret: encodeBase64url(credential.hmacSecret),
    credProtect: credential.credProtect,
    largeBlob: encodeBase64url(credential.largeBlob),
    largeBlobSize: credential.largeBlobSize,
    confirmed: credential.confirmed,
  }
}

function decodeAdditions(read: JsonMembers): Pick<StoredCredential, Addition> {
  return {
    backupEligible: read.boolean('backupEligible'),
    backedUp: read.boolean('backedUp'),
    hmacSecret: read.bytes('hmacSecret'),
    credProtect: read.number('credProtect'),
    largeBlob: read.bytes('largeBlob'),
    largeBlobSize: read.number('largeBlobSize'),
    confirmed: read.boolean('confirmed'),
  }
}
