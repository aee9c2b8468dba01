import { ProximityError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import type { PlatformWebSocket } from '../sockets/web-socket-class.js'
import { decodeAirMessage, encodeAirMessage } from './message.js'
import type { AirMessage } from './message.js'

/** Called synchronously; nothing comes after `failed`. */
export interface AirListener {
  open(): void
  message(message: AirMessage): void
  failed(cause: Error): void
}

/** Begins a connection, with the WebSocket of the platform or of a package. */
export type OpenSocket = (url: URL) => PlatformWebSocket

const HANDSHAKE_TIMEOUT_MS = 10_000

/** @throws ProximityError `air-not-loopback` unless the address is `ws:` on loopback. */
export function airUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'ws:' && isLoopback(url.hostname)) return url
  throw new ProximityError('air-not-loopback', 'the address of an air hub must be ws:// on loopback')
}

/** A connection to the air hub, being made or open. */
export class AirConnection {
  readonly #listener: AirListener
  readonly #gone: Promise<void>
  readonly #timer: ReturnType<typeof setTimeout>
  #socket: PlatformWebSocket | undefined
  #phase: 'connecting' | 'open' | 'over' = 'connecting'

  /** @param opener awaited first; one that rejects is told as a failure. */
  constructor(url: URL, opener: Promise<OpenSocket>, listener: AirListener) {
    this.#listener = listener
    this.#timer = setTimeout(() => {
      this.#fail(new Error(`the air hub does not answer within ${HANDSHAKE_TIMEOUT_MS} ms`))
    }, HANDSHAKE_TIMEOUT_MS)
    this.#gone = this.#run(url, opener)
  }

  /** Ignored unless open. */
  send(message: AirMessage): void {
    if (this.#phase === 'open') this.#socket?.send(encodeAirMessage(message))
  }

  /** Settles when nothing of the connection is left; the listener hears nothing more. */
  close(): Promise<void> {
    this.#end()
    this.#socket?.close()
    return this.#gone
  }

  async #run(url: URL, opener: Promise<OpenSocket>): Promise<void> {
    try {
      const open = await opener
      if (this.#phase === 'over') return
      this.#socket = open(url)
    } catch (cause) {
      this.#fail(new Error('cannot connect to the air hub', { cause }))
      return
    }
    await this.#listen(this.#socket)
  }

  #listen(socket: PlatformWebSocket): Promise<void> {
    socket.addEventListener('open', () => {
      this.#opened()
    })
    socket.addEventListener('message', ({ data }) => {
      this.#receive(typeof data === 'string' ? data : '')
    })
    socket.addEventListener('error', ({ error: cause }) => {
      this.#fail(cause instanceof Error ? cause : new Error('the air hub cannot be reached'))
    })
    return new Promise(resolve => {
      socket.addEventListener('close', ({ code }) => {
        this.#fail(new Error(`the air hub closed the connection with code ${code}`))
        resolve()
      })
    })
  }

  #opened(): void {
    if (this.#phase !== 'connecting') return
    clearTimeout(this.#timer)
    this.#phase = 'open'
    this.#listener.open()
  }

  #receive(text: string): void {
    if (this.#phase !== 'open') return
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
    if (this.#phase === 'over') return
    this.#end()
    if (this.#socket?.terminate === undefined) this.#socket?.close()
    else this.#socket.terminate()
    this.#listener.failed(cause)
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#phase = 'over'
  }
}
