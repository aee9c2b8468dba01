import { writeFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { UnsupportedError } from '../../src/errors.js'
import * as relyingParties from '../../src/testing/relying-party.js'
import { useCli } from '../support/cli.js'
import type { CliEvent } from '../support/cli.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

vi.mock(import('../../src/testing/relying-party.js'), { spy: true })
afterEach(() => vi.resetAllMocks())

const folder = useFolderPerTest()
const start = useCli()

interface Lab {
  readonly tunnelUrl: string
  readonly airUrl: string
  readonly relyingPartyUrl: string
}

function addresses(event: CliEvent): Lab {
  const { tunnelUrl, airUrl, relyingPartyUrl } = event
  return { tunnelUrl: String(tunnelUrl), airUrl: String(airUrl), relyingPartyUrl: String(relyingPartyUrl) }
}

/** What the guide says to paste: one ceremony of two processes. */
async function ceremony(lab: Lab, command: string, path: string): Promise<Response> {
  const options = await fetch(`${lab.relyingPartyUrl}/${path}/options`)
  await writeFile(folder.at('options.json'), await options.text())
  const request = ['--options', folder.at('options.json'), '--origin', lab.relyingPartyUrl]
  const reach = ['--tunnel-url', lab.tunnelUrl]
  const client = start('client', command, ...request, '--scan', `air:${lab.airUrl}`, ...reach)
  const { url } = await client.event('qr')
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  start('phone', 'scan', String(url), '--advertise', `air:${lab.airUrl}`, ...store, ...reach)
  const { response } = await client.event(command === 'register' ? 'credential' : 'assertion')
  await client.end
  return fetch(`${lab.relyingPartyUrl}/${path}`, { method: 'POST', body: JSON.stringify(response) })
}

test('a registration and a sign-in go through a lab, which Ctrl-C ends', async () => {
  const lab = start('lab')
  const listening = addresses(await lab.event('listening'))
  const registered = await ceremony(listening, 'register', 'registration')
  expect([registered.status, await registered.json()]).toMatchObject([200, { verified: true }])
  expect(await lab.event('verified')).toMatchObject({ ceremony: 'registration' })
  const options: unknown = await (await fetch(`${listening.relyingPartyUrl}/registration/options`)).json()
  expect(options).toHaveProperty('excludeCredentials.0.id')
  const signedIn = await ceremony(listening, 'login', 'authentication')
  expect([signedIn.status, await signedIn.json()]).toMatchObject([200, { verified: true }])

  lab.send('SIGINT')
  expect((await lab.end).code).toBe(130)
  for (const url of [listening.tunnelUrl, listening.airUrl, listening.relyingPartyUrl])
    await expect(fetch(url.replace(/^ws/, 'http'))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
})

/** Runs a lab in this process until `use` is done. */
async function labHere(
  use: (stdout: string) => Promise<void>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const abort = new AbortController()
  let used: Promise<void> | undefined
  const onStdout = (stdout: string): void => {
    used ??= use(stdout).finally(() => {
      abort.abort()
    })
  }
  const run = await runHere(['lab', ...args], { signal: abort.signal, onStdout, env })
  await used
  expect(run.code).toBe(0)
}

test('its relying party says no to what it does not know', async () => {
  await labHere(
    async stdout => {
      const { relyingPartyUrl: url } = addresses(JSON.parse(stdout) as CliEvent)
      const answers = await Promise.all([
        fetch(`${url}/`),
        fetch(`${url}/nonsense`),
        fetch(`${url}/registration`),
        fetch(`${url}/registration`, { method: 'POST', body: 'nonsense' }),
        fetch(`${url}/registration`, { method: 'POST', body: '3' }),
        fetch(`${url}/authentication`, { method: 'POST', body: '{}' }),
        fetch(`${url}/registration`, { method: 'POST', body: ' '.repeat(64 * 1024 + 1) }),
        fetch(`${url}/`, { headers: { origin: 'https://a.example' } }),
      ])
      expect(answers.map(({ status }) => status)).toEqual([200, 404, 405, 400, 400, 400, 413, 403])
      expect(await answers[0].text()).toContain('/registration/options')
      for (const answer of answers.slice(1)) expect(await answer.json()).toHaveProperty('error')
    },
    ['--json'],
  )
})

test.each([
  ['fido-hybrid', {}],
  ['fido-hybrid', { npm_command: 'run-script' }],
  ['npx fido-hybrid', { npm_command: 'exec' }],
])('prints commands to paste, with %s as it was started: %j', async (name, env) => {
  await labHere(
    stdout => {
      expect(stdout).toMatch(/^curl -s http:\/\/localhost:\d+\/registration\/options/m)
      const laptops =
        stdout.match(/^ {2}\| .* client .*--tunnel-url ws:\/\/127.0.0.1:\d+ --scan air:ws:/gm) ?? []
      const [phone = ''] = /^.* phone scan .*--advertise air:ws:/m.exec(stdout) ?? []
      for (const [line, start] of [
        [laptops[0], `  | ${name} client register `],
        [laptops[1], `  | ${name} client login `],
        [phone, `${name} phone scan `],
      ])
        expect(line?.slice(0, start?.length)).toBe(start)
      return Promise.resolve()
    },
    [],
    env,
  )
})

test('without the package of the relying party the rest runs, with a warning', async () => {
  const missing = new UnsupportedError('package-missing', 'no @simplewebauthn/server')
  vi.mocked(relyingParties.createRelyingParty).mockRejectedValue(missing)
  const abort = new AbortController()
  const onStdout = (stdout: string): void => {
    if (stdout.includes('warning')) abort.abort()
  }
  const run = await runHere(['lab', '--json'], { signal: abort.signal, onStdout })
  expect(run.code).toBe(0)
  const [listening, warning] = eventsOf(run)
  expect(Object.keys(listening ?? {})).toEqual(['event', 'tunnelUrl', 'airUrl'])
  expect(warning).toMatchObject({ event: 'warning', code: 'package-missing' })
})

test('a port that is taken ends what was started before', async () => {
  await labHere(
    async stdout => {
      const { port } = new URL(addresses(JSON.parse(stdout) as CliEvent).relyingPartyUrl)
      const run = await runHere(['lab', '--rp-port', port, '--json'])
      expect(run.code).toBe(1)
      expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'listen-failed', fault: 'environment' }])
    },
    ['--json'],
  )
})
