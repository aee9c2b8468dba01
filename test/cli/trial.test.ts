import { readdir, readFile, stat } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { airAdvertiser } from '../../src/adapters/air/air-client.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { Interruption } from '../../src/cli/interruption.js'
import type { ServeEvent } from '../../src/authenticator/serve-events.js'
import { HybridError } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { createLabPhone } from '../../src/testing/lab.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing/lab.js'
import { MemoryPhoneIdentityStore } from '../../src/virtual.js'
import type { Consent, ConsentAnswer } from '../../src/virtual.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useAir } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { playTrial } from '../support/trial-person.js'
import type { PlayedTrial, TrialPerson } from '../support/trial-person.js'

const APPROVED: ConsentAnswer = { approved: true, userVerified: true }
const REFUSED: ConsentAnswer = { approved: false, how: 'hang-up' }
const STEPS = [
  'doctor',
  'register',
  'sign-in',
  'allow-list',
  'two-accounts',
  'prf',
  'excluded',
  'refused',
  'out-of-range',
  'cut-network',
  'code-twice',
  'large-request',
  'remembered',
  'digital-credential',
]

const folder = useFolderPerTest()
const air = useAir()
let tunnel: TunnelServer
let ended: AbortController
beforeEach(async () => {
  tunnel = await serveTunnel({ port: 0 })
  ended = new AbortController()
})
afterEach(async () => {
  ended.abort()
  await tunnel.close()
})

const phoneOf = (options: LabPhoneOptions = {}): LabPhone =>
  createLabPhone({ ...nodePlatform(), tunnelUrl: tunnel.url, ...options }, airAdvertiser(air.url))

const around = (): string[] => ['--scan', `air:${air.url}`, '--tunnel-url', tunnel.url, '--wait', '1']

const play = (person: TrialPerson, ...args: readonly string[]): Promise<PlayedTrial> =>
  playTrial([...around(), ...args], person)

/** Scans what it sees, whatever becomes of it. */
const scannedBy =
  (phone: LabPhone): NonNullable<TrialPerson['scan']> =>
  code => {
    phone.scan(code, { signal: ended.signal }).catch(() => undefined)
  }

const reportOf = async (name: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await readFile(folder.at(name, 'trial.json'), 'utf8')) as Readonly<Record<string, unknown>>

