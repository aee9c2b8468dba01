import { EventEmitter, once } from 'node:events'
import { Agent } from 'node:https'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import { UsageError } from '../../src/errors.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { serveProxy } from '../support/connect-proxy.js'
import type { TestProxy } from '../support/connect-proxy.js'
import { adopt, at, dial, failure, leaveNothing, PATH, serve } from '../support/dialling.js'
import { httpAnswer, upgradeAnswer } from '../support/raw-server.js'
import type { RawServer } from '../support/raw-server.js'
import { thrownBy } from '../support/thrown.js'

const HOST = 'cable.ua5v.com'
const FAR = `wss://${HOST}${PATH}`
const SECRET = 'p@ss:w%rd'
const USER = `anna:${encodeURIComponent(SECRET)}@`

let certificate: TestCertificate
let proxyCertificate: TestCertificate
let stranger: TestCertificate

beforeAll(async () => {
  ;[certificate, proxyCertificate, stranger] = await Promise.all([
    makeCertificate({ dns: [HOST], ips: ['127.0.0.1', '2001:db8::1'] }),
    makeCertificate(),
    makeCertificate(),
  ])
})

leaveNothing()

interface Behind {
  readonly service: RawServer
  readonly proxy: TestProxy
}

/** A tunnel service, and the only way to it. */
async function behindProxy(options: { tls?: TestCertificate; credentials?: string } = {}): Promise<Behind> {
  const service = await serve(request => upgradeAnswer(request), certificate)
  const proxy = await serveProxy({ port: service.port, ...options })
  adopt(proxy)
  return { service, proxy }
}

const address = ({ port }: { port: number }, scheme = 'http', user = ''): string =>
  `${scheme}://${user}127.0.0.1:${port}`

describe('a proxy that the environment names', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'in %s is asked for the tunnel service by its name, once',
    async variable => {
      const { service, proxy } = await behindProxy()
      const env = { [variable]: address(proxy), NO_PROXY: 'localhost,127.0.0.1' }
      const { tunnel, probe } = dial(FAR, { env, ca: certificate.ca })
      expect(await probe.next()).toMatchObject({ type: 'open' })
      expect(proxy.asked).toEqual([`${HOST}:443`])
      expect(service.requests[0]?.headers).toMatchObject({ host: HOST, origin: `wss://${HOST}` })
      expect(service.requests[0]?.headers).not.toHaveProperty('proxy-authorization')
      await tunnel.close()
    },
  )

  it('is that of the process unless the caller gives variables', async () => {
    const { proxy } = await behindProxy()
    const before = process.env['https_proxy']
    process.env['https_proxy'] = address(proxy)
    try {
      expect(await dial(FAR, { ca: certificate.ca }).probe.next()).toMatchObject({ type: 'open' })
    } finally {
      if (before === undefined) delete process.env['https_proxy']
      else process.env['https_proxy'] = before
    }
    expect(proxy.asked).toEqual([`${HOST}:443`])
  })

  it('may be written without a scheme, and is asked for addresses of IPv6 in brackets', async () => {
    const { proxy } = await behindProxy()
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` }
    const url = `wss://[2001:db8::1]:4433${PATH}`
    expect(await dial(url, { env, ca: certificate.ca }).probe.next()).toMatchObject({ type: 'open' })
    expect(proxy.asked).toEqual(['[2001:db8::1]:4433'])
  })

  it('is not asked for a service on this machine, which may do without TLS', async () => {
    const { proxy } = await behindProxy()
    const plain = await serve(request => upgradeAnswer(request))
    const env = { HTTPS_PROXY: address(proxy), HTTP_PROXY: address(proxy), ALL_PROXY: address(proxy) }
    expect(await dial(at(plain), { env }).probe.next()).toMatchObject({ type: 'open' })
    expect(proxy.asked).toEqual([])
  })

  it('is asked again where the service redirects to', async () => {
    const target = `https://elsewhere.example:8443${PATH}`
    const service = await serve(() => httpAnswer(302, [`Location: ${target}`]), certificate)
    const proxy = await serveProxy({ port: service.port })
    adopt(proxy)
    const options = { env: { HTTPS_PROXY: address(proxy) }, ca: certificate.ca }
    expect(await failure(FAR, options)).toMatchObject({ code: 'tunnel-untrusted' })
    expect(proxy.asked).toEqual([`${HOST}:443`, 'elsewhere.example:8443'])
  })

  it.each(['socks5://127.0.0.1:1080', 'ftp://proxy.example', 'http://', 'http://a%zz:secret@proxy.example'])(
    'and is %s is refused with a cure, and without what the variable holds',
    async value => {
      const error = await failure(FAR, { env: { ALL_PROXY: value } })
      expect(error).toMatchObject({ code: 'proxy-unsupported', fault: 'local' })
      expect(error.message).toBe('ALL_PROXY names no proxy with http:// or https://')
    },
  )
})

