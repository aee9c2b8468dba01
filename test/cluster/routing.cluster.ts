import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { format } from 'prettier'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type { TunnelServer, TunnelServiceEvent } from '../../src/service/tunnel-server.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { cases, refused, taken } from '../support/cases.js'
import { clientOf, phoneOf } from '../support/service-peers.js'
import { checkConfig, readExample, runProxy, writeProxyFiles } from './haproxy.js'
import type { RunningProxy } from './haproxy.js'
import { statusThrough } from './proxied-request.js'

const SLOTS = [
  [0x00, 0x55],
  [0x56, 0xaa],
  [0xab, 0xff],
] as const
const TUNNEL = '00112233445566778899aabbccddeeff'
const hex = (slot: number): string => slot.toString(16).padStart(2, '0')

let certificate: TestCertificate
let proxy: RunningProxy
let instances: readonly TunnelServer[] = []
/** What each instance has said since the test began. */
const told: TunnelServiceEvent[][] = SLOTS.map(() => [])

beforeAll(async () => {
  certificate = await makeCertificate()
  instances = await Promise.all(
    SLOTS.map((routingSlots, index) =>
      serveTunnel({
        port: 0,
        routingSlots,
        trustedProxies: ['127.0.0.1'],
        behindProxy: true,
        limits: { maxTunnelsPerAddress: 2 },
        onEvent: event => told[index]?.push(event),
      }),
    ),
  )
  proxy = await runProxy(
    certificate,
    instances.map(({ port }) => port),
  )
})
afterEach(async () => {
  while (instances.some(each => each.load().joined + each.load().waiting > 0))
    await new Promise(resolve => setTimeout(resolve, 5))
  for (const events of told) events.length = 0
})
afterAll(async () => {
  await proxy.close()
  await Promise.all(instances.map(instance => instance.close()))
})

/** The instances, by their places, that have said something. */
const heard = (): readonly number[] => told.flatMap((events, index) => (events.length > 0 ? [index] : []))

function forget(): void {
  for (const events of told) events.length = 0
}

describe('the example', () => {
  test('is a configuration that HAProxy takes without a warning', async () => {
    const { config, remove } = await writeProxyFiles(certificate, [1, 2, 3])
    const { status, told: text } = checkConfig(config)
    expect([status, text.trim()]).toEqual([0, 'Configuration file is valid'])
    await remove()
  })

  test('has a line for each slot, and the instances of compose.yaml own what it says', async () => {
    const lines = (await readExample('slots.map')).split('\n').slice(0, -1)
    const compose = await readExample('compose.yaml')
    const owners = [...compose.matchAll(/ {2}(i\d):\n.*\n {4}command: \['--routing-slots=(..)-(..)'/g)]
    const expected = owners.flatMap(([, name = '', first = '', last = '']) => {
      const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16)]
      return Array.from({ length: to - from + 1 }, (_, index) => `${hex(from + index)} ${name}`)
    })
    expect(lines).toEqual(expected)
    expect(lines.map(line => line.slice(0, 2))).toEqual(Array.from({ length: 256 }, (_, slot) => hex(slot)))
  })
})

describe('the pods of kubernetes.yaml', () => {
  test('take their slots from their number, and the other options of compose.yaml', async () => {
    const text = await readExample('kubernetes.yaml')
    // It throws for what is no YAML.
    await format(text, { parser: 'yaml' })
    const [, script = '', slots = ''] = /- \|\n([^]*?)\n {12}- sh\n([^]*?)\n {10}env:/.exec(text) ?? []
    const printing = script.replace('exec fido-hybrid', "exec printf '%s\\n'")
    const commands = ['cable-0', 'cable-1', 'cable-2'].map(HOSTNAME => {
      const args = ['-c', printing, 'sh', ...slots.split(/\s*- /).filter(Boolean)]
      const { stdout } = spawnSync('sh', args, {
        encoding: 'utf8',
        env: { HOSTNAME, PROXIES: '10.77.0.0/24' },
      })
      return stdout.trim().split('\n')
    })
    const compose = await readExample('compose.yaml')
    const own = [...compose.matchAll(/^ {4}command: \['(--routing-slots=.....)'\]$/gm)]
    const common = [...compose.matchAll(/^ {4}- (--\S+)$/gm)].flatMap(([, option = '']) =>
      /^--(?:directory|trusted-proxy)=/.test(option) ? [] : [option],
    )
    for (const [index, command] of commands.entries())
      expect(new Set(command)).toEqual(
        new Set([
          ...['tunnel', 'serve', ...common, own[index]?.[1]],
          ...['--trusted-proxy=10.77.0.0/24', `--instance=cable-${index}`],
        ]),
      )
    const health = /^ +- "(fetch.*)"$/m
    expect(health.exec(text)?.[1]).toBe(health.exec(compose)?.[1])
  })
})

