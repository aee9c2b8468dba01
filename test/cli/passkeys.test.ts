import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import type { StoredCredential } from '../../src/ports/credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()

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
    const { stdout } = await phone('show', id)
    expect(stdout).toContain(`credentialId    ${IDS[index] ?? ''}`)
    expect(stdout).toContain('algorithm       ES256 (-7)')
  })

  test.each([
    ['zzzz', 'store-entry-missing', 'no passkey'],
    ['AAA', 'argument-invalid', '2 passkeys'],
    ['', 'argument-invalid', '3 passkeys'],
  ])('"%s" is not one', async (id, code, words) => {
    const run = await phone('show', id, '--json')
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code }])
    expect(run.stdout).toContain(words)
  })
})

async function left(): Promise<readonly unknown[]> {
  return eventsOf(await phone('list', '--json')).map(({ credentialId }) => credentialId)
}

describe('delete', () => {
  /** Somebody at a terminal types this. */
  async function deleteAt(typed: string, ...options: readonly string[]): Promise<CliRun> {
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    stdin.write(typed)
    const store = ['--store', folder.at('passkeys.json')]
    return runHere(['phone', 'delete', 'AAAB', ...store, '--json', ...options], { stdin })
  }

  test('removes exactly one, and says that it also has to be deleted at the site', async () => {
    const run = await phone('delete', 'AAAB', '--yes', '--json')
    expect(run.code).toBe(0)
    expect(eventsOf(run)).toMatchObject([{ event: 'deleted', credentialId: IDS[2] }])
    expect(run.stderr).toContain('also delete it in your account at example.org')
    expect(await left()).toEqual(IDS.slice(0, 2))
  })

  test('an unknown one fails', async () => {
    const run = await phone('delete', 'zzzz', '--yes', '--json')
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ code: 'store-entry-missing' }]])
  })

  test('without a terminal wants --yes', async () => {
    const run = await phone('delete', 'AAAB', '--json')
    expect([run.code, eventsOf(run)]).toMatchObject([2, [{ code: 'argument-invalid' }]])
    expect(run.stdout).toContain('--yes')
    expect(await left()).toEqual(IDS)
  })

  test.each(['y', 'Y', 'yes'])('at a terminal asks, and "%s" is a yes', async typed => {
    const run = await deleteAt(`${typed}\n`)
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/AAAB.*\nDelete it for good\?.*example\.org.*\n\[y, or N\]/)
    expect(await left()).toEqual(IDS.slice(0, 2))
  })

  test.each(['', 'n', 'yessir'])('at a terminal asks, and "%s" is a no', async typed => {
    const run = await deleteAt(`${typed}\n`)
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ code: 'aborted' }]])
    expect(await left()).toEqual(IDS)
  })

  test('at a terminal can be left with Ctrl-C', async () => {
    const run = await deleteAt('\u0003')
    expect([run.code, eventsOf(run)]).toMatchObject([130, [{ code: 'aborted', message: 'ended by Ctrl-C' }]])
    expect(await left()).toEqual(IDS)
  })

  test('at a terminal does not ask with --yes', async () => {
    const run = await deleteAt('n\n', '--yes')
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('[y, or N]')])
  })
})

describe('rename', () => {
  test('gives the name that the phone shows, and leaves the rest', async () => {
    const run = await phone('rename', 'AAAB', 'Ada, at work', '--json')
    expect(run.code).toBe(0)
    const renamed = { event: 'renamed', credentialId: IDS[2], userDisplayName: 'Ada, at work' }
    expect(eventsOf(run)).toMatchObject([renamed])
    const store = await openFileCredentialStore(folder.at('passkeys.json'))
    const kept = PASSKEYS.map((each, at) => (at === 2 ? { ...each, userDisplayName: 'Ada, at work' } : each))
    expect(await store.list()).toEqual(kept)
    expect((await phone('list')).stdout).toContain(`Ada, at work <${PASSKEYS[2]?.userName ?? ''}>`)
  })

  test.each([
    ['x'.repeat(255), 0],
    ['x'.repeat(256), 0],
    ['x'.repeat(257), 2],
    ['😀'.repeat(256), 0],
    ['-x', 0],
    ['', 2],
    [' ', 2],
  ])('takes "%s": exit status %i', async (name, code) => {
    expect((await phone('rename', 'AAAB', name)).code).toBe(code)
  })
})

describe('what changes a passkey wants four letters of its ID', () => {
  test.each([
    ['delete', ['--yes']],
    ['accept', []],
    ['rename', ['Ada']],
  ])('%s', async (command, more) => {
    const three = await phone(command, '-_-', ...more, '--json')
    expect([three.code, eventsOf(three)]).toMatchObject([1, [{ code: 'argument-invalid' }]])
    expect(three.stdout).toContain('at least 4 letters')
    expect(await left()).toEqual(IDS)
    expect((await phone(command, '-_-_', ...more)).code).toBe(0)
    expect((await phone(command, IDS[1] ?? '', ...more)).code).toBe(0)
  })
})

describe('a folder that is not there', () => {
  test.each([
    ['phone list', []],
    ['phone show', ['AAAA']],
    ['phone delete', ['AAAA', '--yes']],
    ['phone accept', ['AAAA']],
    ['phone rename', ['AAAA', 'Ada']],
    ['phone links', []],
    ['phone unlink', ['AAAA']],
    ['phone unlink', ['--all']],
    ['client links', []],
    ['client links forget', ['Ada']],
  ])('is an error for %s %s, and is not made', async (command, operands) => {
    const store = folder.at('nowhere', 'x.json')
    const run = await runHere([...command.split(' '), ...operands, '--store', store, '--json'])
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ code: 'store-unavailable' }]])
    expect(run.stdout).toContain(`the folder ${folder.at('nowhere')} does not exist`)
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  test('is also an error for an identity', async () => {
    const run = await runHere(['phone', 'links', '--identity', folder.at('nowhere', 'x.json'), '--json'])
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ code: 'store-unavailable' }]])
  })

  test('is that of the system’s default on a new machine', async () => {
    const run = await runHere(['phone', 'list'], { env: { XDG_DATA_HOME: folder.at('data') } })
    expect(run.code).toBe(0)
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