const outcomesIn = ({ steps }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries((steps as { name: string; outcome: string }[]).map(step => [step.name, step.outcome]))

/** A user who does what the steps say. */
function obedientUser(stepNow: () => string): Consent {
  return {
    ask: async ({ accounts }) => {
      if (stepNow() === 'refused') return REFUSED
      if (stepNow() === 'cut-network') {
        const { port } = tunnel
        await tunnel.close()
        tunnel = await serveTunnel({ port })
      }
      const grace = accounts.findIndex(({ userName }) => userName.startsWith('Grace'))
      return stepNow() === 'two-accounts' && grace >= 0 ? { ...APPROVED, account: grace } : APPROVED
    },
  }
}

test('a person goes through all steps with a phone that can do everything', async () => {
  let step = ''
  const codes: string[] = []
  const phone = phoneOf({
    consent: obedientUser(() => step),
    linking: { store: new MemoryPhoneIdentityStore(), name: 'The phone of Ada' },
    wallet: new VirtualWallet({ credentials: { 'openid4vp-v1-unsigned': { vp_token: {} } } }),
  })
  const scans: Promise<unknown>[] = []
  const scan = (code: string, now: string): void => {
    step = now
    codes.push(code)
    const scanned = (): Promise<unknown> => phone.scan(code, { remember: true, signal: ended.signal })
    if (now !== 'out-of-range') scans.push(scanned().catch((error: unknown) => error))
  }
  const serving: Promise<unknown>[] = []
  const answer: TrialPerson['answer'] = async ({ step: now, text }) => {
    if (now === 'remembered' && text.startsWith('Enter goes on')) {
      const serve = new Promise<void>(resolve => {
        const onEvent = ({ event }: ServeEvent): void => (event === 'reachable' ? resolve() : undefined)
        serving.push(phone.serve({ signal: ended.signal, onEvent }))
      })
      await serve
    }
    return text.startsWith('The phone') ? 'Pixel | <9>' : ''
  }
  const run = await play({ answer, scan }, '--out', folder.at('trial'))
  ended.abort()
  await Promise.all(serving)
  const report = await reportOf('trial')
  expect(outcomesIn(report)).toEqual(Object.fromEntries(STEPS.map(name => [name, 'passed'])))
  expect(report).toMatchObject({
    role: 'laptop',
    radio: 'air',
    simulated: true,
    devices: { phone: 'Pixel | <9>' },
  })
  expect([run.code, await readdir(folder.at('trial'))]).toEqual([0, ['traces', 'trial.json', 'trial.md']])

  // The code that is shown again is the same, and no phone gets through with it.
  const doubled = codes.filter((code, place) => codes.indexOf(code) < place)
  expect(doubled).toHaveLength(1)
  expect(await scans[codes.lastIndexOf(doubled[0] ?? '') - 1]).toBeInstanceOf(HybridError)

  const traces = await readdir(folder.at('trial', 'traces'))
  const withoutCeremony = ['doctor']
  expect(traces.toSorted()).toEqual(
    STEPS.filter(name => !withoutCeremony.includes(name))
      .map(name => `${name}.jsonl`)
      .toSorted(),
  )
  const files = ['trial.json', 'trial.md', ...traces.map(name => `traces/${name}`)]
  const texts = await Promise.all(files.map(name => readFile(folder.at('trial', name), 'utf8')))
  const published = texts.join('')
  expect(report['steps']).toContainEqual(
    expect.objectContaining({
      name: 'register',
      tries: [expect.objectContaining({ trace: 'traces/register.jsonl' })],
    }),
  )
  const passkeys = await phone.store.list()
  expect(passkeys.map(({ userName }) => userName)).toEqual(['Ada (trial)', 'Grace (trial)'])
  const ids = passkeys.map(({ credentialId }) => encodeBase64url(credentialId))
  for (const secret of [
    ...ids,
    ...codes,
    'fido-hybrid.example',
    'The phone of Ada',
    '127.0.0.1',
    folder.path,
  ])
    expect(published).not.toContain(secret)
  expect(published).toContain('| Pixel &#124; &#60;9&#62; |')

  expect(run.screens[0]).toContain('through 14 steps')
  const last = run.screens.at(-1) ?? ''
  expect(last).toContain('14 of 14 steps passed, 0 not done')
  expect(last).toMatch(
    /Delete these passkeys of fido-hybrid\.example on the phone.* Ada\s+\(trial\), Grace\s+\(trial\)/s,
  )
}, 60_000)

describe('a trial that the person leaves', () => {
  const begun = (text: string): boolean => text.startsWith('Enter begins')

  test('is left with a report, and goes on where it was', async () => {
    const phone = phoneOf()
    const notes = ['r', 'n it asked twice', 'q']
    const answer: TrialPerson['answer'] = ({ step, text }) => {
      if (text.startsWith('As described')) return step === 'register' ? notes.shift() : 'q'
      return begun(text) && step === 'doctor' ? 's' : ''
    }
    const first = await play({ answer, scan: scannedBy(phone) }, '--out', folder.at('trial'))
    expect(first.code).toBe(1)
    const report = await reportOf('trial')
    expect(outcomesIn(report)).toMatchObject({
      doctor: 'skipped',
      register: 'failed',
      'sign-in': 'passed',
      'allow-list': 'not-done',
    })
    expect(report['steps']).toContainEqual(
      expect.objectContaining({ name: 'register', asDescribed: false, note: 'it asked twice' }),
    )
    expect(await phone.store.list()).toHaveLength(1)

    const asked: string[] = []
    const second = await play(
      {
        answer: ({ step, text }) => {
          if (asked.length === 0) asked.push(step, text)
          return begun(text) && step === 'prf' ? 'q' : ''
        },
        scan: scannedBy(phone),
      },
      '--resume',
      folder.at('trial'),
      '--steps',
      'allow-list,register,prf',
    )
    expect(asked).toEqual(['register', expect.stringContaining('Enter begins')])
    expect(second.code).toBe(0)
    expect(outcomesIn(await reportOf('trial'))).toMatchObject({ register: 'passed', 'allow-list': 'passed' })
    expect(await phone.store.list()).toHaveLength(1)
    expect((await stat(folder.at('trial', 'private'))).mode & 0o077).toBe(0)
  }, 60_000)

  test.each([
    ['at a question', () => '\u0003', undefined],
    ['while the code is shown', () => '', new AbortController()],
  ])(
    'by Ctrl-C %s, has a report, too',
    async (_, ctrlC, stop) => {
      const answer: TrialPerson['answer'] = ({ step, text }) =>
        step === 'doctor' && begun(text) ? 's' : step === 'register' ? ctrlC() : ''
      const scan = (): void => stop?.abort(new Interruption('SIGINT'))
      const person = { answer, scan, ...(stop && { signal: stop.signal }) }
      const run = await play(person, '--out', folder.at('trial'))
      expect(run.code).toBe(130)
      expect(eventsOf(run).at(-1)).toEqual({
        event: 'report',
        path: folder.at('trial', 'trial.md'),
        finished: false,
      })
      expect(outcomesIn(await reportOf('trial'))).toMatchObject({ doctor: 'skipped', register: 'not-done' })
    },
    30_000,
  )

  test('by Enter leaves only the ceremony', async () => {
    const stdin = new PassThrough()
    const answer: TrialPerson['answer'] = ({ step, text }) =>
      step === 'sign-in' ? 'q' : begun(text) && step === 'doctor' ? 's' : ''
    const scan = (): void => void stdin.write('\n')
    const run = await play(
      { answer, scan, stdin },
      '--out',
      folder.at('trial'),
      '--steps',
      'register,sign-in',
    )
    expect(run.code).toBe(1)
    const result = eventsOf(run).find(({ event, step }) => event === 'step-result' && step === 'register')
    expect(result).toMatchObject({ result: 'failed', tries: [{ ended: ['given-up'] }] })
  }, 30_000)
})

test('a phone that signs in to the account that was not chosen fails the step', async () => {
  const ada: Consent['ask'] = ({ accounts }) =>
    Promise.resolve({
      ...APPROVED,
      account: Math.max(
        0,
        accounts.findIndex(({ userName }) => userName.startsWith('Ada')),
      ),
    })
  const args = ['--steps', 'register,two-accounts', '--out', folder.at('trial')]
  const run = await play({ scan: scannedBy(phoneOf({ consent: { ask: ada } })) }, ...args)
  expect([run.code, outcomesIn(await reportOf('trial'))]).toEqual([
    1,
    expect.objectContaining({ register: 'passed', 'two-accounts': 'failed' }),
  ])
  expect(eventsOf(run).findLast(({ event }) => event === 'step-result')).toMatchObject({
    tries: [{ ended: ['verified'] }, { ended: ['other-account'] }],
  })
}, 30_000)

test('a phone that can do less is not to blame', async () => {
  const phone = phoneOf({ profile: 'ios' })
  const args = ['--steps', 'register,remembered,digital-credential', '--out', folder.at('trial')]
  const run = await play({ scan: scannedBy(phone) }, ...args)
  expect([run.code, outcomesIn(await reportOf('trial'))]).toEqual([
    0,
    expect.objectContaining({
      register: 'passed',
      remembered: 'not-offered',
      'digital-credential': 'not-offered',
    }),
  ])
}, 30_000)

test('--yes asks nothing, for a harness that reads the codes', async () => {
  const phone = phoneOf()
  let codes = 0
  const onStdout = (text: string): void => {
    const urls = Array.from(text.matchAll(/"url":"(FIDO:\/\d+)"/g), ([, url = '']) => url)
    if (urls.length > codes) void phone.scan(urls[codes++] ?? '')
  }
  const args = ['trial', '--yes', '--json', '--out', folder.at('trial'), '--steps', 'register,sign-in']
  const run = await runHere([...args, ...around()], { onStdout })
  expect(run.code).toBe(0)
  expect(eventsOf(run).filter(({ event }) => event === 'step-result')).toMatchObject([
    { step: 'register', result: 'passed' },
    { step: 'sign-in', result: 'passed' },
  ])
}, 30_000)

describe('a trial cannot begin', () => {
  test.each([
    ['without a person', [], 'terminal on stdin'],
    ['with a step that there is not', ['--yes', '--steps', 'register,fly'], 'not fly'],
    ['with a wait that is no time', ['--yes', '--wait', '0'], '--wait'],
    ['with an origin that is none', ['--yes', '--origin', 'example'], 'origin'],
    ['with what it reads itself', ['--yes', '--scan', 'stdin'], '--scan stdin'],
    ['in the folder of another', ['--yes', '--out', '.'], 'holds something already'],
    ['where none can go on', ['--yes', '--resume', 'src'], 'no trial to go on with'],
    ['anew and again', ['--yes', '--resume', 'src', '--out', 'new'], '--out and --resume'],
  ])('%s', async (_, args, words) => {
    const run = await runHere(['trial', ...args])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain(words)
  })
})
