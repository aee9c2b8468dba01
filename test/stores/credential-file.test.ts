import { createHash } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { CREDENTIAL_FORMAT } from '../../src/adapters/stores/credential-file.js'
import { decodeStoreFile, encodeStoreFile } from '../../src/adapters/stores/store-format.js'
import type { StoredCredential } from '../../src/ports/credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const credentials = [sampleCredential(1), sampleCredential(2, { discoverable: false, rpName: '' })]
const decodeCredentialFile = (bytes: Uint8Array): readonly StoredCredential[] =>
  decodeStoreFile(CREDENTIAL_FORMAT, bytes)
const encodeCredentialFile = (list: readonly StoredCredential[]): Uint8Array =>
  encodeStoreFile(CREDENTIAL_FORMAT, list)
const content = encodeCredentialFile(credentials)

interface File {
  [member: string]: unknown
  credentials: Record<string, unknown>[]
}

/** The file with a change, and a checksum that fits it. */
function changed(change: (file: File) => void): string {
  const file = JSON.parse(new TextDecoder().decode(content)) as File
  change(file)
  const sha256 = createHash('sha256').update(JSON.stringify(file.credentials)).digest('base64url')
  return JSON.stringify('sha256' in file ? { ...file, sha256 } : file)
}

const first =
  (change: (credential: Record<string, unknown>) => void) =>
  (file: File): void => {
    change(file.credentials[0] ?? {})
  }

/** Written by hand from the format’s description, the checksum with openssl. */
const BY_HAND =
  '{"format":"fido-hybrid credentials","version":2,"sha256":"T1PNoYwrqgwDVLtfmj7L5e0Sq02OEbqHPC8RFhICuUU","credentials":[]}'

describe('the credential file', () => {
  it('reads back what was written', () => {
    expect(decodeCredentialFile(content)).toEqual(credentials)
    expect(encodeCredentialFile(decodeCredentialFile(content))).toEqual(content)
    expect(decodeCredentialFile(encodeCredentialFile([]))).toEqual([])
  })

  it('reads what others wrote by the description', () => {
    expect(decodeCredentialFile(new TextEncoder().encode(BY_HAND))).toEqual([])
    expect(decodeCredentialFile(new TextEncoder().encode(changed(() => undefined)))).toEqual(credentials)
  })

  it('is refused at every truncation', () => {
    for (let length = 0; length < content.length - 1; length++) {
      refuses(() => decodeCredentialFile(content.slice(0, length)))
    }
  })

  it('never reads as something else after a change of one bit', () => {
    for (let position = 0; position < content.length; position++) {
      const damaged = Uint8Array.from(content)
      damaged[position] = (damaged[position] ?? 0) ^ (1 << (position % 8))
      let read: unknown = credentials
      try {
        read = decodeCredentialFile(damaged)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'decode' })
      }
      expect(read).toEqual(credentials)
    }
  })

  it('refuses any other bytes with a DecodeError', () => {
    survivesAnyBytes(decodeCredentialFile, [encodeCredentialFile([sampleCredential(1)])])
  })
})

/** Made by the release that wrote version 1. */
const VERSION_1 = new URL('store-v1.json', import.meta.url)

describe('a file of version 1', () => {
  const ADDED = {
    backupEligible: false,
    backedUp: false,
    hmacSecret: new Uint8Array(),
    credProtect: 1,
    largeBlob: new Uint8Array(),
    largeBlobSize: 0,
    confirmed: true,
  }
  const expected = [
    sampleCredential(1, ADDED),
    sampleCredential(2, { ...ADDED, discoverable: false, rpName: '' }),
  ]

  it('is read', async () => {
    expect(decodeCredentialFile(Uint8Array.from(await readFile(VERSION_1)))).toEqual(expected)
  })

  it('becomes version 2 with the next write, and loses nothing', async () => {
    const path = folder.at('passkeys.json')
    await copyFile(VERSION_1, path)
    const store = await openFileCredentialStore(path)
    expect(await readFile(path)).toEqual(await readFile(VERSION_1))
    await store.put(sampleCredential(3))
    await store.close()
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 2 })
    expect(decodeCredentialFile(Uint8Array.from(await readFile(path)))).toEqual([
      ...expected,
      sampleCredential(3),
    ])
  })

  it('is refused at every truncation, and with members of version 2', async () => {
    const bytes = Uint8Array.from(await readFile(VERSION_1))
    for (let length = 0; length < bytes.length - 1; length++) {
      refuses(() => decodeCredentialFile(bytes.slice(0, length)))
    }
    const file = JSON.parse(new TextDecoder().decode(bytes)) as File
    Object.assign(file.credentials[0] ?? {}, { credProtect: 1 })
    refuses(() => decodeCredentialFile(new TextEncoder().encode(JSON.stringify(file))))
  })
})

