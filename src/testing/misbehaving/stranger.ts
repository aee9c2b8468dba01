import { randomBytes } from 'node:crypto'
import { connect as tcpConnect } from 'node:net'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { connect as tlsConnect } from 'node:tls'
import { bareHost } from '../../adapters/sockets/bare-host.js'
import { TUNNEL_ID_BYTES } from '../../bytes/brands.js'
import { encodeHex } from '../../bytes/hex.js'
import { TUNNEL_SUBPROTOCOL } from '../../tunnel/headers.js'
import type { StrangerMisbehaviour } from './stranger-catalogue.js'

/** Where a stranger goes, and with how much. */
export interface StrangerOptions {
  /** Base of the tunnel service: `ws://127.0.0.1:port` or `wss://127.0.0.1:port`. */
  readonly url: string
  /** Certificates (PEM) to trust. */
  readonly ca?: string | Buffer | undefined
  /** How many connections do it at the same time. Default 1. */
  readonly connections?: number | undefined
}

/** A stranger at work. */
export interface MisbehavingStranger {
  /** Settles when each connection has done its worst, or the service has ended it; says how many the service has ended. */
  readonly ended: Promise<number>
  /** Cuts all its connections. */
  close(): void
}

/** Settles when all is done or the service has hung up. */
type StrangerAct = (socket: Socket) => Promise<void>

const OPCODE = { continuation: 0, binary: 2, ping: 9 } as const
const FINAL = 0x80
const MASKED = 0x80
const MASK = Buffer.alloc(4)
const LENGTH_IN_EIGHT_BYTES = 127
const MIB = 1024 * 1024
const MESSAGE_BYTES = MIB
const HALF_BYTES = 900 * 1024
const BYTES_ONE_BY_ONE = 3000
const FRAGMENTS = 200_000
const FRAGMENTS_A_WRITE = 5000
const FRAGMENTS_AMONG_PINGS = 200
const PING_BYTES = 125
const PINGS_A_WRITE = 460
const UNREAD_WRITES = 128
const PATIENCE_MS = 1000

/** What a stranger says before the request, and in it. */
interface Greeting {
  readonly before?: string
  readonly headers?: readonly string[]
}

const GREETINGS: Readonly<Partial<Record<StrangerMisbehaviour, Greeting>>> = {
  'proxy-header-forged': { before: 'PROXY TCP4 192.0.2.1 192.0.2.2 4000 443\r\n' },
  'forwarded-forged': { headers: ['X-Forwarded-For: 192.0.2.1'] },
}

const DEEDS: Readonly<Record<StrangerMisbehaviour, StrangerAct>> = {
  'message-in-bytes': async socket => {
    await say(socket, longHead())
    for (let sent = 0; sent < BYTES_ONE_BY_ONE && !socket.destroyed; sent++) {
      await say(socket, Buffer.alloc(1))
      await nextTurn()
    }
  },
  'message-in-fragments': async socket => {
    await say(socket, frame(OPCODE.binary, 1))
    const fragments = repeat(frame(OPCODE.continuation, 1), FRAGMENTS_A_WRITE)
    for (let sent = 0; sent < FRAGMENTS; sent += FRAGMENTS_A_WRITE) await say(socket, fragments)
  },
  'fragments-among-pings': async socket => {
    const pings = repeat(frame(OPCODE.ping | FINAL, PING_BYTES), PINGS_A_WRITE)
    for (let sent = 0; sent < FRAGMENTS_AMONG_PINGS; sent++)
      await say(socket, Buffer.concat([pings, frame(sent === 0 ? OPCODE.binary : OPCODE.continuation, 1)]))
  },
  'half-message': async socket => {
    await say(socket, Buffer.concat([longHead(), Buffer.alloc(HALF_BYTES)]))
  },
  'pings-unread': async socket => {
    socket.pause()
    const pings = repeat(frame(OPCODE.ping | FINAL, PING_BYTES), PINGS_A_WRITE)
    for (let sent = 0; sent < UNREAD_WRITES; sent++) await say(socket, pings)
  },
  'proxy-header-forged': () => Promise.resolve(),
  'forwarded-forged': () => Promise.resolve(),
}

/**
 * Opens connections to a tunnel service, one tunnel each, and misbehaves on them.
 *
 * @example
 * const service = await serveTunnel({ port: 0 })
 * const stranger = misbehavingStranger('message-in-bytes', { url: service.url, connections: 100 })
 * console.log(`${await stranger.ended} of 100 were cut`)
 * stranger.close()
 */
export function misbehavingStranger(
  how: StrangerMisbehaviour,
  { url, ca, connections = 1 }: StrangerOptions,
): MisbehavingStranger {
  const sockets = Array.from({ length: connections }, () => connect(new URL(url), ca))
  const ends = sockets.map(socket => misbehave(socket, DEEDS[how], GREETINGS[how]))
  return {
    ended: Promise.all(ends).then(ended => ended.filter(Boolean).length),
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function connect({ protocol, hostname, port }: URL, ca: StrangerOptions['ca']): Socket {
  const at = { host: bareHost(hostname), port: Number(port) }
  const socket = protocol === 'wss:' ? tlsConnect({ ...at, ca }) : tcpConnect(at)
  return socket.setNoDelay(true).on('error', () => socket.destroy())
}

/** @returns whether the service has ended the connection. */
async function misbehave(socket: Socket, act: StrangerAct, greeting: Greeting = {}): Promise<boolean> {
  const closed = heard(socket, 'close')
  if (await Promise.race([upgrade(socket, greeting), closed.then(() => false)])) {
    await Promise.race([act(socket), closed])
  }
  // The service may still read what was sent.
  await Promise.race([closed, delay(PATIENCE_MS)])
  return socket.destroyed || socket.readableEnded
}

async function upgrade(socket: Socket, { before = '', headers = [] }: Greeting): Promise<boolean> {
  const tunnel = encodeHex(new Uint8Array(randomBytes(TUNNEL_ID_BYTES)))
  const head = [
    `GET /cable/new/${tunnel} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${TUNNEL_SUBPROTOCOL}`,
    ...headers,
  ]
  socket.write(`${before}${head.join('\r\n')}\r\n\r\n`)
  const answer = await heard(socket, 'data')
  socket.resume()
  return Buffer.isBuffer(answer) && answer.toString('latin1').startsWith('HTTP/1.1 101')
}

async function say(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return
  await drained(socket)
}

/** Unlike Node’s `once`, it does not mind errors: `close` follows them. */
function heard(socket: Socket, event: 'close' | 'data'): Promise<unknown> {
  return new Promise(resolve => {
    socket.once(event, resolve)
  })
}

/** There is room for more, or the connection is over. */
function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const settle = (): void => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
  })
}

/** A client’s frame of zeros, shorter than 126 bytes. */
function frame(opcode: number, length: number): Buffer {
  return Buffer.concat([Buffer.of(opcode, MASKED | length), MASK, Buffer.alloc(length)])
}

/** The head of a binary message of one frame, which has `MESSAGE_BYTES`. */
function longHead(): Buffer {
  const head = Buffer.alloc(10)
  head.writeUInt8(FINAL | OPCODE.binary, 0)
  head.writeUInt8(MASKED | LENGTH_IN_EIGHT_BYTES, 1)
  head.writeBigUInt64BE(BigInt(MESSAGE_BYTES), 2)
  return Buffer.concat([head, MASK])
}

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.concat(Array<Buffer>(times).fill(bytes))
}
