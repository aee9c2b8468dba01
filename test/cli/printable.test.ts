import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { openFileLinkStore } from '../../src/adapters/stores/file-link-store.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { toFailure } from '../../src/cli/failure.js'
import { Output } from '../../src/cli/output.js'
import { PhoneWatch } from '../../src/cli/phone/watch.js'
import { stepsTo } from '../../src/cli/text/steps.js'
import { serveEventsTo } from '../../src/cli/text/serve.js'
import { tunnelEventsTo } from '../../src/cli/text/tunnel.js'
import { DecodeError } from '../../src/errors.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { sampleLink } from '../support/link-samples.js'
import { playedEnvironment } from '../support/played-environment.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerTest } from '../support/test-folder.js'

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** C0, delete and C1, soft hyphen, marks, embeddings and isolates of direction, zero width, separators, tags, half a letter. */
const HARMFUL = [
  ...[...range(0, 0x1f), ...range(0x7f, 0x9f), 0xad, 0x61c, ...range(0x200b, 0x200f)],
  ...[...range(0x2028, 0x202e), ...range(0x2060, 0x206f), 0xfeff, 0xfff9, 0xe0041, 0xd800],
]
const ALL = HARMFUL.map(letter => String.fromCodePoint(letter)).join('a')
/** As it may come in well-formed JSON and UTF-8. */
const EVIL = `${ALL.slice(0, -1)}z`
const NOT_LINES = new RegExp(
  `[${HARMFUL.filter(letter => letter !== 10)
    .map(escapeOf)
    .join('')}]`,
  'u',
)

function escapeOf(letter: number): string {
  return `\\u{${letter.toString(16)}}`
}

const folder = useFolderPerTest()

beforeEach(async () => {
  const passkeys = await openFileCredentialStore(folder.at('passkeys.json'))
  const names = { rpId: EVIL, rpName: EVIL, userName: EVIL, userDisplayName: EVIL }
  await passkeys.put(sampleCredential(1, names))
  await passkeys.close()
  await (await openFileLinkStore(folder.at('links.json'))).put(sampleLink(1, { name: EVIL }))
})

const stores: Readonly<Record<string, readonly string[]>> = {
  phone: ['--store', 'passkeys.json'],
  client: ['--links', 'links.json'],
}

function run(command: readonly string[], input?: string): Promise<CliRun> {
  const [option = '', name = ''] = (input === undefined && stores[command[0] ?? '']) || []
  const stdin = new PassThrough().end(input ?? '')
  return runHere([...command, ...(option === '' ? [] : [option, folder.at(name)])], { stdin })
}

/** What an embedded part tells people about an error that quotes a peer. */
async function told(tell: (output: Output, error: DecodeError) => unknown, json: boolean): Promise<CliRun> {
  const cause = new Error(EVIL)
  const error = new DecodeError('ctap-malformed', EVIL, { cause })
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const surroundings = { stdout, stderr, env: {}, stdin: new PassThrough(), version: '1' }
  const never = () => () => undefined
  const rest = { signal: new AbortController().signal, onHangUp: never, onNextSignal: never }
  const output = new Output(
    { ...surroundings, ...rest, environment: playedEnvironment(), platform: () => neverAsked() },
    json,
  )
  await tell(output, error)
  const text = (stream: PassThrough): string => String(stream.read() ?? '')
  return { code: 0, stdout: text(stdout), stderr: text(stderr) }
}

function neverAsked(): never {
  throw new Error('nothing here needs a platform')
}

const evilOptions = JSON.stringify({ ...CREATION_OPTIONS, rp: { id: EVIL, name: EVIL } })
const REGISTER = 'client register --options - --origin https://example.com --tunnel-url ws://127.0.0.1:1'
const STEP = { role: 'phone', elapsedMs: 1, proximity: 'bluetooth' } as const

const COMMANDS: Readonly<Record<string, () => Promise<CliRun>>> = {
  'phone list': () => run(['phone', 'list']),
  'phone show': () => run(['phone', 'show', 'AQEB']),
  'phone rename': () => run(['phone', 'rename', 'AQEB', EVIL]),
  'phone accept': () => run(['phone', 'accept', 'AQEB']),
  'phone delete': () => run(['phone', 'delete', 'AQEB', '--yes']),
  'client links': () => run(['client', 'links']),
  'client links forget': () => run(['client', 'links', 'forget', EVIL]),
  'a link that is not there': () => run(['client', 'links', 'forget', `${EVIL}!`]),
  'client register': () => run([...REGISTER.split(' '), '--scan', 'stdin'], evilOptions),
  inspect: () => run(['inspect', `03${encodeHex(encodeUtf8(JSON.stringify({ [EVIL]: EVIL })))}`]),
}

const PARTS: Readonly<Record<string, (output: Output, error: DecodeError) => unknown>> = {
  'the end of a command': (output, error) => output.failure(toFailure(error)),
  'a bug': (output, { message }) => output.failure(toFailure(new Error(message))),
  'a step': (output, error) => stepsTo(output)({ ...STEP, role: 'authenticator', event: 'closed', error }),
  'a lost line': (output, error) =>
    serveEventsTo(output)({ event: 'line-lost', error, retryInMs: 1, proximity: 'bluetooth' } as never),
  'a failed call': (output, error) =>
    serveEventsTo(output)({
      event: 'failed',
      error,
      link: { linkId: new Uint8Array(8), linkedAt: 1 },
      requestType: 'mc',
    } as never),
  'a listener that failed': (output, error) => tunnelEventsTo(output)({ type: 'listener-failed', error }),
  'a fault behind a transaction': (output, error) => {
    const watch = new PhoneWatch(output)
    watch.onFault(error)
    watch.tellFault()
  },
  'a note with all of it': (output, { message }) => output.note(message),
  'a result with all of it': (output, { message }) => output.result(message),
}

describe('names and messages of others play no tricks on a terminal', () => {
  test.each(Object.keys(COMMANDS))('%s', async name => {
    const { stdout, stderr } = (await COMMANDS[name]?.()) ?? { stdout: '', stderr: '' }
    expect(stdout + stderr).not.toBe('')
    expect(stdout + stderr).not.toMatch(NOT_LINES)
  })

  test.each(Object.entries(PARTS))('%s', async (_, part) => {
    const { stdout, stderr } = await told(part, false)
    expect(stdout + stderr).not.toBe('')
    expect(stdout + stderr).not.toMatch(NOT_LINES)
  })

  test.each(Object.entries(PARTS).slice(0, 7))('%s, in JSON that means the same', async (_, part) => {
    const { stdout, stderr } = await told(part, true)
    expect(stdout + stderr).not.toMatch(NOT_LINES)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.stringify(eventsOf({ code: 0, stdout, stderr }))).toContain(JSON.stringify(EVIL).slice(1, -1))
  })
})

test('a message is one line: what comes behind a line break cannot pass for another', async () => {
  const { stderr } = await told(
    output => output.failure(toFailure(new DecodeError('ctap-malformed', 'a\r\n  cure:  b'))),
    false,
  )
  expect(stderr.split('\n')[0]).toBe('error: a cure:  b (ctap-malformed)')
})

test('the end of an RP ID is shown, however long its beginning', async () => {
  const passkeys = await openFileCredentialStore(folder.at('passkeys.json'))
  await passkeys.put(sampleCredential(2, { rpId: `${'good.example.'.repeat(12)}evil.test` }))
  await passkeys.close()
  for (const command of [['list'], ['show', 'AgIC']])
    expect((await run(['phone', ...command])).stdout).toContain('evil.test')
})
