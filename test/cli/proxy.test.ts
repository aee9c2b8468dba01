import { writeFile } from 'node:fs/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { serveProxy } from '../support/connect-proxy.js'
import type { TestProxy } from '../support/connect-proxy.js'
import { Program } from '../support/program.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const HOST = 'cable.ua5v.com'
const DESTINATION = `${HOST}:443`
const FAR = `wss://${HOST}`
const folder = useFolderPerTest()

let certificate: TestCertificate
let proxyCertificate: TestCertificate
beforeAll(async () => {
  ;[certificate, proxyCertificate] = await Promise.all([
    makeCertificate({ dns: [HOST], ips: [] }),
    makeCertificate(),
  ])
})

let air: AirHub
let service: TunnelServer
let proxy: TestProxy
beforeEach(async () => {
  ;[air, service] = await Promise.all([
    serveAirHub({ port: 0 }),
    serveTunnel({ port: 0, tls: certificate }),
    writeFile(folder.at('ca.pem'), `${certificate.ca}\n${proxyCertificate.ca}`),
  ])
  const port = Number(new URL(service.url).port)
  proxy = await serveProxy({ port, tls: proxyCertificate, credentials: 'anna:secret' })
})
afterEach(() => Promise.all([air.close(), service.close(), proxy.close()]))

const named = (user = 'anna:secret@'): string => `https://${user}127.0.0.1:${proxy.port}`
const doctorWords = (): string[] => {
  const radio = `air:${air.url}`
  return ['doctor', '--scan', radio, '--advertise', radio, '--tunnel-url', FAR, '--json']
}

/** The findings of the client role about the way to the service. */
function wayOf(run: CliRun): unknown[] {
  expect(run.stdout + run.stderr).not.toContain('secret')
  return eventsOf(run)
    .filter(({ role, check }) => role === 'client' && (check === 'proxy' || check === 'tunnel-service'))
    .map(({ detail, code }) => code ?? detail)
}

const ca = (): string[] => ['--tls-ca', folder.at('ca.pem')]

test.each([
  ['the environment', [], 'HTTPS_PROXY names it'],
  ['--proxy', ['--proxy'], 'it was asked for'],
])('doctor goes by the proxy of %s, and says so', async (_where, option, reason) => {
  const words = option.flatMap(word => [word, named()])
  const env = { HTTPS_PROXY: option.length > 0 ? 'http://127.0.0.1:1' : named() }
  const run = await runHere([...doctorWords(), ...ca(), ...words], { env })
  expect(wayOf(run)).toEqual([`${named('')}: ${reason}`, `${HOST} answers`])
  expect(proxy.asked).toEqual([DESTINATION, DESTINATION])
  expect(run.code).toBe(0)
})

test('doctor says what keeps it from the proxy', async () => {
  const seen = async (env: Record<string, string>, more = ca()): Promise<unknown> =>
    wayOf(await runHere([...doctorWords(), ...more], { env }))
  expect(await seen({ https_proxy: named('bob:secret@') })).toEqual([
    `${named('')}: https_proxy names it`,
    'proxy-refused',
  ])
  expect(await seen({ https_proxy: named() }, [])).toEqual([
    `${named('')}: https_proxy names it`,
    'proxy-untrusted',
  ])
  expect(await seen({ ALL_PROXY: 'socks5://anna:secret@127.0.0.1:1' })).toEqual([
    'proxy-unsupported',
    'proxy-unsupported',
  ])
})

test('--no-proxy takes the direct way', async () => {
  const words = doctorWords().map(word => (word === FAR ? 'wss://nobody.invalid' : word))
  const run = await runHere([...words, '--no-proxy'], { env: { HTTPS_PROXY: named() } })
  expect(wayOf(run)).toEqual(['none, the direct way: the proxy is turned off', 'tunnel-unreachable'])
  expect(proxy.asked).toEqual([])
})

test('NODE_EXTRA_CA_CERTS is for the service and for the proxy', async () => {
  const env = {
    HTTPS_PROXY: named(),
    NO_PROXY: 'localhost,127.0.0.1',
    NODE_EXTRA_CA_CERTS: folder.at('ca.pem'),
  }
  const { stdout, stderr, code } = await new Program('src/cli.ts', { args: doctorWords(), env }).ending()
  expect(wayOf({ stdout, stderr, code: code ?? -1 })).toEqual([
    `${named('')}: HTTPS_PROXY names it`,
    `${HOST} answers`,
  ])
})

describe('--proxy', () => {
  test.each([
    [['--proxy', 'socks5://anna:secret@127.0.0.1:1'], '--proxy takes http://host:port or https://host:port'],
    [['--proxy', 'http://anna:secret@'], '--proxy takes http://host:port or https://host:port'],
    [['--proxy', 'http://127.0.0.1:1', '--tls-insecure'], '--tls-insecure is for the direct way'],
    [['--proxy', 'http://127.0.0.1:1', '--tunnel-url', 'ws://127.0.0.1:1'], '--proxy needs a wss://'],
  ])('%j is bad usage', async (words, message) => {
    const local = ['doctor', '--tunnel-url', 'wss://127.0.0.1:1', '--json']
    const run = await runHere([...local, ...words])
    expect(run.code).toBe(2)
    expect(run.stdout + run.stderr).toContain(message)
    expect(run.stdout + run.stderr).not.toContain('secret')
  })

  test('takes a laptop and a phone to each other', async () => {
    const options = {
      rp: { id: 'example.com', name: 'Example' },
      user: { id: 'AAAA', name: 'anna', displayName: 'Anna' },
      challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    }
    await writeFile(folder.at('options.json'), JSON.stringify(options))
    const shared = ['--tunnel-url', FAR, ...ca(), '--proxy', named(), '--allow-unproven-proximity', '--json']
    const laptopWords = ['--options', folder.at('options.json'), '--origin', 'https://example.com']
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    const failed = new AbortController()
    let phone: Promise<CliRun> | undefined
    const onStdout = (text: string): void => {
      const url = /"url":"(FIDO:[^"]+)"/.exec(text)?.[1]
      if (url === undefined || phone !== undefined) return
      phone = runHere(['phone', 'scan', url, '--advertise', `air:${air.url}`, ...store, ...shared])
      void phone.then(({ code }) => {
        if (code !== 0) failed.abort()
      })
    }
    const words = ['client', 'register', ...laptopWords, '--scan', `air:${air.url}`, ...shared]
    const laptop = await runHere(words, { onStdout, signal: failed.signal })
    expect(await phone).toMatchObject({ code: 0 })
    expect(laptop).toMatchObject({ code: 0 })
    expect(new Set(proxy.asked)).toEqual(new Set([DESTINATION]))
    expect(proxy.asked).toHaveLength(2)
  })
})
