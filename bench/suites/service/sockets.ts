import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { RelayKind } from './relay-kinds.js'

/** The two ends of a tunnel as plain sockets: what the load costs on this side is little against the relay. */
export interface RawTunnel {
  readonly laptop: Socket
  readonly phone: Socket
  destroy(): void
}

/** Makes a connection, and how that tells that it is there. */
export interface Dial {
  readonly to: (port: number) => Socket
  readonly ready: 'connect' | 'secureConnect'
}

const PLAIN: Dial = { to: port => connect({ port, host: '127.0.0.1', noDelay: true }), ready: 'connect' }

/** Opens both legs of a tunnel. */
export async function openTunnel(kind: RelayKind, port: number, dial: Dial = PLAIN): Promise<RawTunnel> {
  const id = randomBytes(16).toString('hex').toUpperCase()
  const { socket: phone, route } = await openLeg(kind, port, `/cable/new/${id}`, dial)
  const { socket: laptop } = await openLeg(kind, port, `/cable/connect/${route}/${id}`, dial)
  return {
    laptop,
    phone,
    destroy: () => {
      phone.destroy()
      laptop.destroy()
    },
  }
}

/** One connection that is upgraded. */
export async function openLeg(
  kind: RelayKind,
  port: number,
  path: string,
  { to, ready }: Dial = PLAIN,
): Promise<{ socket: Socket; route: string }> {
  const socket = to(port)
  socket.on('error', () => socket.destroy())
  await happens(socket, ready)
  if (kind === 'tcp') return { socket, route: '' }
  socket.write(upgrade(path))
  const answer = await readHead(socket)
  if (!answer.startsWith('HTTP/1.1 101')) throw new Error(`${kind} answers ${answer.split('\r\n')[0] ?? ''}`)
  return { socket, route: /x-cable-routing-id: (\w+)/i.exec(answer)?.[1] ?? '000000' }
}

function upgrade(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: fido.cable',
    '\r\n',
  ].join('\r\n')
}

function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = ''
    const gone = (): void => reject(new Error(`the relay hung up after “${head}”`))
    socket.once('close', gone)
    socket.on('data', function more(bytes: Buffer) {
      head += bytes.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', more).off('close', gone)
      resolve(head)
    })
  })
}

function happens(socket: Socket, event: Dial['ready']): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('the relay does not take the connection')))
    socket.once(event, resolve)
  })
}

const [FIN_BINARY, MASKED, SHORT_LENGTH, MASK_BYTES] = [0x82, 0x80, 126, 4]

/** A WebSocket message as a client sends it, masked with zeros; plain bytes for TCP. */
export function frame(kind: RelayKind, payloadBytes: number): Buffer {
  const payload = Buffer.alloc(payloadBytes)
  return kind === 'tcp' ? payload : maskedMessage(payload)
}

/** A message of up to 65,535 bytes in one frame. */
export function maskedMessage(payload: Uint8Array): Buffer {
  const head = Buffer.from([FIN_BINARY, MASKED | SHORT_LENGTH, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, Buffer.alloc(MASK_BYTES), payload])
}

/** How long the same message is when it comes out, unmasked. */
export function relayedBytes(kind: RelayKind, payloadBytes: number): number {
  return frame(kind, payloadBytes).length - (kind === 'tcp' ? 0 : MASK_BYTES)
}
