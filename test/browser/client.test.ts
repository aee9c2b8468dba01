import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { WebSocketDialerOptions } from '../../src/adapters/web-socket/web-socket.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { airAdvertiser } from '../../src/adapters/air/air-client.js'
import { HybridAuthenticator } from '../../src/index.js'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { createRelyingParty } from '../../src/testing.js'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { cases } from '../support/cases.js'
import { PORTABLE_BUILD } from '../support/portable-build.js'
import { frame, httpAnswer, rawServer, upgradeAnswer } from '../support/raw-server.js'
import type { RawRequest } from '../support/raw-server.js'
import type { Ceremony, Surroundings } from './page/client.js'
import { useChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import type { PageServer } from './support/page-server.js'

const chromium = useChromium()
const CONNECT = 'ws://127.0.0.1:* wss://127.0.0.1:*'
/** Chromium writes what it does not tell the page. */
const NOT_OPENED = [/^WebSocket connection to .* failed/]

let scripts: ReadonlyMap<string, string>
let certificate: TestCertificate
let server: PageServer
let service: TunnelServer
let hub: AirHub

beforeAll(async () => {
  const { outputFiles } = await build({
    ...PORTABLE_BUILD,
    entryPoints: ['test/browser/page/client-main.ts'],
    format: 'esm',
  })
  scripts = new Map([['main.js', outputFiles[0]?.text ?? '']])
  certificate = await makeCertificate()
})

beforeEach(async () => {
  server = await servePage(scripts, CONNECT)
  const { origin } = new URL(server.url)
  service = await serveTunnel({ port: 0, tls: certificate })
  hub = await serveAirHub({ port: 0, origins: [origin] })
})

afterEach(async () => {
  await Promise.all([server.close(), service.close(), hub.close()])
})

function call<Result>(page: Page, name: string, ...args: readonly unknown[]): Promise<Result> {
  return page.evaluate<Result>(`${name}(${args.map(arg => JSON.stringify(arg)).join(', ')})`)
}

describe('a client in a page', () => {
  test('registers and signs in with a phone, over TLS, as the relying party verifies', async () => {
    const rp = await createRelyingParty({ origin: 'https://login.example.com' })
    const platform = nodePlatform({
      advertiser: airAdvertiser(hub.url),
      tunnel: { ca: certificate.ca },
    })
    const store = new MemoryCredentialStore()
    const handler = new VirtualAuthenticator({ store, consent: alwaysApprove(), random: platform.random })
    const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url })
    const surroundings: Surroundings = { tunnelUrl: service.url, airUrl: hub.url, origin: rp.origin }

    const page = await chromium.open(server.url, { insecure: true })
    const served: Promise<unknown>[] = []
    await page.exposeFunction('show', (url: string) => {
      served.push(phone.scan(url, { source: 'camera' }))
    })
    const perform = <Response>(name: string, options: unknown): Promise<Ceremony<Response>> =>
      page.evaluate(`${name}(${JSON.stringify(options)}, ${JSON.stringify(surroundings)}, show)`)

    const created = await perform<RegistrationResponseJSON>('create', await rp.creationOptions())
    const { id } = await rp.register(created.response)
    const signedIn = await perform<AuthenticationResponseJSON>('get', await rp.requestOptions())
    expect((await rp.signIn(signedIn.response)).id).toBe(id)

    expect(await Promise.all(served)).toMatchObject([{ answered: 1 }, { answered: 1 }])
    expect((await store.list()).map(({ confirmed }) => confirmed)).toEqual([true])
    expect(created.progress.map(({ event }) => event)).toEqual([
      'qr-shown',
      'scanning',
      'advert-seen',
      'tunnel-connecting',
      'tunnel-connected',
      'handshake',
      'connected',
      'request-sent',
      'awaiting-user',
      'response',
      'closed',
    ])
    expect(new Set(created.progress.map(({ proximity }) => proximity))).toEqual(new Set(['simulated']))
  })

  test('trusts no certificate that the browser does not trust', async () => {
    const page = await chromium.open(server.url, { expectedErrors: NOT_OPENED })
    const url = `${service.url}/cable/connect/0A0B0C/00112233445566778899AABBCCDDEEFF`
    expect(await call(page, 'dial', url)).toEqual(['failed tunnel-unreachable because capability-missing'])
  })
})

describe('a tunnel of a page', () => {
  const PATH = '/cable/connect/0A0B0C/00112233445566778899AABBCCDDEEFF'
  const accepted = (request: RawRequest, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(upgradeAnswer(request)), bytes])
  const goodbye = frame(8, Buffer.from('\x03\xf0full', 'latin1'))

  test.each<[string, (request: RawRequest) => string | Buffer, WebSocketDialerOptions, string[]]>([
    [
      'has messages, and how the service closed it',
      request => accepted(request, Buffer.concat([frame(2, new Uint8Array(1000)), goodbye])),
      { maxMessageBytes: 1000 },
      ['open with 0 headers', 'message of 1000', 'closed 1008 full'],
    ],
    [
      'takes no message that is too long',
      request => accepted(request, frame(2, new Uint8Array(1001))),
      { maxMessageBytes: 1000 },
      ['open with 0 headers', 'failed tunnel-message-invalid'],
    ],
    [
      'takes no text',
      request => accepted(request, frame(1, Buffer.from('hello'))),
      {},
      ['open with 0 headers', 'failed tunnel-message-invalid'],
    ],
    [
      'is not told the status of a refusal',
      () => httpAnswer(404),
      {},
      ['failed tunnel-unreachable because capability-missing'],
    ],
    [
      'does not open without the sub-protocol',
      request => upgradeAnswer(request, []),
      {},
      ['failed tunnel-unreachable because capability-missing'],
    ],
    ['waits no longer than it is told', () => '', { handshakeTimeoutMs: 100 }, ['failed tunnel-unreachable']],
  ])('%s', async (_, answer, options, told) => {
    const raw = await rawServer(answer)
    onTestFinished(() => raw.close())
    const page = await chromium.open(server.url, { expectedErrors: NOT_OPENED })
    expect(await call(page, 'dial', `ws://127.0.0.1:${raw.port}${PATH}`, options)).toEqual(told)
  })

  test('is not dialled without TLS away from loopback', async () => {
    const page = await chromium.open(server.url)
    expect(await call(page, 'dial', `ws://example.com${PATH}`)).toEqual(['failed tunnel-insecure'])
  })

  test('cannot be used by a phone, which fails with the reason', async () => {
    const page = await chromium.open(server.url)
    const [recorded] = cases<{ url: string }>('chromium-156', 'qr')
    expect(await call(page, 'scanAsPhone', recorded?.url)).toEqual(['capability-missing'])
  })
})
