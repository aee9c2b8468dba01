import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { alwaysRefuse, createLab, createRelyingParty } from '../../src/testing.js'
import type { LabOptions, LabPhoneOptions } from '../../src/testing.js'
import { createTrace, TRACE_MAX_BYTES } from '../../src/trace.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const RUN =
  '{"type":"trace","format":1,"library":"0.1.0","runtime":"node","runtimeVersion":"22.1.0","radio":"bluez"}\n'
const SESSION =
  '{"type":"session","session":1,"role":"client","kind":"qr-initiated","requestType":"mc","proximity":"bluetooth"}\n'
const at = (ms: number, type: string, members: object = {}): string =>
  `${JSON.stringify({ type, session: 1, ms, ...members })}\n`
const step = (ms: number, event: string): string => at(ms, 'step', { event })
const failing = (ms: number, error: object, more: object = {}): string =>
  at(ms, 'end', { errors: [error], ...more })

async function inspected(text: string, ...more: string[]): Promise<string> {
  await writeFile(folder.at('a.trace'), text)
  const run = await runHere(['inspect', folder.at('a.trace'), ...more])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  return run.stdout
}

/** The trace of a client that registers with this phone. */
async function registration(options: LabPhoneOptions = {}, inLab: LabOptions = {}): Promise<string> {
  const lines: string[] = []
  const lab = createLab(inLab)
  const phone = lab.phone(options)
  const trace = createTrace({ write: line => lines.push(line) })
  const rp = await createRelyingParty({ origin: 'https://login.example.com' })
  const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace })
  const ceremony = { origin: rp.origin, onQr, trace }
  await lab
    .client()
    .create(await rp.creationOptions(), ceremony)
    .catch(() => undefined)
  return lines.join('')
}

const unheard = RUN + SESSION + step(40, 'scanning') + step(41, 'qr-shown')
const late = { code: 'advert-timeout', stage: 'advert' }

