import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Interruption } from '../../src/cli/interruption.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerFile } from '../support/test-folder.js'

const folder = useFolderPerFile()

const WAIT = { timeout: 20_000 }
const SILENT = ['--', process.execPath, '-e', '']

test('--list prints the cases and starts nothing', async () => {
  const { code, stdout } = await runHere(['conform', 'client', '--list', '--only', 'message-2-s*'])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout:
      'message-2-short                   must   8.5   registers with a phone that answers the handshake with a byte too few; expected: ERROR and no RESULT, and the end of the process\n',
  })
})

test.each([
  [['conform', 'client'], 'a command is missing'],
  [['conform', 'client', '--only', 'nothing', ...SILENT], '--list prints their names'],
  [['conform', 'client', '--jobs', '0', ...SILENT], '--jobs takes 1 to 64, not 0'],
  [['conform', 'client', '--jobs', '65', ...SILENT], '--jobs takes 1 to 64, not 65'],
  [['conform', 'client', '--timeout', 'soon', ...SILENT], '--timeout takes 1 to 3600, not soon'],
  [['conform', 'client', '--', './nowhere'], 'there is no program ./nowhere'],
  [['conform', 'phone', '--', 'nowhere'], 'there is no program nowhere; one in this folder is ./nowhere'],
  [['conform', 'service', '--', './package.json'], './package.json cannot be run: make it executable'],
  [['conform', 'service', '--', './src'], 'there is no program ./src'],
  [['conform', 'service', '--url', 'http://localhost'], '--url takes ws://host:port or wss://host'],
  [['conform', 'service'], 'a command is missing'],
  [['conform', 'service', '--url', 'ws://127.0.0.1:1', ...SILENT], 'leave the command out'],
  [['conform', 'client', '--report', '/nowhere/at/all', ...SILENT], 'cannot write /nowhere/at/all'],
])('%j is bad usage', async (args, message) => {
  const { code, stderr } = await runHere(args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})

test('a command that does nothing fails, and its report says at which case and why', async () => {
  const [json, html] = [folder.at('report.json'), folder.at('report.html')]
  const files = ['--report', json, '--html', html]
  const run = await runHere(['conform', 'client', '--only', 'register', '--json', ...files, ...SILENT])
  expect(run.code).toBe(1)
  const seen = 'neither RESULT nor ERROR, and exit status 0, without a line QR'
  expect(eventsOf(run)).toMatchObject([
    { event: 'case', name: 'register', passed: false, seen },
    { event: 'conformed', role: 'client', totals: { must: { passed: 0, failed: 1 } } },
  ])
  const report: unknown = JSON.parse(await readFile(json, 'utf8'))
  expect(report).toMatchObject({
    format: 'fido-hybrid-conform',
    version: 1,
    runner: '1.2.3',
    subject: SILENT.slice(1),
    cases: [{ name: 'register', section: '2.1', level: 'must', seen }],
  })
  const page = await readFile(html, 'utf8')
  expect(page).toContain('failed: register')
  expect(page).not.toMatch(/<script|http:|https:/)
})

const SAYING = (line: string): string[] => ['--', process.execPath, '-e', `console.log('${line}')`]
const CODE = `FIDO:/${'1'.repeat(20)}`

test.each([
  ['client', 'ERROR no Bluetooth here', 'the command does not say CAN data-channel: no Bluetooth here'],
  ['client', `QR ${CODE}`, 'the command does not say CAN data-channel'],
  ['client', '', 'the command does not say CAN data-channel'],
  ['phone', 'ERROR no Bluetooth here', 'the command does not say CAN data-channel: no Bluetooth here'],
  ['phone', 'ADVERT fff9 00', 'the command does not say CAN data-channel'],
])(
  'data channels are not tried with a %s that prints “%s”, and that is no failure',
  async (role, line, why) => {
    const [json, html] = [folder.at('left-out.json'), folder.at('left-out.html')]
    const files = ['--report', json, '--html', html]
    const args = ['conform', role, '--only', 'channel-register', ...files, '--json', ...SAYING(line)]
    const run = await runHere(args)
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(new RegExp(`not applicable must +channel-register ${why}\n`))
    const none = { passed: 0, failed: 0 }
    const totals = { must: none, should: none, may: none }
    expect(eventsOf(run)).toEqual([
      { event: 'not-applicable', name: 'channel-register', section: '16.1', level: 'must', why },
      { event: 'conformed', role, totals, notApplicable: 1, durationMs: expect.any(Number) as number },
    ])
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      totals,
      cases: [],
      notApplicable: [{ name: 'channel-register', why }],
    })
    expect(await readFile(html, 'utf8')).toContain('Not applicable')
  },
)

test.each([
  ['', 'the command does not say CAN links'],
  ['CAN data-channel', 'the command does not say CAN links'],
  ['ERROR it keeps none', 'the command does not say CAN links: it keeps none'],
])('links are not tried with a client that prints “%s”', async (line, why) => {
  const args = ['conform', 'client', '--only', 'linked-call', '--json', ...SAYING(line)]
  expect(eventsOf(await runHere(args))).toMatchObject([
    { event: 'not-applicable', name: 'linked-call', why },
    { event: 'conformed', notApplicable: 1 },
  ])
})

test('a client that says CAN data-channel and shows no code fails', async () => {
  const args = ['conform', 'client', '--only', 'channel-register', ...SAYING('CAN data-channel')]
  const { code, stdout } = await runHere(args)
  expect(code).toBe(1)
  expect(stdout).toContain('client: must 0/1, should 0/0, may 0/0 passed')
})

test('people are told how many cases were left out, and why', async () => {
  const { stdout } = await runHere(['conform', 'client', '--only', 'channel-suffix-psm-*', ...SAYING('')])
  expect(stdout).toContain('Not applicable: 5, as the command does not say CAN data-channel\n')
})

test('Ctrl-C ends the command under test', async () => {
  const interrupt = new AbortController()
  const file = folder.at('pid')
  const program = `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => 0, 1000)`
  const words = ['--', process.execPath, '-e', program]
  const running = runHere(['conform', 'client', '--only', 'register', ...words], { signal: interrupt.signal })
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), WAIT).toMatch(/./)
  const pid = await readFile(file, 'utf8')
  interrupt.abort(new Interruption('SIGINT'))
  expect((await running).code).toBe(130)
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
})
