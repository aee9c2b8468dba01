import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import * as CLOSE_CODE from '../bytes/close-code.js'
import { binaryFrame } from './frame.js'
import { Incoming } from './incoming.js'
import type { LegId, RelayInput } from './relay-io.js'

/** Enough for a peer that reads now and then. */
const MAX_UNREAD_PONG_BYTES = 4096

type MessageFault = Extract<RelayInput, { type: 'unacceptable' }>['fault']

/** What the library’s errors mean that end a connection. */
const FAULTS: ReadonlyMap<unknown, MessageFault> = new Map([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'too-long'],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'crumbled'],
])

/** A WebSocket, and what it reads from. */
export interface Upgraded {
  readonly webSocket: WebSocket
  readonly stream: Duplex
}

/** What happens on a leg that was accepted. */
export type LegInput = Extract<
  RelayInput,
  { type: 'message' | 'unacceptable' | 'receiving' | 'flushed' | 'gone' }
>

/**
 * One leg’s WebSocket. What it is sent in one tick leaves in one write: writes are what a relay spends most of its time on.
 * A service has two of these for each idle tunnel, so it is frugal: one function hears what happens to all legs.
 */
export class LegSocket {
  readonly #leg: LegId
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #hear: (input: LegInput) => void
  /** Messages sent and not reported yet. */
  #leaving = 0
  /** Messages already reported whose own callback is still to come. */
  #ahead = 0

  /** Made right after the upgrade, so that nothing is missed and the library parses each piece before it is counted. */
  constructor(leg: LegId, { webSocket, stream }: Upgraded, hear: (input: LegInput) => void) {
    this.#leg = leg
    this.#webSocket = webSocket
    this.#stream = stream
    this.#hear = hear
    this.#listen(new Incoming())
  }

  send(bytes: Uint8Array): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork()
      process.nextTick(uncork, this.#stream)
    }
    this.#leaving += 1
    // The library would write the head as a buffer of its own. It writes control frames whole, so that none comes in between.
    const [first, rest] = binaryFrame(bytes)
    if (rest !== undefined) this.#stream.write(first)
    this.#stream.write(rest ?? first, this.#written)
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  /** Ends the connection at once. What has not left yet, a close frame perhaps, gets one last chance. */
  cut(): void {
    this.#stream.uncork()
    this.#webSocket.terminate()
  }

  #listen(incoming: Incoming): void {
    const leg = this.#leg
    const hear = this.#hear
    this.#webSocket
      .on('ping', data => {
        this.#pong(data)
      })
      .on('message', (data, isBinary) => {
        if (isBinary) hear({ type: 'message', leg, bytes: bytesOf(data) })
        else hear({ type: 'unacceptable', leg, fault: 'not-binary' })
      })
      // The socket closes itself on an error; `close` follows and tells the relay of all but this one.
      .on('error', error => {
        const fault = FAULTS.get(codeOf(error))
        if (fault !== undefined) hear({ type: 'unacceptable', leg, fault })
      })
      .on('close', code => {
        hear({ type: 'gone', leg, clean: code !== CLOSE_CODE.noCloseFrame })
      })
    this.#stream.on('data', (piece: Buffer) => {
      if (!incoming.piece(piece)) return
      if (incoming.isCrumbled) hear({ type: 'unacceptable', leg, fault: 'crumbled' })
      hear({ type: 'receiving', leg, byteLength: incoming.charge })
    })
  }

  /** RFC 6455 section 5.5.3 lets pongs be skipped: a peer that sends pings and reads nothing would pile them up. */
  #pong(data: Buffer): void {
    if (this.#stream.writableLength < MAX_UNREAD_PONG_BYTES) this.#webSocket.pong(data)
  }

  /** Runs once per message, in order. Messages that left in one write are reported together, with the first. */
  readonly #written = (): void => {
    if (this.#ahead > 0) {
      this.#ahead -= 1
      return
    }
    const messages = this.#stream.writableLength === 0 ? this.#leaving : 1
    this.#leaving -= messages
    this.#ahead = messages - 1
    this.#hear({ type: 'flushed', leg: this.#leg, messages })
  }
}

function uncork(stream: Duplex): void {
  stream.uncork()
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