describe('inspect of a trace', () => {
  test('draws the timeline of each session, within 80 columns and without colours', async () => {
    const text = await inspected(await registration())
    expect(text).toContain('laptop, by QR code, to register a passkey, nearness simulated')
    expect(text).toContain('phone, by QR code, to register a passkey, nearness simulated, code 0 s old')
    for (const stage of ['the phone is waited for', 'keys are agreed on', 'this phone’s user answers'])
      expect(text).toMatch(new RegExp(`^${stage} +=+ +\\d+\\.\\d\\d s$`, 'm'))
    expect(text).toContain('the phone says: features ctap; versions FIDO_2_0 FIDO_2_1;')
    expect(text).toContain('request makeCredential: ')
    expect(text).toContain('answer SUCCESS (0x00): ')
    expect(text.match(/^it worked$/gm)).toHaveLength(2)
    expect(text.split('\n').filter(line => line.length > 80)).toEqual([])
    expect(text).not.toContain('\u001B')
  })

  test.each([
    ['ble', true, false],
    ['auto', true, false],
    ['tunnel', false, true],
  ] as const)('shows what carried the laptop’s session: %s', async (dataChannel, hasChannel, hasTunnel) => {
    const [laptop = '', phone = ''] = (await inspected(await registration({}, { dataChannel }))).split(
      '\nphone, ',
    )
    expect(laptop.includes('the data channel opens')).toBe(hasChannel)
    expect(laptop.includes('the tunnel opens')).toBe(hasTunnel)
    expect(phone).toMatch(/^the radio starts +=+ /m)
    expect(phone).not.toContain('the data channel opens')
  })

  test('draws a broken stage to its place', async () => {
    const text = await inspected(unheard + failing(1040, late, { heard: 0 }) + step(1040, 'closed'))
    expect(text).toMatch(/^the radio starts {11}== {43}0\.04 s$/m)
    expect(text).toMatch(/^the phone is waited for {6}x{39} {4}1\.00 s$/m)
    expect(text, 'a session that fails is closed without one').not.toContain('goodbye')
  })

  test.each<[string, string, readonly string[]]>([
    [
      'a deaf radio',
      unheard + failing(9000, late, { heard: 0 }),
      [
        'it broke during "advert": advert-timeout',
        'no hybrid advert of any phone came in',
        'Scan the code, keep the phone near',
        'run "fido-hybrid doctor"',
      ],
    ],
    [
      'a phone that is not among those heard',
      unheard + failing(9000, late, { heard: 3 }),
      ['this machine hears phones, but the one that scanned this code was not among them'],
    ],
    [
      'a refused tunnel',
      unheard + failing(50, { code: 'tunnel-refused', status: 429, stage: 'tunnel' }),
      ['it broke during "tunnel": tunnel-refused (HTTP 429)', 'Wait a minute, then try again'],
    ],
    [
      'a failing tunnel service',
      unheard + failing(50, { code: 'tunnel-refused', status: 503, stage: 'tunnel' }),
      ['Wait and try again: the tunnel service is failing or full'],
    ],
    [
      'a cause of the system',
      RUN +
        SESSION +
        at(9, 'end', { errors: [{ code: 'tunnel-unreachable', stage: 'tunnel' }, { code: 'ECONNREFUSED' }] }),
      ['tunnel-unreachable < ECONNREFUSED', 'Check the network'],
    ],
    [
      'a data channel that does not open',
      unheard +
        step(45, 'advert-seen') +
        step(46, 'channel-connecting') +
        failing(8046, { code: 'channel-unreachable' }),
      [
        'it broke during "channel": channel-unreachable',
        'its Bluetooth was busy',
        'leave --data-channel out',
      ],
    ],
    [
      'a tunnel that followed a data channel',
      unheard +
        step(46, 'channel-connecting') +
        step(50, 'tunnel-connecting') +
        failing(90, { code: 'callback-failed' }),
      ['it broke during "tunnel": callback-failed'],
    ],
    [
      'a phone that hangs up',
      unheard + failing(50, { code: 'peer-closed', closeCode: 1000, stage: 'response' }),
      ['peer-closed (close code 1000)', 'phones hang up then, and do not say why'],
    ],
    ['a program that was killed', unheard, ['the program was killed, or is still at work']],
    [
      'a run that was stopped',
      unheard + failing(50, { code: 'aborted' }),
      ['it was stopped on purpose, during "advert"', 'start it again'],
    ],
    [
      'a failure before the session',
      `${RUN}{"type":"failure","name":"SecurityError","errors":[{"code":"rp-id-mismatch"}]}\n`,
      ['the command failed: rp-id-mismatch', 'Use an RP ID that the origin may claim'],
    ],
    ['a run without anything', RUN, ['nothing happened in it']],
    ['a trace that is full', `${RUN}{"type":"full"}\n`, ['(the trace is full)']],
  ])('says what is behind %s', async (_what, trace, words) => {
    const text = (await inspected(trace)).replace(/\n +/g, ' ')
    for (const word of words) expect(text).toContain(word)
  })

  test('names the status of an answer, and what to do about it', async () => {
    const text = (await inspected(await registration({ consent: alwaysRefuse('deny') }))).replace(
      /\n +/g,
      ' ',
    )
    expect(text).toContain('the phone answered ERR_OPERATION_DENIED (0x27)')
    expect(text).toContain('The request was refused on the phone')
  })

  test('says the same to programs', async () => {
    await writeFile(folder.at('a.trace'), unheard + failing(9000, late, { heard: 0 }))
    const [event] = eventsOf(await runHere(['inspect', folder.at('a.trace'), '--json']))
    expect(event).toMatchObject({
      event: 'inspected',
      kind: 'trace',
      members: {
        runs: [
          {
            about: { library: '0.1.0', radio: 'bluez' },
            sessions: [
              {
                role: 'client',
                broke: 'advert',
                isOver: true,
                stages: [
                  { stage: 'radio', startMs: 0, endMs: 40 },
                  { stage: 'advert', startMs: 40 },
                ],
                diagnosis: { what: 'it broke during "advert": advert-timeout' },
              },
            ],
          },
        ],
      },
    })
  })

  test('makes a page of it', async () => {
    const text = await inspected(unheard + failing(9000, late, { heard: 0 }), '--html', folder.at('a.html'))
    expect(text).toBe('')
    const page = await readFile(folder.at('a.html'), 'utf8')
    expect(page).toContain('<h1>Trace of fido-hybrid</h1>')
    expect(page).toContain('it broke during &#34;advert&#34;: advert-timeout')
    expect(page.match(/<rect /g)).toHaveLength(2)
  })

  test.each<[string, string, RegExp]>([
    ['another file', 'FIDO', /is no trace/],
    ['a recording', '{"type":"recording","format":1}\n', /"replay" plays it/],
    ['a trace of another version', '{"type":"trace","format":2}\n', /json-malformed/],
    ['a hostile line', `${RUN}{"type":"step","session":1,"ms":0,"event":"\\u001b[2J"}\n`, /json-malformed/],
    ['a file that is too large', RUN.padEnd(TRACE_MAX_BYTES + 1), /more than the 1048576 bytes/],
  ])('refuses %s', async (_what, text, message) => {
    await writeFile(folder.at('a.trace'), text)
    const run = await runHere(['inspect', folder.at('a.trace')])
    expect(run.code).toBeGreaterThan(0)
    expect(run.stdout).toBe('')
    expect(run.stderr).toMatch(message)
  })

  test('takes --html for traces only', async () => {
    const run = await runHere(['inspect', '01a5', '--html', folder.at('a.html')])
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('--html is for traces') as string })
  })
})
