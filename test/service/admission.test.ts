import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { TunnelServer, TunnelServerOptions } from '../../src/service/tunnel-server.js'
import { cases, refused, taken } from '../support/cases.js'
import { ask, clientOf, phoneOf, TUNNEL, UPGRADE } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices()
const serve = (options?: Partial<TunnelServerOptions>): Promise<TunnelServer> => services.serve(options)

describe('statuses', () => {
  const CONNECT = `/cable/connect/000000/${TUNNEL}`
  const NEW = `/cable/new/${TUNNEL}`
  const PAYLOAD = 'X-caBLE-Client-Payload'
  const CONTACT = { ...UPGRADE, [PAYLOAD]: 'A0' }
  const requests: readonly [string, string, Record<string, string | undefined>, number][] = [
    ['an upgrade', NEW, UPGRADE, 101],
    ['several sub-protocols', NEW, { ...UPGRADE, 'Sec-WebSocket-Protocol': 'other, fido.cable' }, 101],
    ['no sub-protocol', NEW, { ...UPGRADE, 'Sec-WebSocket-Protocol': undefined }, 400],
    ['another sub-protocol', NEW, { ...UPGRADE, 'Sec-WebSocket-Protocol': 'fido' }, 400],
    ['a malformed sub-protocol list', NEW, { ...UPGRADE, 'Sec-WebSocket-Protocol': 'fido.cable,,' }, 400],
    ['no key', NEW, { ...UPGRADE, 'Sec-WebSocket-Key': undefined }, 400],
    ['a malformed key', NEW, { ...UPGRADE, 'Sec-WebSocket-Key': 'AAAA' }, 400],
    ['an unknown version', NEW, { ...UPGRADE, 'Sec-WebSocket-Version': '12' }, 400],
    ['another protocol', NEW, { ...UPGRADE, Upgrade: 'h2c' }, 400],
    ['an upgrade without Connection', NEW, { ...UPGRADE, Connection: 'close' }, 400],
    ['a plain request', NEW, {}, 426],
    ['a plain request for another path', '/', {}, 404],
    ['a tunnel that is not there', CONNECT, UPGRADE, 404],
    ['a contact that nobody has registered', '/cable/contact/AAAA', CONTACT, 404],
    ['a contact without a client payload', '/cable/contact/AAAA', UPGRADE, 400],
    ['a contact whose payload is no hex', '/cable/contact/AAAA', { ...CONTACT, [PAYLOAD]: 'a' }, 400],
    [
      'a contact with too long a payload',
      '/cable/contact/AAAA',
      { ...CONTACT, [PAYLOAD]: 'ab'.repeat(1025) },
      400,
    ],
    ['a contact by a plain request', '/cable/contact/AAAA', { [PAYLOAD]: 'A0' }, 426],
    ['a contact line', '/cable/register', UPGRADE, 101],
    [
      'a contact line without the sub-protocol',
      '/cable/register',
      { ...UPGRADE, 'Sec-WebSocket-Protocol': undefined },
      400,
    ],
    ['a contact line by a plain request', '/cable/register', {}, 426],
    ['a path that is too long', `/cable/contact/${'A'.repeat(3000)}`, UPGRADE, 404],
    ['a body', NEW, { ...UPGRADE, 'Content-Length': '1' }, 400],
    ['an empty body', NEW, { ...UPGRADE, 'Content-Length': '0' }, 101],
    ['a body of unknown length', NEW, { ...UPGRADE, 'Transfer-Encoding': 'chunked' }, 400],
    ['POST', NEW, { method: 'POST', ...UPGRADE }, 405],
    ['plain POST', NEW, { method: 'POST' }, 405],
    ['HEAD', NEW, { method: 'HEAD' }, 405],
    ['headers that are too long', NEW, { ...UPGRADE, 'X-Long': 'a'.repeat(9000) }, 431],
  ]
  it.each(requests)('%s', async (_name, path, headers, status) => {
    const service = await serve()
    expect((await ask(service, path, headers)).status).toBe(status)
  })

  it('tells with 405 what is allowed', async () => {
    const answer = await ask(await serve(), NEW, { method: 'POST', ...UPGRADE })
    expect(answer.headers['allow']).toBe('GET')
  })

  const paths = cases<{ path: string; kind: string }>('tunnel-path', 'paths')
  it('is 404 for every malformed path', async () => {
    const service = await serve()
    const statuses = await Promise.all(refused(paths).map(({ path }) => ask(service, path, UPGRADE)))
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([404]))
  })

  it.each(taken(paths))('takes $path', async ({ path, kind }) => {
    const opens = kind === 'new' || kind === 'register'
    expect((await ask(await serve(), path, CONTACT)).status).toBe(opens ? 101 : 404)
  })

  it('is 409 for a tunnel ID in use, whatever its case, and 404 for a second client', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    expect((await ask(service, NEW.toLowerCase(), UPGRADE)).status).toBe(409)
    await clientOf(service, phone)
    const routing = String(phone.headers['x-cable-routing-id'])
    expect((await ask(service, `/cable/connect/${routing}/${TUNNEL}`, UPGRADE)).status).toBe(404)
  })

  it('is 503 when there are too many tunnels', async () => {
    const service = await serve({ limits: { maxTunnels: 1 } })
    await phoneOf(service)
    expect((await ask(service, `/cable/new/${TUNNEL.replaceAll('0', '1')}`, UPGRADE)).status).toBe(503)
  })

  it.each([
    ['HTTP/1.0', '1.0', ['Host: a'], 400],
    ['HTTP/1.1 with one Host', '1.1', ['hOST: a'], 101],
    ['no Host', '1.1', [], 400],
    ['two Hosts', '1.1', ['Host: a', 'Host: a'], 400],
  ] as const)('answers %s', async (_name, version, hosts, status) => {
    const service = await serve()
    const socket = tcpConnect(service.port, '127.0.0.1')
    const fields = Object.entries(UPGRADE).map(field => field.join(': '))
    socket.write([`GET ${NEW} HTTP/${version}`, ...hosts, ...fields, '', ''].join('\r\n'))
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    socket.destroy()
  })

  it('is 403 for an origin that is not on the list', async () => {
    const service = await serve({ origins: ['wss://cable.example.com'] })
    expect((await ask(service, NEW, UPGRADE)).status).toBe(403)
    expect((await ask(service, NEW, { ...UPGRADE, Origin: 'wss://example.com' })).status).toBe(403)
    expect((await ask(service, NEW, { ...UPGRADE, Origin: 'wss://cable.example.com' })).status).toBe(101)
  })

  it('is 400 for bytes that are not HTTP, and the service goes on', async () => {
    const service = await serve()
    const socket = tcpConnect(service.port, '127.0.0.1')
    socket.write('\0\0\0\0\r\n\r\n')
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).toMatch(/^HTTP\/1.1 400 /)
    socket.destroy()
    await phoneOf(service)
  })

  it('goes on after connections that break off at every stage', async () => {
    const service = await serve()
    const head = `GET ${NEW} HTTP/1.1\r\nHost: a\r\n${Object.entries(UPGRADE)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`
    for (const text of ['', 'GET', head.slice(0, 80), head, head.replace('fido.cable', 'x')]) {
      const socket = tcpConnect(service.port, '127.0.0.1').on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(text)
      socket.resetAndDestroy()
      await once(socket, 'close')
    }
    await phoneOf(service)
  })
})