describe('the caller’s own choice', () => {
  it('of a proxy counts before the environment, also for this machine', async () => {
    const { proxy, service } = await behindProxy()
    const options = { proxy: address(proxy), env: { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' } }
    const { probe } = dial(at(service, 'wss'), { ...options, ca: certificate.ca })
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(proxy.asked).toEqual([`127.0.0.1:${service.port}`])
  })

  it('of no proxy leaves the one of the environment alone', async () => {
    const { proxy } = await behindProxy()
    const options = { proxy: false, env: { HTTPS_PROXY: address(proxy) } } as const
    const error = await failure(`wss://nobody.invalid${PATH}`, options)
    expect(error).toMatchObject({ code: 'tunnel-unreachable' })
    expect(proxy.asked).toEqual([])
  })

  it('of an agent counts before the environment', async () => {
    const { service } = await behindProxy()
    let used = 0
    class Counting extends Agent {
      override createConnection(...args: Parameters<Agent['createConnection']>) {
        used++
        return super.createConnection(...args)
      }
    }
    const agent = new Counting()
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1' }
    const { probe } = dial(at(service, 'wss'), { agent, env, ca: certificate.ca })
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(used).toBe(1)
    agent.destroy()
  })

  it.each<[string, WsDialerOptions]>([
    ['agent and proxy', { agent: new Agent(), proxy: 'http://127.0.0.1:1' }],
    ['agent and insecure', { agent: new Agent(), insecure: true }],
    ['proxy and insecure', { proxy: 'http://127.0.0.1:1', insecure: true }],
    ['proxy', { proxy: 'socks5://127.0.0.1:1' }],
    ['proxy', { proxy: `http://${USER}proxy example` }],
    ['proxy', { proxy: '' }],
  ])('of %s is a mistake where it cannot be', (names, options) => {
    const error = thrownBy(() => wsDialer(options))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
    expect(String(error)).toContain(names)
    expect(String(error)).not.toContain('anna')
  })

  it('of no proxy may be insecure on loopback', async () => {
    const { service } = await behindProxy()
    const { probe } = dial(at(service, 'wss'), { proxy: false, insecure: true })
    expect(await probe.next()).toMatchObject({ type: 'open' })
  })

  it.each([{ proxy: 'http://127.0.0.1:1' }, { agent: new Agent() }])(
    'of another way takes TLS also to this machine: it may be another machine there (%#)',
    async options => {
      const plain = await serve(request => upgradeAnswer(request))
      expect(await failure(at(plain), options)).toMatchObject({ code: 'tunnel-insecure' })
      expect(plain.requests).toEqual([])
    },
  )
})

describe('TLS', () => {
  it('with the service is verified through the proxy', async () => {
    const { proxy, service } = await behindProxy()
    const env = { HTTPS_PROXY: address(proxy) }
    for (const url of [FAR, 'wss://127.0.0.2/'])
      expect(await failure(url, { proxy: address(proxy), ca: stranger.ca })).toMatchObject({
        code: 'tunnel-untrusted',
      })
    expect(await failure(`wss://other.example${PATH}`, { env, ca: certificate.ca })).toMatchObject({
      code: 'tunnel-untrusted',
    })
    expect(service.requests).toEqual([])
  })

  it('with the proxy takes the CA that is given', async () => {
    const { proxy } = await behindProxy({ tls: proxyCertificate })
    const ca = `${certificate.ca}\n${proxyCertificate.ca}`
    const { probe } = dial(FAR, { env: { HTTPS_PROXY: address(proxy, 'https') }, ca })
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(proxy.asked).toEqual([`${HOST}:443`])
  })

  it('with the proxy is verified, so that it hears no password before', async () => {
    const { proxy } = await behindProxy({ tls: proxyCertificate, credentials: `anna:${SECRET}` })
    const env = { HTTPS_PROXY: address(proxy, 'https', USER) }
    const error = await failure(FAR, { env, ca: certificate.ca })
    expect(error).toMatchObject({ code: 'proxy-untrusted', fault: 'environment' })
    expect(error.cure).toContain(`the CA of the proxy ${address(proxy, 'https')} `)
    expect(proxy.asked).toEqual([])
    expectNoSecret(error)
  })
})

/** Neither what people read nor what programs print has the password, plain or encoded. */
function expectNoSecret(error: Error): void {
  const printed = [
    String(error),
    inspect(error, { depth: 9, showHidden: true }),
    JSON.stringify(error),
  ].join()
  const forms = [SECRET, encodeURIComponent(SECRET), Buffer.from(`anna:${SECRET}`).toString('base64'), 'anna']
  for (const form of forms) expect(printed).not.toContain(form)
}

describe('a proxy that wants a password', () => {
  it('gets it', async () => {
    const { proxy } = await behindProxy({ credentials: `anna:${SECRET}` })
    const env = { HTTPS_PROXY: address(proxy, 'http', USER) }
    expect(await dial(FAR, { env, ca: certificate.ca }).probe.next()).toMatchObject({ type: 'open' })
  })

  it.each(['', USER])('and gets another (%j) refuses', async user => {
    const { proxy } = await behindProxy({ credentials: 'bob:secret' })
    const error = await failure(FAR, { env: { HTTPS_PROXY: address(proxy, 'http', user) } })
    expect(error).toMatchObject({ code: 'proxy-refused', status: 407 })
    expect(error.cure).toContain(`Give the proxy ${address(proxy)} the right user name`)
    expectNoSecret(error)
  })
})

const HANG = (): string => ''
const hangUp = (_request: unknown, socket: Socket): string => {
  socket.destroy()
  return ''
}

describe('a proxy that does not connect', () => {
  const through = async (
    answer: Parameters<typeof serve>[0],
    options: WsDialerOptions = {},
    greet?: Parameters<typeof serve>[2],
  ): Promise<{ error: Awaited<ReturnType<typeof failure>>; name: string }> => {
    const proxy = await serve(answer, undefined, greet)
    const error = await failure(FAR, { env: { HTTPS_PROXY: address(proxy, 'http', USER) }, ...options })
    expectNoSecret(error)
    expect(error.message).toContain(address(proxy))
    expect(error.cure).toContain(address(proxy))
    expect(proxy.requests.every(({ line }) => line.startsWith('CONNECT '))).toBe(true)
    return { error, name: address(proxy) }
  }

  it.each([
    [100, 'takes CONNECT'],
    [199, 'takes CONNECT'],
    [300, 'takes CONNECT'],
    [302, 'takes CONNECT'],
    [400, `let ${HOST}:443 through`],
    [403, `let ${HOST}:443 through`],
    [405, `let ${HOST}:443 through`],
    [407, 'user name and password'],
    [499, `let ${HOST}:443 through`],
    [500, `does not reach ${HOST}:443`],
    [502, `does not reach ${HOST}:443`],
    [504, `does not reach ${HOST}:443`],
  ])('with status %d is refused, with a cure for that', async (status, cure) => {
    const { error } = await through(() => httpAnswer(status))
    expect(error).toMatchObject({ code: 'proxy-refused', status })
    expect(error.cure).toContain(cure)
  })

  it.each([
    ['Negotiate', 'Give the dialer an `agent`'],
    ['NTLM, Basic realm="x"', 'user name and password'],
    ['basic', 'user name and password'],
  ])('and wants %s has a cure for that', async (scheme, cure) => {
    const { error } = await through(() => httpAnswer(407, [`Proxy-Authenticate: ${scheme}`]))
    expect(error.cure).toContain(cure)
  })

  it.each([200, 204, 299])('is not one that answers %d', async status => {
    const { service } = await behindProxy()
    const env = { HTTPS_PROXY: address(await serve(() => httpAnswer(status))) }
    const error = await failure(FAR, { env, handshakeTimeoutMs: 1000 })
    expect(error.code).toBe('tunnel-unreachable')
    expect(service.requests).toEqual([])
  })

  it.each([
    ['speaks another protocol', () => '220 mail.example ESMTP\r\n'],
    ['answers with garbage', () => Buffer.alloc(3000, 0xfe)],
    ['hangs up', hangUp],
    ['has a head without end', () => `HTTP/1.1 200 OK\r\n${'X-Padding: 0123456789\r\n'.repeat(3000)}`],
    ['has one header without end', () => `HTTP/1.1 200 OK\r\nX: ${'0'.repeat(100_000)}`],
  ])('but %s is unreachable', async (_what, answer) => {
    const { error } = await through(answer)
    expect(error).toMatchObject({ code: 'proxy-unreachable', fault: 'environment' })
  })

  it('but hangs up in the middle of its answer is unreachable', async () => {
    const { error } = await through((_request, socket) => {
      socket.end('HTTP/1.1 200 Connec')
      return ''
    })
    expect(error).toMatchObject({ code: 'proxy-unreachable' })
  })

  it.each([
    ['is silent', HANG],
    ['sends half an answer', () => 'HTTP/1.1 200 Connec'],
  ])('but %s is unreachable after the time limit', async (_what, answer) => {
    const { error } = await through(answer, { handshakeTimeoutMs: 50 })
    expect(error).toMatchObject({ code: 'proxy-unreachable' })
    expect(error.message).toContain('no answer within 50 ms')
  })

  it('is not there at all', async () => {
    const gone = await serve(HANG)
    await gone.close()
    const error = await failure(FAR, { env: { HTTPS_PROXY: address(gone, 'http', USER) } })
    expect(error).toMatchObject({ code: 'proxy-unreachable', cause: { code: 'ECONNREFUSED' } })
    expectNoSecret(error)
  })

  it('is left when the tunnel is closed meanwhile', async () => {
    const heads = new EventEmitter()
    const proxy = await serve((_request, socket) => {
      heads.emit('head', socket)
      return ''
    })
    const asked = once(heads, 'head') as Promise<[Socket]>
    const { tunnel, probe } = dial(FAR, { env: { HTTPS_PROXY: address(proxy) } })
    const [socket] = await asked
    const left = once(socket, 'close')
    await tunnel.close()
    await left
    expect(probe.seen).toEqual([])
  })

  it('that connects to something else than the service leaves nothing open, and the tunnel fails', async () => {
    const answers = await serve(() => `${httpAnswer(200)}HTTP/1.1 101 Switching Protocols\r\n\r\n`)
    const error = await failure(FAR, { env: { HTTPS_PROXY: address(answers) } })
    expect(error.code).toBe('tunnel-untrusted')
  })
})