describe('through the proxy', () => {
  test('each slot leads to the instance that owns it, in both cases of hex', async () => {
    for (let slot = 0; slot < 256; slot++) {
      for (const id of [`${hex(slot)}abcd`, `${hex(slot)}ABCD`.toUpperCase()]) {
        forget()
        const path = `/cable/connect/${id}/${TUNNEL}`
        expect(await statusThrough(proxy, path, { from: `127.0.1.${slot % 200}` })).toBe(404)
        const owner = SLOTS.findIndex(([first, last]) => first <= slot && slot <= last)
        expect({ id, heard: heard() }).toEqual({ id, heard: [owner] })
      }
    }
  })

  const paths = cases<{ path: string; kind: string; routingId?: string }>('tunnel-path', 'paths')

  test.each(taken(paths))(
    '$path comes to the instance that it has to',
    async ({ path, kind, routingId = '' }) => {
      const headers = kind === 'contact' ? { 'X-caBLE-Client-Payload': 'a0' } : {}
      const status = await statusThrough(proxy, path, { headers })
      expect(status).toBe({ new: 101, register: 101, connect: 404, contact: 404 }[kind])
      // A line is told of when the phone has registered on it.
      if (kind === 'register') return
      const slot = Number.parseInt(routingId.slice(0, 2), 16)
      const owner = SLOTS.findIndex(([first, last]) => first <= slot && slot <= last)
      expect(heard()).toEqual(kind === 'connect' ? [owner] : [expect.any(Number)])
    },
  )

  test.each([...refused(paths), { path: '/ready' }, { path: '/live' }])(
    '$path comes to nothing',
    async ({ path }) => {
      expect(await statusThrough(proxy, path, { isPlain: path.length < 7 })).toBe(404)
      expect(told.flat().filter(({ type }) => type !== 'refused')).toEqual([])
    },
  )

  test('tunnels are opened on all instances and joined where they are', async () => {
    for (let round = 0; round < 12; round++) {
      const options = { ca: proxy.ca, localAddress: `127.0.2.${round + 1}` }
      const phone = await phoneOf(proxy, options)
      const client = await clientOf(proxy, phone, options)
      client.socket.send(Buffer.from([round]))
      expect(await phone.next()).toEqual(Buffer.from([round]))
      client.socket.close()
      await phone.closed
    }
    expect(heard()).toEqual([0, 1, 2])
    expect(told.flat().filter(({ type }) => type === 'tunnel-joined')).toHaveLength(12)
  })
})

test('of two proxies, either joins what came by way of the other, and one that is killed leaves the other’s alone', async () => {
  const other = await runProxy(
    certificate,
    instances.map(({ port }) => port),
  )
  const options = { ca: proxy.ca, localAddress: '127.0.4.1' }
  const [phone, lost] = [await phoneOf(other, options), await phoneOf(other, options, '1'.padStart(32, '0'))]
  const client = await clientOf(proxy, phone, options)
  const kept = await phoneOf(proxy, options, '2'.padStart(32, '0'))
  client.socket.send(Buffer.from([1]))
  expect(await phone.next()).toEqual(Buffer.from([1]))
  await other.close()
  expect([await phone.closed, await lost.closed, await client.closed]).toEqual([1006, 1006, 1001])
  const joined = await clientOf(proxy, kept, options, '2'.padStart(32, '0'))
  joined.socket.send(Buffer.from([2]))
  expect(await kept.next()).toEqual(Buffer.from([2]))
  joined.socket.close()
  await kept.closed
})

