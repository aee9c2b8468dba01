import type { Socket } from 'node:net'
import * as CLOSE_CODE from '../../bytes/close-code.js'
import { encodeU16BE } from '../../bytes/endian.js'
import { ROUTING_ID_HEADER, TUNNEL_SUBPROTOCOL } from '../../tunnel/headers.js'
import { frame, httpAnswer, rawServer, upgradeAnswer } from './raw-server.js'
import type { RawRequest } from './raw-server.js'
import type { ServiceMisbehaviour } from './service-catalogue.js'

/** A tunnel service on loopback that misbehaves. */
export interface MisbehavingTunnelService {
  /** `ws://127.0.0.1:port` */
  readonly url: string
  /** Settles when a peer has come: in most cases with a request, else with a connection. */
  readonly met: Promise<void>
  /** Settles when no socket is left; safe to call twice. */
  close(): Promise<void>
}

/** What is written in answer to a request. */
type RawAnswer = (request: RawRequest, socket: Socket) => string | Buffer

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, reserved: 3 } as const
/** RFC 6455 section 5.2: the last fragment, three bits for extensions, masked; a length in eight bytes. */
const BITS = { final: 0x80, reserved: 0x40, masked: 0x80 } as const
const LENGTH_IN_EIGHT_BYTES = 127
const MEBIBYTE = [0, 0, 0, 0, 0, 0x10, 0, 0] as const
const FRAGMENTS = 1000
const TEBIBYTE = [0, 0, 1, 0, 0, 0, 0, 0] as const
/** No close code is below 1000. */
const INVALID_CLOSE_CODE = 999
const SLOW_MS = 5
const ENDLESS_BYTES = 1 << 20
const UNKNOWN_STATUS = 799
const FOUND = 302

const SUBPROTOCOL = `Sec-WebSocket-Protocol: ${TUNNEL_SUBPROTOCOL}`
const routing = (value: string): string => `${ROUTING_ID_HEADER}: ${value}`
const PROPER = [SUBPROTOCOL, routing('0A0B0C')]
const SOME = Uint8Array.of(1, 2, 3)

const status =
  (code: number): RawAnswer =>
  () =>
    httpAnswer(code)
const redirect =
  (location: (request: RawRequest) => string): RawAnswer =>
  request =>
    httpAnswer(FOUND, [`Location: ${location(request)}`])
const accept =
  (...headers: readonly string[]): RawAnswer =>
  request =>
    upgradeAnswer(request, headers)
const acceptAndSend =
  (...bytes: readonly Uint8Array[]): RawAnswer =>
  request =>
    Buffer.concat([Buffer.from(upgradeAnswer(request, PROPER)), ...bytes])
const acceptAndClose = (code: number): RawAnswer => acceptAndSend(frame(OPCODE.close, encodeU16BE(code)))
const hangUp: RawAnswer = (_, socket) => {
  socket.destroy()
  return ''
}

const slowly: RawAnswer = (_, socket) => {
  const timer = setInterval(() => socket.write('a'), SLOW_MS)
  socket.on('close', () => clearInterval(timer))
  return 'HTTP/1.1 101 Switching Protocols\r\nX-Slow: '
}

const inBytes: RawAnswer = (request, socket) => {
  const goOn = (): void => {
    if (socket.destroyed) return
    socket.write(Buffer.alloc(1))
    setImmediate(goOn)
  }
  socket.setNoDelay(true)
  setImmediate(goOn)
  return acceptAndSend(Uint8Array.of(BITS.final | OPCODE.binary, LENGTH_IN_EIGHT_BYTES, ...MEBIBYTE))(
    request,
    socket,
  )
}

