import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { lineKey, tunnelId } from '../../src/bytes/brands.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import type { Tunnel } from '../../src/ports/tunnel-dialer.js'
import { decodeRoutingId, ROUTING_ID_HEADER } from '../../src/tunnel/headers.js'
import { connectTunnelUrl, contactTunnelUrl, newTunnelUrl } from '../../src/tunnel/url.js'
import { contactLineProbe } from '../support/contact-line-probe.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { tunnelProbe } from '../support/tunnel-probe.js'
import type { TunnelProbe } from '../support/tunnel-probe.js'

const dialer = wsDialer({ closeTimeoutMs: 20 })
let tunnels: Tunnel[] = []

afterEach(async () => {
  await Promise.all(tunnels.map(tunnel => tunnel.close()))
  tunnels = []
})

interface Serving {
  readonly url: string
  /** Where the metrics are, if anywhere. */
  readonly metrics: string
  readonly interrupt: () => void
  readonly end: Promise<CliRun>
}

/** Serves in this process, until interrupted. */
async function serve(...args: readonly string[]): Promise<Serving> {
  const abort = new AbortController()
  const last = args.includes('--metrics-port') ? '"metrics"' : '"listening"'
  let end: Promise<CliRun> | undefined
  const stdout = await new Promise<string>(resolve => {
    end = runHere(['tunnel', 'serve', '--port', '0', '--json', ...args], {
      signal: abort.signal,
      onStdout: text => {
        if (text.includes(last)) resolve(text)
      },
    })
  })
  if (end === undefined) throw new Error('not started')
  const [, url = ''] = /"(ws:[^"]*)"/.exec(stdout) ?? []
  const [, metrics = ''] = /"(http:[^"]*)"/.exec(stdout) ?? []
  return {
    url,
    metrics,
    end,
    interrupt: () => {
      abort.abort()
    },
  }
}

function dial(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): { tunnel: Tunnel; probe: TunnelProbe } {
  const probe = tunnelProbe()
  const tunnel = dialer.dial({ url, subprotocol: 'fido.cable', headers }, probe)
  tunnels.push(tunnel)
  return { tunnel, probe }
}

interface Joined {
  readonly phone: { tunnel: Tunnel; probe: TunnelProbe }
  readonly client: { tunnel: Tunnel; probe: TunnelProbe }
  /** What names the two to the service, in hex. */
  readonly identifiers: readonly string[]
}

async function join(base: string): Promise<Joined> {
  const id = tunnelId(new Uint8Array(randomBytes(16)))
  const phone = dial(newTunnelUrl(base, id))
  const opened = await phone.probe.next()
  if (opened.type !== 'open') throw new Error('not opened')
  const routing = decodeRoutingId(opened.headers.get(ROUTING_ID_HEADER.toLowerCase()))
  const client = dial(connectTunnelUrl(base, routing, id))
  expect(await client.probe.next()).toMatchObject({ type: 'open' })
  return { phone, client, identifiers: [encodeHex(id), encodeHex(routing)] }
}

describe('events and metrics', () => {
  test('tell what happens, and nothing of who it happens to', async () => {
    const serving = await serve('--metrics-port', '0')
    const { client, identifiers } = await join(serving.url)
    const key = lineKey(new Uint8Array(randomBytes(32)))
    const contact = deriveContactId(nodeCryptoProvider, key)
    const phone = contactLineProbe()
    const line = contactLineOver({ dialer, clock: systemClock }).open(
      { url: serving.url, key, revoked: [] },
      phone,
    )
    await phone.next()
    const payload = encodeHex(randomBytes(20))
    const linked = dial(contactTunnelUrl(serving.url, contact), { 'X-caBLE-Client-Payload': payload })
    expect(await linked.probe.next()).toMatchObject({ type: 'open' })
    const rung = await phone.next()
    if (rung.type !== 'contact') throw new Error('no contact')
    expect(
      await dial(`${serving.url}/cable/connect/000000/${identifiers[0] ?? ''}`).probe.next(),
    ).toMatchObject({
      error: { status: 404 },
    })
    const text = await (await fetch(serving.metrics)).text()
    expect(text).toContain('\nfido_hybrid_tunnels_joined 1\n')
    expect(text).toContain('\nfido_hybrid_calls_total 1\n')
    expect(text).toContain('\nfido_hybrid_requests_refused_total{status="404"} 1\n')
    await line.stop()
    await Promise.all([client, linked].map(({ tunnel }) => tunnel.close()))
    serving.interrupt()
    const run = await serving.end
    expect(run.code).toBe(0)
    expect(eventsOf(run).map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'tunnel-opened',
        'tunnel-joined',
        'tunnel-ringing',
        'phone-reachable',
        'refused',
      ]),
    )
    const told = [run.stdout, run.stderr, text]
      .join('\n')
      .replaceAll(serving.url, '')
      .replaceAll(serving.metrics, '')
    const secrets = [
      ...identifiers,
      encodeHex(rung.contact.tunnelId),
      encodeHex(rung.contact.routingId),
      encodeHex(contact),
      encodeBase64url(contact),
      encodeHex(key),
      encodeBase64url(key),
      payload,
      '127.0.0.1',
      '::1',
    ]
    for (const secret of secrets) expect(told.toLowerCase()).not.toContain(secret.toLowerCase())
  })
})