describe('the address', () => {
  const open = (from: string, path: string): Promise<number> => statusThrough(proxy, path, { from })

  test('that a tunnel counts with is the client’s, as the PROXY header says', async () => {
    const phones = []
    const options = { ca: proxy.ca, localAddress: '127.0.3.1' }
    // Two for each of the three instances, which the proxy takes in turn.
    for (let index = 0; index < 6; index++)
      phones.push(await phoneOf(proxy, options, index.toString(16).padStart(32, '0')))
    expect(await open('127.0.3.1', `/cable/new/${TUNNEL}`)).toBe(429)
    expect(await open('127.0.3.2', `/cable/new/${TUNNEL}`)).toBe(101)
    for (const phone of phones) phone.socket.terminate()
  })

  test('that a client forges behind the proxy is refused', async () => {
    const path = `/cable/new/${TUNNEL}`
    for (const headers of [{ 'X-Forwarded-For': '192.0.2.1' }, { Forwarded: 'for=192.0.2.1' }])
      expect(await statusThrough(proxy, path, { headers, from: '127.0.3.3' })).toBe(400)
  })

  const FORGED = 'PROXY TCP4 192.0.2.1 127.0.0.1 4000 443\r\n'

  /** All that comes back over a connection to this. */
  async function answerTo(socket: ReturnType<typeof tcpConnect>, text: string): Promise<string> {
    let heardBack = ''
    socket.on('error', () => undefined).on('data', chunk => (heardBack += chunk.toString('latin1')))
    socket.write(text)
    await once(socket, 'close')
    return heardBack
  }

  test('that a client forges before TLS or in it ends its connection', async () => {
    const port = Number(new URL(proxy.url).port)
    const request = `${FORGED}GET /cable/new/${TUNNEL} HTTP/1.1\r\nHost: a\r\n\r\n`
    expect(await answerTo(tcpConnect(port, '127.0.0.1'), request)).not.toContain('HTTP')
    const inTls = tlsConnect({ port, host: '127.0.0.1', ca: proxy.ca })
    expect(await answerTo(inTls, request)).toMatch(/^HTTP\/1\.\d 400 /)
    expect(heard()).toEqual([])
  })

  test('that asks too often is refused by the proxy, and others are not', async () => {
    const port = Number(new URL(proxy.url).port)
    const raw = tcpConnect({ port, host: '127.0.0.1', localAddress: '127.0.5.1' })
    const socket = tlsConnect({ socket: raw, host: '127.0.0.1', ca: proxy.ca })
    let heardBack = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => (heardBack += chunk))
    const head = 'GET /elsewhere HTTP/1.1\r\nHost: a\r\n'
    socket.write(`${`${head}\r\n`.repeat(520)}${head}Connection: close\r\n\r\n`)
    await once(socket, 'close')
    const statuses = Array.from(heardBack.matchAll(/^HTTP\/1\.1 (\d+)/gm), ([, status]) => Number(status))
    expect(statuses.indexOf(429)).toBe(500)
    expect(new Set(statuses.slice(0, 500))).toEqual(new Set([404]))
    expect(await statusThrough(proxy, `/cable/new/${TUNNEL}`, { from: '127.0.5.1' })).toBe(429)
    expect(await statusThrough(proxy, `/cable/new/${TUNNEL}`, { from: '127.0.5.2' })).toBe(101)
  })

  test('that a stranger forges at the instance itself ends its connection, unheard', async () => {
    const [instance] = instances
    const request = `${FORGED}GET /live HTTP/1.1\r\nHost: a\r\n\r\n`
    const at = { host: '127.0.0.1', port: instance?.port ?? 0 }
    expect(await answerTo(tcpConnect({ ...at, localAddress: '127.0.0.9' }), request)).toBe('')
    expect(told[0]).toEqual([{ type: 'connection-dropped', reason: 'not from a trusted proxy' }])
    // The proxy itself may say so.
    expect(await answerTo(tcpConnect(at), request)).toMatch(/^HTTP\/1\.1 200 /)
  })
})