const ANSWERS: Readonly<Record<Exclude<ServiceMisbehaviour, 'hang-up-at-connect'>, RawAnswer>> = {
  silent: () => '',
  'slow-head': slowly,
  'endless-head': () =>
    `HTTP/1.1 101 Switching Protocols\r\n${'X-More: and more\r\n'.repeat(ENDLESS_BYTES / 16)}`,
  garbage: () => 'SSH-2.0-OpenSSH_9.6\r\n\r\n',
  'hang-up-at-request': hangUp,
  'status-200': status(200),
  'status-400': status(400),
  'status-401': status(401),
  'status-403': status(403),
  'status-404': status(404),
  'status-410': status(410),
  'status-426': status(426),
  'status-429': status(429),
  'status-500': status(500),
  'status-502': status(502),
  'status-503': status(503),
  'status-504': status(504),
  'status-unknown': status(UNKNOWN_STATUS),
  'redirect-circle': redirect(({ line }) => line.split(' ')[1] ?? '/'),
  'redirect-to-http': redirect(() => 'http://tunnel.example.com/'),
  'redirect-to-file': redirect(() => 'file:///etc/hostname'),
  'redirect-to-nowhere': redirect(() => 'http://['),
  'redirect-without-location': status(FOUND),
  'subprotocol-missing': accept(routing('0A0B0C')),
  'subprotocol-other': accept('Sec-WebSocket-Protocol: chat', routing('0A0B0C')),
  'subprotocol-doubled': accept(SUBPROTOCOL, SUBPROTOCOL, routing('0A0B0C')),
  'accept-key-wrong': request => upgradeAnswer({ ...request, headers: {} }, PROPER),
  'extension-unasked': accept(...PROPER, 'Sec-WebSocket-Extensions: permessage-deflate'),
  'routing-missing': accept(SUBPROTOCOL),
  'routing-empty': accept(SUBPROTOCOL, routing('')),
  'routing-short': accept(SUBPROTOCOL, routing('0A0B')),
  'routing-long': accept(SUBPROTOCOL, routing('0A0B0C0D')),
  'routing-not-hex': accept(SUBPROTOCOL, routing('0A0B0G')),
  'routing-doubled': accept(SUBPROTOCOL, routing('0A0B0C'), routing('0A0B0C')),
  'text-frame': acceptAndSend(frame(OPCODE.text, SOME)),
  'oversized-frame': acceptAndSend(
    Uint8Array.of(BITS.final | OPCODE.binary, LENGTH_IN_EIGHT_BYTES, ...TEBIBYTE),
  ),
  'unfinished-frame': acceptAndSend(frame(OPCODE.binary, SOME).subarray(0, -1)),
  'message-in-bytes': inBytes,
  'message-in-fragments': acceptAndSend(
    Uint8Array.of(OPCODE.binary, 1, 0),
    ...Array<Uint8Array>(FRAGMENTS).fill(Uint8Array.of(OPCODE.continuation, 1, 0)),
  ),
  'masked-frame': acceptAndSend(Uint8Array.of(BITS.final | OPCODE.binary, BITS.masked | 1, 0, 0, 0, 0, 1)),
  'reserved-bit': acceptAndSend(Uint8Array.of(BITS.final | BITS.reserved | OPCODE.binary, 1, 1)),
  'reserved-opcode': acceptAndSend(frame(OPCODE.reserved, SOME)),
  'lonely-continuation': acceptAndSend(frame(OPCODE.continuation, SOME)),
  'empty-message': acceptAndSend(frame(OPCODE.binary, new Uint8Array())),
  'hang-up-after-upgrade': (request, socket) => {
    socket.end(upgradeAnswer(request, PROPER))
    return ''
  },
  'close-1001': acceptAndClose(CLOSE_CODE.goingAway),
  'close-1003': acceptAndClose(CLOSE_CODE.unsupportedData),
  'close-1008': acceptAndClose(CLOSE_CODE.policy),
  'close-1009': acceptAndClose(CLOSE_CODE.tooBig),
  'close-code-invalid': acceptAndClose(INVALID_CLOSE_CODE),
}

/**
 * Starts a tunnel service that misbehaves in one way towards every peer that dials, on a free port of loopback.
 *
 * @example
 * const service = await misbehavingTunnelService('redirect-circle')
 * const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url }) // scan: tunnel-redirected
 */
export async function misbehavingTunnelService(how: ServiceMisbehaviour): Promise<MisbehavingTunnelService> {
  let meet: () => void = () => undefined
  const met = new Promise<void>(resolve => {
    meet = resolve
  })
  const answer: RawAnswer = (request, socket) => {
    meet()
    return how === 'hang-up-at-connect' ? '' : ANSWERS[how](request, socket)
  }
  const greet = (socket: Socket): void => {
    if (how !== 'hang-up-at-connect') return
    socket.destroy()
    meet()
  }
  const server = await rawServer(answer, undefined, greet)
  return { url: `ws://127.0.0.1:${server.port}`, met, close: () => server.close() }
}
