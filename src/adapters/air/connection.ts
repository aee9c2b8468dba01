import type { WebSocket } from 'ws'
import { ProximityError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import { decodeAirMessage, encodeAirMessage, MAX_AIR_MESSAGE_BYTES } from './message.js'
import { textOf } from './text.js'
import type { AirMessage } from './message.js'

/** Called synchronously; nothing comes after `failed`. */
export interface AirListener {
  open(): void
  message(message: AirMessage): void
  failed(cause: Error): void
}

const HANDSHAKE_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 1000
const OPTIONS: object = {
  perMessageDeflate: false,
  maxPayload: MAX_AIR_MESSAGE_BYTES,
  handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  closeTimeout: CLOSE_TIMEOUT_MS,
}

/** @throws ProximityError `air-not-loopback` unless the address is `ws:` on loopback. */
export function airUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'ws:' && isLoopback(url.hostname)) return url
  throw new ProximityError('air-not-loopback', 'an air hub has a ws:// address on loopback')
}

/** A connection to the air hub, being made or open. */
export class AirConnection {
  readonly #listener: AirListener
  readonly #gone: Promise<void>
  #socket: WebSocket | undefined
  #over = false

  constructor(url: URL, listener: AirListener) {
    this.#listener = listener
    this.#gone = this.#run(url)
  }

  /** Ignored unless open. */
  send(message: AirMessage): void {
    if (this.#socket?.readyState === this.#socket?.OPEN) this.#socket?.send(encodeAirMessage(message))
  }

  /** Settles when nothing of the connection is left; the listener hears nothing more. */
  close(): Promise<void> {
    this.#over = true
    this.#socket?.close()
    return this.#gone
  }

  async #run(url: URL): Promise<void> {
    try {
      const library = await import('ws')
      if (this.#over) return
      this.#socket = new library.WebSocket(url, OPTIONS)
    } catch (cause) {
      this.#fail(new Error('cannot connect to the air hub', { cause }))
      return
    }
    await this.#listen(this.#socket)
  }

  #listen(socket: WebSocket): Promise<void> {
    socket.on('open', () => {
      if (!this.#over) this.#listener.open()
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(isBinary ? '' : textOf(data))
    })
    socket.on('error', cause => {
      this.#fail(cause)
    })
    return new Promise(resolve => {
      socket.on('close', code => {
        this.#fail(new Error(`the air hub closed the connection with code ${code}`))
        resolve()
      })
    })
  }

  #receive(text: string): void {
    if (this.#over) return
    let message: AirMessage
    try {
      message = decodeAirMessage(text)
    } catch (cause) {
      this.#fail(new Error('the air hub sent something else than an advert', { cause }))
      return
    }
    this.#listener.message(message)
  }

  #fail(cause: Error): void {
    if (this.#over) return
    this.#over = true
    this.#socket?.terminate()
    this.#listener.failed(cause)
  }
}
