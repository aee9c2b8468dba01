import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TunnelServiceLimits } from '../../src/service/limits.js'
import { misbehavingStranger } from '../../src/testing/misbehaving/stranger.js'
import type { StrangerMisbehaviour } from '../../src/testing/misbehaving/stranger-catalogue.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import type { Usage } from '../support/served-process.js'

const MIB = 1024 * 1024
/** What the service may keep of messages, half ones included. */
const ALLOWED_BYTES = 4 * MIB
/** Sockets, TLS-less, their library objects and what garbage collection leaves. */
const MARGIN_BYTES = 56 * MIB
const CONNECTIONS = 200

const LIMITS: Partial<TunnelServiceLimits> = {
  maxBufferedBytes: ALLOWED_BYTES / 2,
  maxReceivingBytes: ALLOWED_BYTES / 2,
  maxTunnelsPerAddress: CONNECTIONS,
  maxConnectionsPerAddress: 2 * CONNECTIONS,
}

let children: ChildProcess[] = []
let sockets: WebSocket[] = []

afterEach(() => {
  for (const socket of sockets) socket.terminate()
  for (const child of children) child.kill('SIGKILL')
  sockets = []
  children = []
})

interface ServeResult {
  readonly url: string
  usage(): Promise<Usage>
}

async function serve(limits: Partial<TunnelServiceLimits>, tls?: TestCertificate): Promise<ServeResult> {
  const program = fileURLToPath(new URL('../support/served-process.ts', import.meta.url))
  // Nodes differ in how much room they give to new objects.
  const room = ['--max-old-space-size=96', '--max-semi-space-size=8']
  const execArgv = ['--expose-gc', ...room, '--import', 'tsx']
  const child = fork(program, [JSON.stringify({ limits, ...(tls && { tls }) })], { execArgv })
  children.push(child)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `${tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`,
    async usage() {
      child.send('report')
      const [usage] = (await once(child, 'message')) as [Usage]
      return usage
    },
  }
}

interface Dialled {
  readonly socket: WebSocket
  readonly routingId: string
}

async function dial(url: string): Promise<Dialled> {
  const socket = new WebSocket(url, 'fido.cable')
  sockets.push(socket)
  socket.on('error', () => undefined)
  let routingId = ''
  socket.on('upgrade', ({ headers }) => (routingId = String(headers['x-cable-routing-id'])))
  await once(socket, 'open')
  return { socket, routingId }
}

const freshTunnel = (): string => randomBytes(16).toString('hex')

/** Settles when everything has been written, or the service has hung up. */
function sent(socket: WebSocket, send: (done: () => void) => void): Promise<void> {
  return new Promise(resolve => {
    socket.once('close', () => {
      resolve()
    })
    send(resolve)
  })
}

type Attack = (url: string) => Promise<number>

/** Each connection begins a message of a megabyte and does not end it. */
const halfMessages: Attack = async url => {
  const byteLength = 900 * 1024
  const { socket } = await dial(`${url}/cable/new/${freshTunnel()}`)
  await sent(socket, done => {
    socket.send(Buffer.alloc(byteLength), { fin: false }, done)
  })
  return byteLength
}

/** Each phone fills the queue for a client that never comes. */
const fullQueues: Attack = async url => {
  const { socket } = await dial(`${url}/cable/new/${freshTunnel()}`)
  for (let index = 0; index < 8; index++)
    await sent(socket, done => {
      socket.send(Buffer.alloc(8 * 1024), done)
    })
  return 64 * 1024
}

/** Each client reads nothing of what its phone sends. */
const deafClients: Attack = async url => {
  const tunnel = freshTunnel()
  const phone = await dial(`${url}/cable/new/${tunnel}`)
  const client = await dial(`${url}/cable/connect/${phone.routingId}/${tunnel}`)
  client.socket.pause()
  for (let index = 0; index < 4; index++)
    await sent(phone.socket, done => {
      phone.socket.send(Buffer.alloc(MIB), done)
    })
  return 4 * MIB
}

async function attack(url: string, attacker: Attack, times: number): Promise<number> {
  const bytes = await Promise.all(Array.from({ length: times }, () => attacker(url).catch(() => 0)))
  return bytes.reduce((sum, each) => sum + each, 0)
}

it.each([
  ['half messages', halfMessages, CONNECTIONS],
  ['full queues', fullQueues, CONNECTIONS],
  ['clients that do not read', deafClients, CONNECTIONS / 4],
])('keeps its memory bounded against %s', async (_name, attacker, times) => {
  const service = await serve(LIMITS)
  const before = await service.usage()
  const tried = await attack(service.url, attacker, times)
  const after = await service.usage()
  // It came as far as the limit.
  expect(Math.max(after.peak.bufferedBytes, after.peak.receivingBytes)).toBeGreaterThan(ALLOWED_BYTES / 4)
  expect(tried).toBeGreaterThan(2 * ALLOWED_BYTES)
  expect(after.peak.bufferedBytes).toBeLessThanOrEqual(ALLOWED_BYTES / 2)
  expect(after.peak.receivingBytes).toBeLessThanOrEqual(ALLOWED_BYTES / 2)
  expect(after.usedBytes - before.usedBytes).toBeLessThan(ALLOWED_BYTES + MARGIN_BYTES)
})

describe('a thousand connections of one stranger', () => {
  const MANY = 1000
  const SOON = { timeout: 60_000 }
  /** What security.md says that a connection takes, over TLS and not. */
  const CONNECTION_BYTES = { ws: 16 * 1024, wss: 64 * 1024 }

  it.each<readonly [StrangerMisbehaviour, 'ws' | 'wss']>([
    ['message-in-bytes', 'ws'],
    ['message-in-bytes', 'wss'],
    ['message-in-fragments', 'ws'],
    ['fragments-among-pings', 'ws'],
    ['pings-unread', 'ws'],
  ])(
    '%s over %s: the process stays within its budget',
    async (how, scheme) => {
      const limits = { ...LIMITS, maxTunnelsPerAddress: MANY, maxConnectionsPerAddress: 2 * MANY }
      const certificate = scheme === 'wss' ? await makeCertificate() : undefined
      const service = await serve(limits, certificate)
      const before = await service.usage()
      const options = { url: service.url, ca: certificate?.ca, connections: MANY }
      const stranger = misbehavingStranger(how, options)
      await stranger.ended
      if (how !== 'pings-unread')
        await expect.poll(async () => (await service.usage()).load.connections, SOON).toBe(0)
      const after = await service.usage()
      stranger.close()
      expect(after.peak.receivingBytes).toBeLessThanOrEqual(ALLOWED_BYTES / 2)
      const budget = ALLOWED_BYTES + MANY * CONNECTION_BYTES[scheme] + MARGIN_BYTES
      expect(after.peakResidentBytes - before.peakResidentBytes).toBeLessThan(budget)
    },
    120_000,
  )
})
