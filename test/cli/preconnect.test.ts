import { writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { ConnectProxy } from '../../src/adapters/proxy/connect-proxy.js'
import { connectThrough } from '../../src/adapters/proxy/connect.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { makeCertificate } from '../support/certificate.js'
import { serveProxy } from '../support/connect-proxy.js'
import type { TestProxy } from '../support/connect-proxy.js'
import { cases } from '../support/cases.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const [GOOGLE, APPLE] = ['cable.ua5v.com:443', 'cable.auth.com:443']
const MARK = 'mark.example'
const [OLD_CODE = ''] = cases<{ url: string }>('chromium-156', 'qr').map(({ url }) => url)
const OPTIONS = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AAAA', name: 'anna', displayName: 'Anna' },
  challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}
const DIGITAL = { requests: [{ protocol: 'openid4vp-v1-unsigned', data: { nonce: 'n' } }] }
const folder = useFolderPerTest()

let air: AirHub
let service: TunnelServer
/** Every connection out of here goes through it. */
let proxy: TestProxy
beforeEach(async () => {
  const certificate = await makeCertificate({ dns: ['cable.ua5v.com', 'cable.auth.com'], ips: [] })
  ;[air, service] = await Promise.all([
    serveAirHub({ port: 0 }),
    serveTunnel({ port: 0, tls: certificate }),
    writeFile(folder.at('ca.pem'), certificate.ca),
    writeFile(folder.at('register.json'), JSON.stringify(OPTIONS)),
    writeFile(folder.at('login.json'), JSON.stringify({ challenge: OPTIONS.challenge, rpId: 'example.com' })),
    writeFile(folder.at('digital.json'), JSON.stringify(DIGITAL)),
  ])
  proxy = await serveProxy({ port: Number(new URL(service.url).port) })
})
afterEach(() => Promise.all([air.close(), service.close(), proxy.close()]))

const shared = (): string[] => [
  ...['--tls-ca', folder.at('ca.pem'), '--proxy', `http://127.0.0.1:${proxy.port}`],
  ...['--allow-unproven-proximity', '--json'],
]

/** Connects through the proxy itself: what was begun before is then there, too. */
async function mark(): Promise<void> {
  const way = ConnectProxy.parse(`127.0.0.1:${proxy.port}`)
  if (way === undefined) throw new Error('no proxy')
  const { signal } = new AbortController()
  const to = { host: MARK, port: 443 }
  const socket = await connectThrough(way, to, { ca: undefined, signal, onSocket: () => undefined })
  socket.destroy()
}

/** Where connections went before the mark. */
const askedAhead = (): readonly string[] => proxy.asked.filter(host => host !== `${MARK}:443`)

/** A laptop that shows its code, which no phone reads. */
async function shownInVain(command: string, ...more: readonly string[]): Promise<CliRun> {
  const stop = new AbortController()
  let isShown = false
  const onStdout = (text: string): void => {
    if (isShown || !text.includes('"qr-shown"')) return
    isShown = true
    setImmediate(() => {
      void mark().then(() => stop.abort())
    })
  }
  const words = ['--options', folder.at(`${command}.json`), '--origin', 'https://example.com']
  const radio = ['--scan', `air:${air.url}`]
  return runHere(['client', command, ...words, ...radio, ...shared(), ...more], {
    onStdout,
    signal: stop.signal,
  })
}

describe.each(['register', 'login', 'digital'])('client %s', command => {
  test('connects to the assigned services while its code is shown', async () => {
    await shownInVain(command)
    expect(askedAhead()).toEqual([GOOGLE, APPLE])
  })

  test('with --no-preconnect connects to no service ahead, and prints the same', async () => {
    const [with_, without] = [await shownInVain(command), await shownInVain(command, '--no-preconnect')]
    expect(askedAhead()).toEqual([GOOGLE, APPLE])
    expect(eventsOf(without).map(({ event }) => event)).toEqual(eventsOf(with_).map(({ event }) => event))
  })
})

test('client register connects to the service of --tunnel-url alone', async () => {
  await shownInVain('register', '--tunnel-url', 'wss://cable.auth.com')
  expect(askedAhead()).toEqual([APPLE])
})

describe('phone scan', () => {
  /** A phone that waits for its code, and then gets one that is too old. */
  async function waits(...more: readonly string[]): Promise<CliRun> {
    const stdin = new PassThrough()
    const radio = ['--advertise', `air:${air.url}`, '--store', folder.at('passkeys.json')]
    const running = runHere(['phone', 'scan', '-', ...radio, '--consent', 'always', ...shared(), ...more], {
      stdin,
    })
    const listened = new Promise(resolve => stdin.once('newListener', resolve))
    await Promise.race([listened, running])
    await mark()
    stdin.end(`${OLD_CODE}\n`)
    return running
  }

  test('connects to its service while it waits for the code', async () => {
    expect(await waits()).toMatchObject({ code: 1 })
    expect(askedAhead()).toEqual([GOOGLE])
  })

  test.each([
    ['the service of its identifier', ['--tunnel-service', '1'], [APPLE]],
    ['none with --no-preconnect', ['--no-preconnect'], []],
    ['none for a code of an opened URL', ['--from', 'opened-url', '--allow-opened-urls'], []],
  ])('connects to %s', async (_name, words, expected) => {
    expect(await waits(...words)).toMatchObject({ code: 1 })
    expect(askedAhead()).toEqual(expected)
  })

  test('does not connect for a code that comes with the command and is refused', async () => {
    const radio = ['--advertise', `air:${air.url}`, '--store', folder.at('passkeys.json')]
    const run = await runHere(['phone', 'scan', OLD_CODE, ...radio, '--consent', 'always', ...shared()])
    expect(run).toMatchObject({ code: 1 })
    await mark()
    expect(askedAhead()).toEqual([])
  })
})
