import * as CLOSE_CODE from '../../bytes/close-code.js'
import { TunnelError, UnsupportedError } from '../../errors.js'
import type { Tunnel, TunnelListener, TunnelRequest } from '../../ports/tunnel-dialer.js'
import { unreachable } from '../sockets/failure.js'
import { requireSecure } from '../sockets/redirect.js'
import { timerDelay } from '../sockets/timer-delay.js'
import type { PlatformWebSocket, WebSocketClass } from '../sockets/web-socket-class.js'

export interface WebSocketSettings {
  readonly WebSocket: WebSocketClass
  readonly maxMessageBytes: number
  readonly handshakeTimeoutMs: number
  readonly closeTimeoutMs: number
}

/** One tunnel over a WebSocket of the platform. */
export class WebSocketTunnel implements Tunnel {
  readonly #url: URL
  readonly #request: TunnelRequest
  readonly #listener: TunnelListener
  readonly #settings: WebSocketSettings
  readonly #gone: Promise<void>
  #settleGone: () => void = () => undefined
  #timer: ReturnType<typeof setTimeout>
  #phase: 'dialing' | 'open' | 'over' = 'dialing'
  #socket: PlatformWebSocket | undefined

  constructor(url: URL, request: TunnelRequest, listener: TunnelListener, settings: WebSocketSettings) {
    this.#url = url
    this.#request = request
    this.#listener = listener
    this.#settings = settings
    this.#gone = new Promise(resolve => {
      this.#settleGone = resolve
    })
    this.#timer = setTimeout(() => {
      this.#fail(unreachable(url, `no answer within ${settings.handshakeTimeoutMs} ms`))
    }, timerDelay(settings.handshakeTimeoutMs))
    // The caller of `dial` has the tunnel in hand before the listener hears anything.
    queueMicrotask(() => {
      this.#connect()
    })
  }

  send(bytes: Uint8Array): void {
    if (this.#phase === 'open') this.#socket?.send(new Uint8Array(bytes))
  }

  close(): Promise<void> {
    if (this.#phase !== 'over') this.#end()
    return this.#gone
  }

  #connect(): void {
    if (this.#phase === 'over') return
    try {
      requireSecure(this.#url)
      this.#socket = new this.#settings.WebSocket(this.#url.href, this.#request.subprotocol)
      this.#socket.binaryType = 'arraybuffer'
      this.#listen(this.#socket)
    } catch (error) {
      this.#fail(
        error instanceof TunnelError ? error : unreachable(this.#url, 'cannot dial', { cause: error }),
      )
    }
  }

  #listen(socket: PlatformWebSocket): void {
    socket.addEventListener('open', () => {
      this.#open(socket.protocol)
    })
    socket.addEventListener('message', ({ data }) => {
      this.#receive(data)
    })
    // The event only says that `close` will follow.
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closed(code, reason)
    })
  }

  #open(protocol: string): void {
    if (this.#phase !== 'dialing') return
    if (protocol !== this.#request.subprotocol) {
      this.#fail(
        new TunnelError(
          'tunnel-subprotocol',
          `${this.#url.host} does not speak ${this.#request.subprotocol}`,
        ),
      )
      return
    }
    clearTimeout(this.#timer)
    this.#phase = 'open'
    this.#listener.open(new Map())
  }

  #receive(data: unknown): void {
    if (this.#phase !== 'open') return
    if (!(data instanceof ArrayBuffer)) this.#fail(messageInvalid('a text message'))
    else if (data.byteLength > this.#settings.maxMessageBytes)
      this.#fail(messageInvalid('a message that is too long'))
    else this.#listener.message(new Uint8Array(data))
  }

  #closed(code: number, reason: string): void {
    const phase = this.#phase
    this.#socket = undefined
    this.#end()
    if (phase === 'dialing') this.#listener.failed(notOpened(this.#url))
    if (phase === 'open') this.#listener.closed({ code, reason })
  }

  #fail(error: TunnelError): void {
    if (this.#phase === 'over') return
    this.#end()
    this.#listener.failed(error)
  }

  /** An open socket says goodbye within the time of the settings: a browser cannot cut a socket off. */
  #end(): void {
    clearTimeout(this.#timer)
    this.#phase = 'over'
    if (this.#socket === undefined) {
      this.#settleGone()
      return
    }
    this.#timer = setTimeout(this.#settleGone, timerDelay(this.#settings.closeTimeoutMs))
    this.#socket.close(CLOSE_CODE.normal)
  }
}

function messageInvalid(what: string): TunnelError {
  return new TunnelError('tunnel-message-invalid', `the tunnel carried ${what}`)
}

function notOpened(url: URL): TunnelError {
  const cause = new UnsupportedError(
    'capability-missing',
    'the platform’s WebSocket tells no HTTP status, and nothing of network and certificate',
  )
  return unreachable(url, 'no tunnel, for a reason that only the platform knows', { cause })
}