const DAMAGE: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing', ''],
  ['no text', Uint8Array.of(0xff, 0xfe, 0x00)],
  ['no JSON', 'passkeys'],
  ['only a line end', '\n'],
  ['zeros, as some file systems leave after a crash', new Uint8Array(content.length)],
  ['half of it', content.slice(0, content.length / 2)],
  ['twice', `${changed(() => undefined)}${changed(() => undefined)}`],
  ['null', 'null'],
  ['an array', '[]'],
  ['another format', changed(file => (file['format'] = 'cookies'))],
  ['an unknown version', changed(file => (file['version'] = 3))],
  ['the version before', changed(file => (file['version'] = 1))],
  ['a version of another type', changed(file => (file['version'] = '2'))],
  ['no version', changed(file => delete file['version'])],
  ['no checksum', changed(file => delete file['sha256'])],
  ['a member too many', changed(file => (file['more'] = 1))],
  ['no list', changed(file => Object.assign(file, { credentials: {} }))],
  ['a credential that is null', changed(file => Object.assign(file, { credentials: [null] }))],
  ['a credential that is a list', changed(file => Object.assign(file, { credentials: [[]] }))],
  ['a duplicate', changed(file => file.credentials.push(...file.credentials.slice(0, 1)))],
  [
    'a checksum of something else',
    JSON.stringify({ ...(JSON.parse(changed(() => undefined)) as File), sha256: 'AAAA' }),
  ],
  ['a credential with a member too many', changed(first(credential => (credential['more'] = 1)))],
  ['a key that is no base64url', changed(first(credential => (credential['privateKey'] = '!'.repeat(43))))],
  ['a key that is too short', changed(first(credential => (credential['privateKey'] = 'AAAA')))],
  ['a credentialId that is too short', changed(first(credential => (credential['credentialId'] = 'AAAA')))],
  ['a userId that is too long', changed(first(credential => (credential['userId'] = 'AAAA'.repeat(22))))],
  ['a secret that is too short', changed(first(credential => (credential['hmacSecret'] = 'AAAA')))],
  ['a level too high', changed(first(credential => (credential['credProtect'] = 4)))],
  ['an empty rpId', changed(first(credential => (credential['rpId'] = '')))],
  ['a lone surrogate', changed(first(credential => (credential['userName'] = '\ud800')))],
  ['a negative count', changed(first(credential => (credential['signCount'] = -1)))],
  ['a broken count', changed(first(credential => (credential['signCount'] = 1.5)))],
  ...Object.keys(sampleCredential(1)).flatMap(member => [
    [`${member} missing`, changed(first(credential => Reflect.deleteProperty(credential, member)))] as const,
    [`${member} null`, changed(first(credential => (credential[member] = null)))] as const,
    [`${member} an object`, changed(first(credential => (credential[member] = {})))] as const,
  ]),
]

describe('a damaged file is reported and left as it is', () => {
  it.each(DAMAGE)('%s', async (_, damaged) => {
    const path = folder.at('passkeys.json')
    await writeFile(path, damaged)
    const before = await readFile(path)
    const error: unknown = await openFileCredentialStore(path).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'store-damaged', message: expect.stringContaining(path) as string })
    expect(inspect(error, { depth: 10 })).not.toMatch(/_v7-|!!!/)
    expect(await readFile(path)).toEqual(before)
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  it('shows in the samples above where a key would be seen', () => {
    expect(new TextDecoder().decode(content)).toMatch(/"privateKey": ".*_v7-/)
  })
})
