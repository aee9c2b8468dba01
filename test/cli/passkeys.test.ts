import { beforeEach, describe, expect, test } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import type { StoredCredential } from '../../src/ports/credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useStoreFolder } from '../support/store-folder.js'

const folder = useStoreFolder()

/** Their IDs begin with `-_-_`, `AAAA` and `AAAB`. */
const PASSKEYS: readonly StoredCredential[] = [
  { ...sampleCredential(1), credentialId: idOf(0xfb, 0xff, 0xbf), userName: 'eve\u001b[2Jil' },
  { ...sampleCredential(2), credentialId: idOf(0, 0, 0), createdAt: Number.MAX_SAFE_INTEGER },
  { ...sampleCredential(3), credentialId: idOf(0, 0, 1), confirmed: false },
]
const IDS = PASSKEYS.map(({ credentialId }) => encodeBase64url(credentialId))

function idOf(...head: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => head[index] ?? 7)
}

beforeEach(async () => {
  const store = await openFileCredentialStore(folder.at('passkeys.json'))
  for (const passkey of PASSKEYS) await store.put(passkey)
  await store.close()
})

function phone(...args: readonly string[]): Promise<CliRun> {
  return runHere(['phone', ...args, '--store', folder.at('passkeys.json')])
}

describe('list', () => {
  test('gives an event each, without private keys', async () => {
    const run = await phone('list', '--json')
    expect(eventsOf(run).map(({ event, credentialId }) => [event, credentialId])).toEqual(
      IDS.map(id => ['passkey', id]),
    )
    for (const { privateKey } of PASSKEYS) expect(run.stdout).not.toContain(encodeBase64url(privateKey))
    expect(run.stdout).not.toMatch(/private/i)
  })

  test('gives a line each, without what plays tricks on terminals', async () => {
    const { code, stdout } = await phone('list')
    const lines = stdout.trimEnd().split('\n')
    expect([code, lines.length]).toEqual([0, PASSKEYS.length])
    expect(lines[0]).toContain('eve\uFFFD[2Jil')
  })

  test('says where it found nothing', async () => {
    const run = await runHere(['phone', 'list', '--store', folder.at('other.json'), '--json'])
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(run.stderr).toContain('other.json')
  })

  test('looks where XDG says, unless told otherwise', async () => {
    const run = await runHere(['phone', 'list'], { env: { XDG_DATA_HOME: folder.at('data') } })
    expect(run.stderr).toContain(folder.at('data', 'fido-hybrid', 'passkeys.json'))
  })
})

describe('show', () => {
  test.each([
    [IDS[0] ?? '', 0],
    ['-_-_', 0],
    ['AAAA', 1],
    [IDS[2] ?? '', 2],
  ])('%s', async (id, index) => {
    const run = await phone('show', id, '--json')
    expect(eventsOf(run)).toMatchObject([{ event: 'passkey', credentialId: IDS[index] }])
    expect((await phone('show', id)).stdout).toContain(`credentialId    ${IDS[index] ?? ''}`)
  })

  test.each([
    ['zzzz', 'no passkey'],
    ['AAA', '2 passkeys'],
    ['', '3 passkeys'],
  ])('"%s" is not one', async (id, words) => {
    const run = await phone('show', id, '--json')
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'argument-invalid' }])
    expect(run.stdout).toContain(words)
  })
})

describe('delete', () => {
  test('takes one away, and only one', async () => {
    const run = await phone('delete', 'AAAB', '--json')
    expect(run.code).toBe(0)
    expect(eventsOf(run)).toMatchObject([{ event: 'deleted', credentialId: IDS[2] }])
    const left = eventsOf(await phone('list', '--json')).map(({ credentialId }) => credentialId)
    expect(left).toEqual(IDS.slice(0, 2))
  })

  test('an unknown one fails', async () => {
    expect((await phone('delete', 'zzzz', '--json')).code).toBe(1)
  })
})

describe('a passkey that was never confirmed', () => {
  test('is marked', async () => {
    const lines = (await phone('list')).stdout.trimEnd().split('\n')
    expect(lines.map(line => line.endsWith('  never confirmed'))).toEqual([false, false, true])
    expect(eventsOf(await phone('list', '--json')).map(({ confirmed }) => confirmed)).toEqual([
      true,
      true,
      false,
    ])
  })

  test('can be accepted', async () => {
    const run = await phone('accept', 'AAAB', '--json')
    expect(eventsOf(run)).toMatchObject([{ event: 'accepted', credentialId: IDS[2], confirmed: true }])
    expect((await phone('list')).stdout).not.toContain('never confirmed')
  })
})
