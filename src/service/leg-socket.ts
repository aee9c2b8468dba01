import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import { CLOSE_CODE } from '../bytes/close-code.js'
import { Incoming } from './incoming.js'
import type { LegId, RelayInput } from './relay-io.js'

const BINARY = { binary: true } as const

/** A WebSocket, and what it reads from. */
export interface Upgraded {
  readonly webSocket: WebSocket
  readonly stream: Duplex
}

/** What becomes of a leg that was accepted. */
export type LegInput = Extract<
  RelayInput,
  { type: 'message' | 'unacceptable' | 'receiving' | 'flushed' | 'gone' }
>

/**
 * One leg’s WebSocket. What it is sent in one tick leaves in one write: writes are what a relay spends most of its time on.
 * It is frugal, a service has two of it for each idle tunnel: one function for all legs hears what happens.
 */
export class LegSocket {
  readonly #leg: LegId
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #hear: (input: LegInput) => void
  /** Messages sent that have not been told of. */
  #leaving = 0
  /** Messages told of before their turn. */
  #ahead = 0

  /** To be made right after the upgrade, so that nothing is missed and the library parses each piece before it is counted. */
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
    this.#webSocket.send(bytes, BINARY, this.#written)
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  /** At once: what has not left yet, a farewell perhaps, gets one last chance. */
  cut(): void {
    this.#stream.uncork()
    this.#webSocket.terminate()
  }

  #listen(incoming: Incoming): void {
    const leg = this.#leg
    const hear = this.#hear
    const control = (data: Buffer): void => {
      incoming.control(data)
    }
    this.#webSocket
      .on('ping', control)
      .on('pong', control)
      .on('message', (data, isBinary) => {
        incoming.message(data)
        if (isBinary) hear({ type: 'message', leg, bytes: bytesOf(data) })
        else hear({ type: 'unacceptable', leg, fault: 'not-binary' })
      })
      // The socket closes itself on an error; `close` follows and tells the relay of all but this one.
      .on('error', error => {
        if (isTooLong(error)) hear({ type: 'unacceptable', leg, fault: 'too-long' })
      })
      .on('close', code => {
        hear({ type: 'gone', leg, clean: code !== CLOSE_CODE.noCloseFrame })
      })
    this.#stream.on('data', (piece: Buffer) => {
      const byteLength = incoming.piece(piece.length)
      if (byteLength !== undefined) hear({ type: 'receiving', leg, byteLength })
    })
  }

  /** Called for each message, in order; those that left with the first are told of with it. */
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

const isTooLong = (error: Error): boolean =>
  'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