describe('--drain', () => {
  test('lets a joined tunnel finish, while others get 503', async () => {
    const serving = await serve()
    const { phone, client } = await join(serving.url)
    serving.interrupt()
    const late = dial(newTunnelUrl(serving.url, tunnelId(new Uint8Array(16))))
    expect(await late.probe.next()).toMatchObject({ error: { status: 503 } })
    client.tunnel.send(Uint8Array.of(1))
    expect(await phone.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(1) })
    await client.tunnel.close()
    const run = await serving.end
    expect(run.code).toBe(0)
    expect(eventsOf(run)).toContainEqual({ event: 'draining', tunnels: 1 })
  })

  test('of 0 ends it', async () => {
    const serving = await serve('--drain', '0')
    const { phone } = await join(serving.url)
    serving.interrupt()
    expect((await serving.end).code).toBe(0)
    expect(await phone.probe.next()).toMatchObject({ type: 'closed', code: 1001 })
  })
})

describe('--trusted-proxy', () => {
  test('says whose word on addresses is taken, and may be given several times', async () => {
    const serving = await serve(
      ...['--host', '0.0.0.0', '--trusted-proxy', '192.0.2.0/24', '--trusted-proxy', '127.0.0.1'],
      ...['--limits', 'maxTunnelsPerAddress=1'],
    )
    const url = serving.url.replace('localhost', '127.0.0.1')
    const ask = async (id: number, address: string): Promise<unknown> => {
      const tunnel = newTunnelUrl(url, tunnelId(new Uint8Array(16).fill(id)))
      return dial(tunnel, { 'X-Forwarded-For': address }).probe.next()
    }
    expect(await ask(1, '198.51.100.1')).toMatchObject({ type: 'open' })
    expect(await ask(2, '198.51.100.1')).toMatchObject({ error: { status: 429 } })
    expect(await ask(3, '198.51.100.2')).toMatchObject({ type: 'open' })
    await Promise.all(tunnels.map(tunnel => tunnel.close()))
    serving.interrupt()
    await serving.end
  })
})

test('--behind-proxy turns all others away, also on loopback', async () => {
  const serving = await serve('--behind-proxy', '--trusted-proxy', '192.0.2.1')
  const { probe } = dial(newTunnelUrl(serving.url, tunnelId(new Uint8Array(16))))
  expect(await probe.next()).toMatchObject({ type: 'failed' })
  serving.interrupt()
  expect(eventsOf(await serving.end)).toContainEqual({
    event: 'connection-dropped',
    reason: 'not from a trusted proxy',
  })
})

test('--routing-slots are those of the routing IDs', async () => {
  const serving = await serve('--routing-slots', '3C-3c')
  const { identifiers } = await join(serving.url)
  expect(identifiers[1]).toMatch(/^3c/)
  await Promise.all(tunnels.map(tunnel => tunnel.close()))
  serving.interrupt()
  await serving.end
})

