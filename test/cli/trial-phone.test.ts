import { readdir, readFile, writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { airScanner } from '../../src/adapters/air/air-client.js'
import { deferred } from '../../src/async/deferred.js'
import { TrialPage } from '../../src/cli/trial/page-server.js'
import { HybridClient, prfResults } from '../../src/index.js'
import type { Qr } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { runHere } from '../support/run-cli.js'
import { useAir } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { playTrial } from '../support/trial-person.js'
import type { TrialPerson } from '../support/trial-person.js'

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

/** What the page asks its browser for, as JSON. */
interface Request {
  readonly number: number
  readonly method?: 'create' | 'get'
  readonly publicKey: object
  readonly digital?: object
}

/** A browser at the page, whose user presses the button: settles with the code that it shows, or nothing where it shows none. */
async function pressBegin(origin: string, isDeaf = false): Promise<Qr | undefined> {
  const asked = await fetch(`${origin}/request`)
  const request = (await asked.json()) as Request
  const platform = nodePlatform({ scanner: airScanner(air.url) })
  const client = new HybridClient({ ...platform, tunnelUrl: tunnel.url })
  const shown = deferred<Qr | undefined>()
  const timeouts = isDeaf ? { advertMs: 0 } : {}
  const ceremony = { origin, onQr: (qr: Qr) => shown.resolve(qr), signal: ended.signal, timeouts }
  const ask = async (): Promise<object> => {
    if (request.digital !== undefined) {
      await client.getDigital(request.digital as never, ceremony)
      return { answered: true }
    }
    if (request.method === 'create')
      return { response: await client.create(request.publicKey as never, ceremony) }
    const response = await client.get(request.publicKey as never, ceremony)
    return { response, prf: prfResults(response) === undefined ? 'none' : 'two' }
  }
  const tell = (outcome: object): Promise<unknown> =>
    fetch(`${origin}/outcome`, {
      method: 'POST',
      body: JSON.stringify({ ...outcome, number: request.number }),
    }).catch(() => undefined)
  void ask()
    .catch((error: unknown) => ({ error: error instanceof Error ? error.name : 'Error' }))
    .then(tell)
    .finally(() => shown.resolve(undefined))
  return shown.promise
}

const args = (): string[] => [
  ...['--role', 'phone', '--advertise', `air:${air.url}`, '--tunnel-url', tunnel.url],
  ...['--wait', '2', '--page-port', '0', '--out', folder.at('trial')],
]

/** A person at a browser, who approves but where the step says otherwise. */
function personAtBrowser(): TrialPerson {
  let origin = ''
  return {
    answer: async ({ step, text, screen }) => {
      origin = /http:\/\/localhost:\d+/.exec(screen)?.[0] ?? origin
      if (text.startsWith('Approve?')) {
        if (step === 'cut-network') {
          const { port } = tunnel
          await tunnel.close()
          tunnel = await serveTunnel({ port })
        }
        const grace = /^ {2}(\d): Grace/m.exec(screen)?.[1]
        return step === 'refused' ? 'n' : step === 'two-accounts' && text.includes('2 to') ? grace : 'y'
      }
      if (!text.startsWith('A screenshot')) return ''
      const qr = await pressBegin(origin, step === 'out-of-range')
      if (qr === undefined || step !== 'register') return qr?.url
      await writeFile(folder.at('the code.png'), await qr.toPng())
      return `'${folder.at('the code.png')}'`
    },
  }
}

interface Report {
  readonly steps: readonly { readonly name: string; readonly outcome: string }[]
}

async function outcomes(): Promise<Readonly<Record<string, string>>> {
  const { steps } = JSON.parse(await readFile(folder.at('trial', 'trial.json'), 'utf8')) as Report
  return Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]))
}

test('a person at a browser goes through all steps with our phone', async () => {
  const run = await playTrial(args(), personAtBrowser())
  const found = await outcomes()
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map(name => [name, 'passed'])))
  expect(Object.keys(found)).toHaveLength(13)
  expect([run.code, await readdir(folder.at('trial'))]).toEqual([0, ['traces', 'trial.json', 'trial.md']])
}, 60_000)

