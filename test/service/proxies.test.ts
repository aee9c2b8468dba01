import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { BlockList, connect as tcpConnect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as tlsConnect } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { forwardedFor } from '../../src/service/forwarded.js'
import { readProxyHeader } from '../../src/service/proxy-header.js'
import { TrustedProxies } from '../../src/service/trusted-proxies.js'
import type { TunnelServer } from '../../src/service/tunnel-server.js'
import { misbehavingStranger } from '../../src/testing/misbehaving/stranger.js'
import { UPGRADE } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices({ trustedProxies: ['127.0.0.1'] })

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n')

/** A header of version 2; the addresses are those of the client, then of the service. */
function version2(family: number, body: readonly number[], command = 1): Buffer {
  const head = Buffer.from([0x20 | command, (family << 4) | 1, body.length >> 8, body.length & 0xff])
  return Buffer.concat([SIGNATURE, head, Buffer.from(body)])
}

const ipv4 = (...client: readonly number[]): Buffer => version2(1, [...client, 127, 0, 0, 1, 1, 0, 2, 0])
const version1 = (client: string): Buffer => Buffer.from(`PROXY TCP4 ${client} 127.0.0.1 4000 443\r\n`)

let tunnels = 0
function upgradeHead(headers: Readonly<Record<string, string>> = {}): string {
  const path = `/cable/new/${(++tunnels).toString(16).padStart(32, '0')}`
  const fields = Object.entries({ ...UPGRADE, ...headers }).map(field => field.join(': '))
  return [`GET ${path} HTTP/1.1`, 'Host: a', ...fields, '', ''].join('\r\n')
}

/** The status of an upgrade; 0 when the connection ends without one. The connection stays. */
async function statusOf(socket: Socket, ...pieces: readonly (Buffer | string)[]): Promise<number> {
  services.keep(socket)
  socket.on('error', () => undefined)
  const answer = new Promise<number>(resolve => {
    socket.once('data', (data: Buffer) => {
      resolve(Number(data.toString('latin1').slice('HTTP/1.1 '.length).slice(0, 3)))
    })
    socket.once('close', () => {
      resolve(0)
    })
  })
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return answer
}

const dial = ({ port }: TunnelServer, host = '127.0.0.1'): Socket => tcpConnect(port, host).setNoDelay(true)

