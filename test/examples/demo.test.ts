import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { humanNarrator } from '../../examples/demo/human-narrator.js'
import { KeyboardConsent } from '../../examples/demo/keyboard-consent.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { Qr } from '../../src/client/qr.js'
import type { ConsentRequest } from '../../src/virtual.js'
import { someQrUrl } from '../support/ceremony-inputs.js'
import { Program } from '../support/program.js'
import { readTerminalQrs } from '../support/terminal-qr.js'
import type { Interrupted } from './interrupt-everywhere.js'

const MAIN = 'examples/demo/main.ts'
/** Six a ceremony; those by QR code have an update, too. */
const MESSAGES = 3 * 6 + 2
const ABORTED = { name: 'AbortError', code: 'aborted' }

interface Line {
  readonly event: string
  readonly who?: string
  readonly elapsedMs: number
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line)

test('for people: a QR code for each ceremony that scans, one line a step, and what was verified', async () => {
  const { code, stdout, stderr } = await new Program(MAIN).ending()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(readTerminalQrs(stdout)).toEqual([
    expect.stringMatching(/^FIDO:\/\d+$/),
    expect.stringMatching(/^FIDO:\/\d+$/),
  ])
  expect(stdout).not.toMatch(/\u001b/)
  for (const who of ['laptop', 'phone', 'service', 'relying party'])
    expect(stdout).toMatch(new RegExp(`^ *\\d+\\.\\d ms  ${who} +\\S`, 'm'))
  expect(stdout).toMatch(
    /algorithm +ES256\n.*user verified +yes.*\n.*attestation format +none\n.*counter +2\n/,
  )
  expect(stdout).toContain(`${MESSAGES} messages through the tunnel`)
})

test('for scripts: JSON Lines, each with who, event and time, the last with what was verified', async () => {
  const { code, stdout, stderr } = await new Program(MAIN, { args: ['--json'] }).ending()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = linesOf(stdout)
  for (const { who } of lines) expect(['laptop', 'phone', 'service', 'relying-party']).toContain(who)
  const times = lines.map(({ elapsedMs }) => elapsedMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(lines.at(-1)).toMatchObject({
    event: 'verified',
    who: 'relying-party',
    algorithm: 'ES256',
    userVerified: true,
    attestationFormat: 'none',
    signCount: 2,
    messages: MESSAGES,
  })
  const linked = lines.findIndex(({ event }) => event === 'reachable')
  const events = lines.slice(linked).map(({ who, event }) => `${who} ${event}`)
  expect(events).toContain('phone call')
  expect(events).toContain('relying-party signed-in')
  expect(events).not.toContain('laptop qr-shown')
  // Whoever has the code could take part.
  expect(stdout).not.toContain('FIDO:/')
})

test('Ctrl-C while the phone asks its user ends the demo with 130', async () => {
  const demo = new Program(MAIN, { args: ['--json', '--ask'] })
  await demo.until(stdout => stdout.includes('"who":"phone","event":"awaiting-user"'))
  demo.interrupt()
  const { code, signal, stdout } = await demo.ending()
  expect({ code, signal }).toEqual({ code: 130, signal: null })
  expect(linesOf(stdout).at(-1)).toMatchObject({ event: 'error', ...ABORTED })
})

test('a refusal at the keyboard ends the demo with 1 and a typed error', async () => {
  const demo = new Program(MAIN, { args: ['--json', '--ask'] })
  await demo.until(stdout => stdout.includes('"who":"phone","event":"awaiting-user"'))
  demo.type('n\n')
  const { code, stdout } = await demo.ending()
  expect(code).toBe(1)
  expect(linesOf(stdout).at(-1)).toMatchObject({
    event: 'error',
    name: 'NotAllowedError',
    code: 'peer-closed',
    fault: 'peer',
  })
})

test('three approvals at the keyboard, typed ahead, are enough; the rules are told', async () => {
  const demo = new Program(MAIN, { args: ['--ask'] })
  demo.type('\ny\nYES\n')
  demo.hangUp()
  const { code, stdout } = await demo.ending()
  expect(code).toBe(0)
  expect(stdout).toContain('Enter, y or yes approves; n or anything else refuses')
})

test.each([
  ['', true],
  [' y ', true],
  ['Y', true],
  ['yes', true],
  ['n', false],
  ['no', false],
  ['yess', false],
  ['yn', false],
  [undefined, false],
])('at the keyboard %o is approval: %o', async (line, approved) => {
  const input = new PassThrough()
  input.end(line === undefined ? '' : `${line}\n`)
  const consent = new KeyboardConsent(input, () => undefined)
  expect(await consent.ask({ replacesWorkingPasskey: false } as ConsentRequest)).toMatchObject({ approved })
  consent.close()
})

test.each([
  [undefined, true],
  [42, true],
  [41, true],
  [40, false],
])('the QR code is drawn in %o columns: %o', (columns, drawn) => {
  let told = ''
  const page = { out: (text: string) => (told += text), err: () => undefined, elapsed: () => 0, columns }
  humanNarrator(page, false).draw(new Qr(someQrUrl(), qrcodePainter))
  expect(/█{10}/.test(told)).toBe(drawn)
  expect(told.includes('takes 41 columns')).toBe(!drawn)
})

test('help and bad usage', async () => {
  const [help, misused] = await Promise.all([
    new Program(MAIN, { args: ['--help'] }).ending(),
    new Program(MAIN, { args: ['--nonsense'] }).ending(),
  ])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--ask')
  expect(misused).toMatchObject({ code: 2, stdout: '' })
  expect(misused.stderr).toContain('--nonsense')
})

test('an interrupt at any step of any ceremony ends it, and leaves no socket, no server and no timer behind', async () => {
  const { code, stdout, stderr } = await new Program('test/examples/interrupt-everywhere.ts').ending()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const told = JSON.parse(stdout) as Interrupted[]
  expect(told.filter(({ left }) => left.length > 0)).toEqual([])
  // From the last ceremony’s answer on there is nothing left to interrupt.
  const ended = told.slice(0, told.findLastIndex(({ at }) => at === 'laptop request-sent') + 1)
  expect(ended.length).toBeGreaterThan(40)
  for (const { at, error } of ended) expect({ at, error }).toEqual({ at, error: ABORTED })
})