describe('--directory', () => {
  test.each([
    ['nats://someone:pa55word@127.0.0.1:1', 'nats://127.0.0.1:1'],
    ['redis://someone:pa55word@127.0.0.1:1', 'redis://127.0.0.1:1'],
  ])('%s that is down costs an event, shows no password, and QR codes go on', async (url, shown) => {
    const {
      url: base,
      metrics,
      end,
      interrupt,
    } = await serve('--metrics-port', '0', `--directory=${url}`, '--instance=cable-1')
    const { phone } = await join(base)
    const text = await (await fetch(metrics)).text()
    expect(text).toContain('fido_hybrid_directory_up 0')
    await phone.tunnel.close()
    interrupt()
    const run = await end
    expect(eventsOf(run)[0]).toMatchObject({ event: 'listening' })
    const down = eventsOf(run).find(({ event }) => event === 'directory-down')
    expect(down).toMatchObject({
      code: 'tunnel-unreachable',
      message: expect.stringContaining(`the directory ${shown}: `) as unknown,
      cure: expect.stringContaining(`the engine at ${shown} runs`) as unknown,
    })
    expect(run.stdout + run.stderr).not.toMatch(/pa55word|someone/)
  })

  test.each([
    [['--directory=http://someone:pa55word@127.0.0.1'], /--directory takes nats:/],
    [['--directory=nats://'], /directory is named/],
    [['--directory=nats://127.0.0.1', '--instance=a b'], /instance is named/],
    [['--instance=a'], /--instance needs --directory/],
  ])('%j is bad usage', async (args, message) => {
    const run = await runHere(['tunnel', 'serve', '--port=0', '--json', ...args])
    expect(run.code).toBe(2)
    expect(eventsOf(run).at(-1)).toMatchObject({
      event: 'error',
      message: expect.stringMatching(message) as unknown,
    })
    expect(run.stdout + run.stderr).not.toContain('pa55word')
  })

  test('can also be named by FIDO_HYBRID_DIRECTORY', async () => {
    const env = { FIDO_HYBRID_DIRECTORY: 'gopher://127.0.0.1' }
    const run = await runHere(['tunnel', 'serve', '--port=0', '--json'], { env })
    expect(run.code).toBe(2)
  })
})

describe('--limits', () => {
  test('are kept', async () => {
    const serving = await serve('--limits', 'maxTunnels=1,maxMessageBytes=10')
    await join(serving.url)
    expect(await dial(newTunnelUrl(serving.url, tunnelId(new Uint8Array(16)))).probe.next()).toMatchObject({
      error: { status: 503 },
    })
    await Promise.all(tunnels.map(tunnel => tunnel.close()))
    serving.interrupt()
    expect((await serving.end).code).toBe(0)
  })

  test.each([
    [['--limits', 'maxTunnels=0'], /maxTunnels/],
    [['--limits', 'tunnels=5'], /maxTunnels/],
    [['--limits', 'lineSilenceMs=5'], /lineSilenceMs/],
    [['--limits', 'maxTunnels=5;maxPhones=5'], /maxTunnels/],
    [['--limits', ''], /maxTunnels/],
    [['--drain', 'soon'], /--drain/],
    [['--drain-lines', 'soon'], /--drain-lines takes/],
    [['--drain-lines', '5', '--limits', 'drainLinesMs=5000'], /are the same/],
    [['--behind-proxy'], /--trusted-proxy/],
    [['--routing-slots', '55-00'], /--routing-slots/],
    [['--routing-slots', '0-55'], /--routing-slots/],
    [['--routing-slots', '00-100'], /--routing-slots/],
    [['--routing-slots', '00'], /--routing-slots/],
    [['--routing-slots', ''], /--routing-slots/],
    [['--trusted-proxy', '10.0.0.0/8', '--trusted-proxy', 'nowhere'], /nowhere/],
    [['--host', '0.0.0.0', '--trusted-proxy', '10.0.0.0/33'], /10\.0\.0\.0\/33/],
    [['--metrics-port', '70000'], /--metrics-port/],
  ])('%j is bad usage', async (args, message) => {
    const run = await runHere(['tunnel', 'serve', '--port', '0', '--json', ...args])
    expect(run.code).toBe(2)
    expect(eventsOf(run).at(-1)).toMatchObject({ event: 'error', code: 'argument-invalid' })
    expect(run.stderr).toMatch(message)
  })
})

test('a port of the metrics that is taken ends the run before it serves', async () => {
  const serving = await serve('--metrics-port', '0')
  const run = await runHere([
    'tunnel',
    'serve',
    '--port',
    '0',
    '--json',
    '--metrics-port',
    new URL(serving.metrics).port,
  ])
  expect(run.code).toBe(1)
  expect(eventsOf(run).map(({ event }) => event)).toEqual(['error'])
  serving.interrupt()
  await serving.end
})