/** The address of this machine that is not loopback, if it has one. */
const OUTSIDE = Object.values(networkInterfaces())
  .flatMap(each => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

describe('PROXY header', () => {
  it.each([
    ['version 2', ipv4(192, 0, 2, 1)],
    ['version 1', version1('192.0.2.1')],
    [
      'version 2 with more behind the addresses',
      version2(1, [192, 0, 2, 1, 127, 0, 0, 1, 1, 0, 2, 0, 4, 0, 1, 9]),
    ],
  ])('of %s: tunnels and connections count with its address', async (_name, header) => {
    const service = await services.serve({ limits: { maxTunnelsPerAddress: 2, maxConnectionsPerAddress: 4 } })
    const ask = (bytes: Buffer): Promise<number> =>
      statusOf(dial(service), Buffer.concat([bytes, Buffer.from(upgradeHead())]))
    expect([await ask(header), await ask(header), await ask(header)]).toEqual([101, 101, 429])
    expect(await ask(ipv4(192, 0, 2, 2))).toBe(101)
    const [silent, more] = [dial(service), dial(service)]
    for (const socket of [silent, more]) services.keep(socket.on('error', () => undefined))
    silent.write(header)
    more.write(header)
    expect(await statusOf(dial(service), header, upgradeHead())).toBe(0)
    expect(services.events).toContainEqual({
      type: 'connection-dropped',
      reason: 'too many connections from one address',
    })
  })

  it.each(['ws', 'wss'])('before %s, in pieces of one byte', async scheme => {
    const service = await services.serve(scheme === 'wss' ? { tls: services.certificate } : {})
    const raw = dial(service)
    services.keep(raw)
    for (const byte of ipv4(192, 0, 2, 1)) {
      raw.write(Buffer.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    const socket =
      scheme === 'wss' ? tlsConnect({ socket: raw, ca: services.certificate.ca, host: '127.0.0.1' }) : raw
    expect(await statusOf(socket, upgradeHead())).toBe(101)
    expect(service.load()).toMatchObject({ waiting: 1, connections: 1 })
  })

  it.each(['ws', 'wss'])('and what follows over %s, in one piece', async scheme => {
    const service = await services.serve(scheme === 'wss' ? { tls: services.certificate } : {})
    const proxy = createServer(client => {
      const upstream = dial(service)
      client.once('data', first => {
        upstream.write(Buffer.concat([ipv4(192, 0, 2, 1), first]))
        client.pipe(upstream).pipe(client)
      })
      services.keep(client, upstream)
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const { port } = proxy.address() as AddressInfo
    const at = { port, host: '127.0.0.1' }
    const socket = scheme === 'wss' ? tlsConnect({ ...at, ca: services.certificate.ca }) : tcpConnect(at)
    expect(await statusOf(socket, upgradeHead())).toBe(101)
    proxy.close()
  })

  it.each([
    ['LOCAL', version2(0, [], 0)],
    ['UNSPEC', version2(0, [])],
    ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')],
    ['none at all', Buffer.alloc(0)],
  ])('%s leaves the connection the proxy’s own', async (_name, header) => {
    const service = await services.serve({ limits: { maxTunnelsPerAddress: 1 } })
    const ask = (): Promise<number> =>
      statusOf(dial(service), Buffer.concat([header, Buffer.from(upgradeHead())]))
    expect([await ask(), await ask()]).toEqual([101, 429])
  })

  it.each([
    ['malformed', Buffer.from('PROXY TCP4 192.0.2 127.0.0.1 1 2\r\n')],
    ['of another version', Buffer.concat([SIGNATURE, Buffer.from([0x31, 0x11, 0, 0])])],
    ['that is never whole', SIGNATURE],
  ])('%s costs the connection', async (_name, header) => {
    const service = await services.serve({ limits: { upgradeTimeoutMs: 100 } })
    expect(await statusOf(dial(service), header)).toBe(0)
    expect(services.events).toEqual([{ type: 'connection-dropped', reason: 'bad PROXY header' }])
    while (service.load().connections > 0) await new Promise(resolve => setImmediate(resolve))
  })

  it('of a stranger ends its connection', async () => {
    const service = await services.serve({ trustedProxies: ['10.0.0.0/8'] })
    expect(await statusOf(dial(service), version1('192.0.2.1'), upgradeHead())).toBe(400)
    expect(await statusOf(dial(service), ipv4(192, 0, 2, 1), upgradeHead())).toBe(400)
    const open = await services.serve({ trustedProxies: [] })
    expect(await statusOf(dial(open), version1('192.0.2.1'), upgradeHead())).toBe(400)
  })

  it('of a proxy that hangs up at once does no harm', async () => {
    const service = await services.serve()
    const socket = dial(service)
    socket.end()
    await once(socket, 'close')
    while (service.load().connections > 0) await new Promise(resolve => setImmediate(resolve))
    expect(services.events).toEqual([])
  })
})

describe('Forwarded and X-Forwarded-For', () => {
  const ask = (service: TunnelServer, headers: Readonly<Record<string, string>>): Promise<number> =>
    statusOf(dial(service), upgradeHead(headers))

  it.each([
    ['X-Forwarded-For', '192.0.2.1', '192.0.2.2'],
    ['Forwarded', 'for=192.0.2.1', 'for=192.0.2.2'],
  ])('%s of a trusted proxy says whom a tunnel counts with', async (name, one, other) => {
    const service = await services.serve({ limits: { maxTunnelsPerAddress: 1 } })
    expect(await ask(service, { [name]: one })).toBe(101)
    expect(await ask(service, { [name]: one })).toBe(429)
    expect(await ask(service, { [name]: other })).toBe(101)
  })

  it('addresses that the client wrote itself are not believed: the last that is not a proxy counts', async () => {
    const service = await services.serve({ limits: { maxTunnelsPerAddress: 1 } })
    expect(await ask(service, { 'X-Forwarded-For': '198.51.100.1, 192.0.2.1, 127.0.0.1' })).toBe(101)
    expect(await ask(service, { 'X-Forwarded-For': '198.51.100.2, 192.0.2.1' })).toBe(429)
    expect(await ask(service, { 'X-Forwarded-For': '198.51.100.1' })).toBe(101)
  })

  it.each([
    ['X-Forwarded-For', '192.0.2.1'],
    ['Forwarded', 'for=192.0.2.1'],
  ])('%s of a stranger ends the connection', async (name, value) => {
    const service = await services.serve({ trustedProxies: ['10.0.0.0/8'] })
    expect(await ask(service, { [name]: value })).toBe(400)
    expect(services.events).toEqual([{ type: 'refused', status: 400 }])
  })

  it('of a client behind a PROXY header ends the connection', async () => {
    const service = await services.serve()
    const forged = upgradeHead({ 'X-Forwarded-For': '198.51.100.1' })
    expect(await statusOf(dial(service), ipv4(192, 0, 2, 1), forged)).toBe(400)
  })

  it('mean nothing without trusted proxies', async () => {
    const service = await services.serve({ trustedProxies: [], limits: { maxTunnelsPerAddress: 1 } })
    expect(await ask(service, { 'X-Forwarded-For': '192.0.2.1' })).toBe(101)
    expect(await ask(service, { 'X-Forwarded-For': '192.0.2.2' })).toBe(429)
  })

  it.each<[string, Record<string, string>, readonly string[] | 'malformed' | undefined]>([
    ['nothing', {}, undefined],
    [
      'addresses',
      { 'x-forwarded-for': '192.0.2.1,2001:db8::1 , 192.0.2.2:80' },
      ['192.0.2.1', '2001:db8::1', '192.0.2.2'],
    ],
    ['brackets', { 'x-forwarded-for': '[2001:db8::1]:443, [2001:db8::2]' }, ['2001:db8::1', '2001:db8::2']],
    ['names', { 'x-forwarded-for': 'unknown, _hidden' }, ['unknown', '_hidden']],
    ['text', { 'x-forwarded-for': 'localhost' }, 'malformed'],
    ['an empty list', { 'x-forwarded-for': '' }, 'malformed'],
    ['an empty element', { 'x-forwarded-for': '192.0.2.1,' }, 'malformed'],
    [
      '32 hops',
      { 'x-forwarded-for': Array(32).fill('192.0.2.1').join() },
      Array<string>(32).fill('192.0.2.1'),
    ],
    ['33 hops', { 'x-forwarded-for': Array(33).fill('192.0.2.1').join() }, 'malformed'],
    ['a Forwarded', { forwarded: 'for=192.0.2.60;proto=http;by=203.0.113.43' }, ['192.0.2.60']],
    [
      'several',
      { forwarded: 'For="[2001:db8:cafe::17]:4711", for=192.0.2.43' },
      ['2001:db8:cafe::17', '192.0.2.43'],
    ],
    ['a comma in quotes', { forwarded: 'host="a,b;c";for=_gazonk' }, ['_gazonk']],
    ['no for', { forwarded: 'proto=http' }, 'malformed'],
    ['two for', { forwarded: 'for=192.0.2.1;for=192.0.2.2' }, 'malformed'],
    ['an open quote', { forwarded: 'for="192.0.2.1' }, 'malformed'],
    ['an empty Forwarded', { forwarded: '' }, 'malformed'],
    ['both', { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.1' }, 'malformed'],
  ])('are read strictly: %s', (_name, headers, expected) => {
    expect(forwardedFor(headers)).toEqual(expected)
  })

  // In time that grows faster than their length these would take minutes, and the test would end at its limit.
  it.each([',', ';', '"', 'for="a",', 'for=a;', '\\"'])('are read to their end: %s, 100,000 times', value => {
    expect(forwardedFor({ forwarded: value.repeat(100_000) })).toBe('malformed')
  })
})

describe('the bytes of a PROXY header', () => {
  it.each<[string, Buffer, unknown]>([
    ['IPv4', ipv4(192, 0, 2, 1), { byteLength: 28, client: '192.0.2.1' }],
    [
      'IPv6',
      version2(2, [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 1, ...Array<number>(20).fill(0)]),
      { byteLength: 52, client: '2001:db8:0:0:0:0:0:1' },
    ],
    [
      'mapped IPv4',
      version2(2, [...Array<number>(10).fill(0), 255, 255, 192, 0, 2, 1, ...Array<number>(20).fill(0)]),
      { byteLength: 52, client: '192.0.2.1' },
    ],
    ['too few addresses', version2(1, Array<number>(11).fill(0)), 'malformed'],
    ['too few addresses of IPv6', version2(2, Array<number>(35).fill(0)), 'malformed'],
    ['sockets of Unix', version2(3, Array<number>(216).fill(0)), 'malformed'],
    ['4096 bytes', version2(1, Array<number>(4096).fill(0)), { byteLength: 4112, client: '0.0.0.0' }],
    ['4097 bytes', version2(1, Array<number>(4097).fill(0)), 'malformed'],
    ['another command', version2(1, Array<number>(12).fill(0), 2), 'malformed'],
    [
      'version 1 of IPv6',
      Buffer.from('PROXY TCP6 2001:db8::1 ::1 1 2\r\n'),
      { byteLength: 32, client: '2001:db8::1' },
    ],
    ['a wrong family', Buffer.from('PROXY TCP4 2001:db8::1 ::1 1 2\r\n'), 'malformed'],
    ['a port too high', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n'), 'malformed'],
    ['a bare line feed', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n'), 'malformed'],
    ['106 bytes without an end', Buffer.from('PROXY '.padEnd(106, 'x')), 'partial'],
    ['107 bytes without an end', Buffer.from('PROXY '.padEnd(107, 'x')), 'malformed'],
    ['HTTP', Buffer.from('GET / HTTP/1.1'), 'absent'],
    ['POST', Buffer.from('POST'), 'absent'],
    ['TLS', Buffer.from([0x16, 3, 1]), 'absent'],
    ['nothing', Buffer.alloc(0), 'partial'],
    ['one letter', Buffer.from('P'), 'partial'],
  ])('%s', (_name, bytes, expected) => {
    expect(readProxyHeader(bytes)).toEqual(expected)
  })

  it('are partial at every truncation', () => {
    for (const whole of [ipv4(192, 0, 2, 1), version1('192.0.2.1')])
      for (let length = 0; length < whole.length; length++)
        expect(readProxyHeader(whole.subarray(0, length))).toBe('partial')
  })

  it('never throw, and tell no more bytes than there are', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), (isSigned, bytes) => {
        const all = Buffer.concat([isSigned ? SIGNATURE : Buffer.from('PROXY '), bytes])
        const header = readProxyHeader(all)
        if (typeof header === 'object') expect(header.byteLength).toBeLessThanOrEqual(all.length)
      }),
    )
  })
})

describe('trusted proxies', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['10.0.0.0/8', 'unknown', false],
    ['10.0.0.0/8', '', false],
  ])('of %s: %s %s', (network, address, isTrusted) => {
    expect(new TrustedProxies([network]).has(address)).toBe(isTrusted)
  })

  it('ask their list once for an address, until they have met 1024', () => {
    const check = vi.spyOn(BlockList.prototype, 'check')
    const proxies = new TrustedProxies(['10.0.0.0/8'])
    const all = Array.from({ length: 1024 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)
    for (const address of [...all, ...all]) expect(proxies.has(address)).toBe(true)
    expect(check).toHaveBeenCalledTimes(1024)
    for (const again of [false, true]) expect(proxies.has('192.0.2.1'), `again: ${again}`).toBe(false)
    expect(check).toHaveBeenCalledTimes(1025)
    expect(proxies.has('10.0.0.0')).toBe(true)
    expect(check).toHaveBeenCalledTimes(1026)
    check.mockRestore()
  })

  it.each(['', 'proxy', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', 'fe80::1%eth0'])(
    '%j is refused',
    network => {
      expect(() => new TrustedProxies([network])).toThrow(
        expect.objectContaining({ code: 'argument-invalid' }) as Error,
      )
    },
  )
})

describe('without TLS away from loopback', () => {
  it('nothing is served unless there are trusted proxies', async () => {
    await expect(services.serve({ host: '0.0.0.0', trustedProxies: [] })).rejects.toMatchObject({
      code: 'tunnel-insecure',
    })
  })

  it.runIf(OUTSIDE !== undefined)('only trusted proxies are served', async () => {
    const service = await services.serve({ host: '0.0.0.0' })
    expect(await statusOf(dial(service), upgradeHead({ 'X-Forwarded-For': '192.0.2.1' }))).toBe(101)
    expect(await statusOf(dial(service, OUTSIDE), upgradeHead())).toBe(0)
    expect(services.events).toContainEqual({ type: 'connection-dropped', reason: 'not from a trusted proxy' })
  })
})

it('slow heads of proxied connections are still sent away', async () => {
  const hasty = await services.serve({ limits: { upgradeTimeoutMs: 200 } })
  expect(await statusOf(dial(hasty), ipv4(192, 0, 2, 1), 'GET /')).toBe(408)
  const { port } = await services.serve()
  const request = httpRequest({ port, path: '/', headers: { 'X-Forwarded-For': '192.0.2.1' } })
  const answered = once(request, 'response')
  request.end()
  const [response] = (await answered) as [{ statusCode: number }]
  expect(response.statusCode).toBe(404)
})

describe('a misbehaving stranger', () => {
  it.each(['proxy-header-forged', 'forwarded-forged'] as const)('%s loses its connections', async how => {
    const service = await services.serve({ trustedProxies: ['10.0.0.0/8'] })
    const stranger = misbehavingStranger(how, { url: service.url, connections: 5 })
    expect(await stranger.ended).toBe(5)
    stranger.close()
  })
})