test('a trial with our phone goes on with the passkeys that it has, on another page', async () => {
  await playTrial([...args(), '--steps', 'register'], personAtBrowser())
  const place = args().indexOf('--out')
  const again = [...args().slice(0, place), '--resume', folder.at('trial'), '--steps', 'sign-in']
  const run = await playTrial(again, personAtBrowser())
  expect([run.code, await outcomes()]).toEqual([
    0,
    expect.objectContaining({ register: 'passed', 'sign-in': 'passed', prf: 'not-done' }),
  ])
  const asLaptop = await runHere(['trial', '--yes', '--resume', folder.at('trial')])
  expect([asLaptop.code, asLaptop.stderr]).toEqual([2, expect.stringContaining('the command is the phone')])
}, 30_000)

test('a code that cannot be read is asked for again, and an empty answer ends the step', async () => {
  const codes = ['no such picture.png', folder.path, '']
  const asked: string[] = []
  const answer: TrialPerson['answer'] = ({ text, screen }) => {
    if (!text.startsWith('A screenshot')) return ''
    asked.push(screen)
    return codes.shift()
  }
  const run = await playTrial([...args(), '--steps', 'register'], { answer })
  expect([run.code, codes]).toEqual([1, []])
  expect(asked[1]).toContain('the screenshot: cannot read')
  expect(await outcomes()).toMatchObject({ register: 'failed' })
}, 30_000)

test('a browser that shows no code has the last word', async () => {
  let origin = ''
  const answer: TrialPerson['answer'] = ({ text, screen }) => {
    origin = /http:\/\/localhost:\d+/.exec(screen)?.[0] ?? origin
    if (!text.startsWith('A screenshot')) return ''
    const body = JSON.stringify({ number: 1, error: 'NotSupportedError' })
    void fetch(`${origin}/outcome`, { method: 'POST', body })
    return null
  }
  const run = await playTrial([...args(), '--steps', 'register'], { answer })
  expect([run.code, run.screens.at(-1)]).toEqual([1, expect.stringContaining('NotSupportedError')])
  expect(await outcomes()).toMatchObject({ register: 'failed' })
}, 30_000)

test.each([
  ['asks nothing', ['--yes'], '--yes'],
  ['has another origin', ['--origin', 'https://login.example.com'], '--origin'],
  ['has no such port', ['--page-port', '65536'], '--page-port'],
])('a phone whose trial %s cannot begin', async (_, own, words) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const run = await runHere(['trial', '--role', 'phone', ...own], { stdin })
  expect(run.code).toBe(2)
  expect(run.stderr).toContain(words)
})

describe('the page', () => {
  let page: TrialPage
  beforeEach(async () => {
    page = await TrialPage.serve(0)
  })
  afterEach(() => page.close())

  const tell = (outcome: object): Promise<Response> =>
    fetch(`${page.url}/outcome`, { method: 'POST', body: JSON.stringify(outcome) })

  test('is one page, which asks for what is to be done just then', async () => {
    const root = await fetch(page.url)
    expect(await root.text()).toContain('<button id="begin">')
    expect((await fetch(`${page.url}/request`)).status).toBe(204)
    const signal = ended.signal
    const outcome = page.ask({ title: 'Sign in', method: 'get', publicKey: { challenge: 'AQ' } }, signal)
    const asked = await fetch(`${page.url}/request`)
    expect(await asked.json()).toEqual({
      number: 1,
      title: 'Sign in',
      method: 'get',
      publicKey: { challenge: 'AQ' },
    })
    expect((await tell({ number: 0, error: 'AbortError' })).status).toBe(204)
    await tell({ number: 1, error: 'NotAllowedError' })
    expect(await outcome).toMatchObject({ error: 'NotAllowedError' })
    expect((await fetch(`${page.url}/request`)).status).toBe(204)
  })

  test.each([
    ['<script>', 'UnknownError'],
    [7, 'UnknownError'],
    ['InvalidStateError', 'InvalidStateError'],
  ])('tells of the error %s only a name', async (error, expected) => {
    const outcome = page.ask({ title: 'x', digital: {} }, ended.signal)
    await tell({ number: 1, error })
    expect((await outcome).error).toBe(expected)
  })

  test('is for its own origin alone', async () => {
    const headers = { origin: 'https://evil.example' }
    expect((await fetch(`${page.url}/request`, { headers })).status).toBe(403)
    expect((await fetch(`${page.url}/elsewhere`)).status).toBe(404)
    void page.ask({ title: 'x', digital: {} }, ended.signal)
    expect((await fetch(`${page.url}/outcome`, { method: 'POST', body: '{' })).status).toBe(400)
  })
})
