import type { RawData, WebSocket } from 'ws'
import * as CLOSE_CODE from '../../bytes/close-code.js'
import { DecodeError } from '../../errors.js'
import { decodeAirMessage, encodeAirMessage } from './message.js'
import { lineText } from './text.js'
import type { AirMessage } from './message.js'

/** A client with more than this unread is cut off. */
const MAX_UNREAD_BYTES = 64 * 1024

/** The clients of an air hub, and what each has put on the air. */
export class HubAir {
  readonly #maxAdverts: number
  /** Adverts as the text that announces them. */
  readonly #adverts = new Map<WebSocket, Set<string>>()

  constructor(maxAdverts: number) {
    this.#maxAdverts = maxAdverts
  }

  add(socket: WebSocket): void {
    socket.on('message', (data, isBinary) => {
      this.#receive(socket, data, isBinary)
    })
    // The socket closes itself on an error.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#adverts.delete(socket))
    for (const adverts of this.#adverts.values()) for (const advert of adverts) tell(socket, advert)
    this.#adverts.set(socket, new Set())
  }

  #expel(socket: WebSocket, code: number, reason: string): void {
    this.#adverts.delete(socket)
    socket.close(code, reason)
  }

  #receive(socket: WebSocket, data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.#expel(socket, CLOSE_CODE.unsupportedData, 'not text')
      return
    }
    try {
      this.#handle(socket, decodeAirMessage(lineText(data)))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#expel(socket, CLOSE_CODE.policy, 'malformed message')
    }
  }

  #handle(socket: WebSocket, message: AirMessage): void {
    const own = this.#adverts.get(socket)
    if (own === undefined) return
    const advert = encodeAirMessage({ ...message, type: 'advert' })
    if (message.type === 'stop') {
      own.delete(advert)
      return
    }
    if (own.size >= this.#maxAdverts && !own.has(advert)) {
      this.#expel(socket, CLOSE_CODE.policy, 'too many adverts')
      return
    }
    own.add(advert)
    for (const listener of this.#adverts.keys()) tell(listener, advert)
  }
}

function tell(socket: WebSocket, advert: string): void {
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
  else socket.send(advert)
}
