import type { Agent, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type * as Ws from 'ws'
import type { RawData, WebSocket } from 'ws'
import * as CLOSE_CODE from '../../bytes/close-code.js'
import { TunnelError } from '../../errors.js'
import type { Tunnel, TunnelListener, TunnelRequest } from '../../ports/tunnel-dialer.js'
import { ConnectAgent } from '../proxy/connect-agent.js'
import { routeTo } from '../proxy/route.js'
import type { RouteSettings } from '../proxy/route.js'
import { brokenOff, notOpened, refused, unreachable } from '../sockets/failure.js'
import { followRedirect, isRedirect, requireSecure } from '../sockets/redirect.js'
import { timerDelay } from '../sockets/timer-delay.js'
import { freshBytes, headersOf } from './received.js'
import type { Spare } from './spare.js'
import { upgradeOptions } from './upgrade-options.js'
import type { UpgradeSettings } from './upgrade-options.js'

export interface DialSettings extends RouteSettings, UpgradeSettings {
  /** The caller’s own way to connect; nothing else is asked for the way then. */
  readonly agent: Agent | undefined
  /** The connection to try first. */
  readonly spare: Spare | undefined
  readonly handshakeTimeoutMs: number
  readonly maxRedirects: number
}

/**
 * How long an answer may take on a connection that was opened ahead, ms: it can have died without a word, as when a laptop changes
 * its network. A service answers a request at once.
 */
const SPARE_ANSWER_MS = 3000
const STATUS_REQUEST_TIMEOUT = 408

/**
 * One tunnel. A redirect replaces its socket by another, and sockets outlive their use for a moment. So events of a socket
 * that is not the present one are ignored, and `close` settles only when no socket is left: a program can then end without a handle
 * that keeps it alive.
 */
export class WsTunnel implements Tunnel {
  readonly #request: TunnelRequest
  readonly #listener: TunnelListener
  readonly #settings: DialSettings
  readonly #timer: NodeJS.Timeout
  /** With a connection that was opened ahead. */
  #patience: NodeJS.Timeout | undefined
  readonly #gone: Promise<void>
  #settleGone: () => void = () => undefined
  #phase: 'dialing' | 'open' | 'over' = 'dialing'
  /** How many WebSockets and TCP sockets still exist. */
  #leftOvers = 0
  #redirects = 0
  #socket: WebSocket | undefined
  /** The TCP or TLS socket under the WebSocket. */
  #connection: Socket | undefined
  /** Ends the wait for a proxy. */
  readonly #dialling = new AbortController()
  #throughProxy: ConnectAgent | undefined

  constructor(
    url: URL,
    request: TunnelRequest,
    listener: TunnelListener,
    settings: DialSettings,
    library: Promise<typeof Ws>,
  ) {
    this.#request = request
    this.#listener = listener
    this.#settings = settings
    const { spare } = settings
    const left = new Promise<void>(resolve => {
      this.#settleGone = resolve
    })
    this.#gone = left.then(() => spare?.gone)
    this.#timer = setTimeout(() => {
      const limitMs = settings.handshakeTimeoutMs
      this.#fail(this.#throughProxy?.tooLate(limitMs) ?? unreachable(url, `no answer within ${limitMs} ms`))
    }, timerDelay(settings.handshakeTimeoutMs))
    library.then(
      ({ WebSocket }) => {
        this.#connect(WebSocket, url, spare)
      },
      (cause: unknown) => {
        this.#fail(unreachable(url, 'the package ws cannot be loaded', { cause }))
      },
    )
  }

  send(bytes: Uint8Array): void {
    if (this.#phase !== 'open') return
    this.#gatherWrites()
    this.#socket?.send(bytes, { binary: true })
  }

  /** Everything sent in one tick leaves in one write, above all message 2 of the handshake and the messages after it. */
  #gatherWrites(): void {
    const connection = this.#connection
    if (connection === undefined || connection.writableCorked > 0) return
    connection.cork()
    process.nextTick(() => {
      connection.uncork()
    })
  }

  close(): Promise<void> {
    if (this.#phase !== 'over') {
      this.#end()
      this.#socket?.close(CLOSE_CODE.normal)
    }
    return this.#gone
  }

  /** @param spare what to send the request through, instead of a new connection. */
  #connect(library: typeof WebSocket, url: URL, spare?: Spare): void {
    if (this.#phase === 'over') return
    try {
      const agent = spare?.toAgent() ?? this.#agentFor(url)
      requireSecure(url, agent === undefined)
      const socket = new library(url, this.#request.subprotocol, {
        ...upgradeOptions(url, this.#request, this.#settings),
        finishRequest: request => {
          request.once('socket', connection => {
            this.#count(connection)
          })
          request.end()
        },
        agent,
      })
      this.#leftOvers++
      this.#socket = socket
      this.#listen(socket, library, url, spare)
      if (spare === undefined) return
      this.#patience = setTimeout(() => {
        this.#connectAnew(library, url)
      }, SPARE_ANSWER_MS)
    } catch (error) {
      this.#fail(error instanceof TunnelError ? error : unreachable(url, 'cannot dial', { cause: error }))
    }
  }

  #agentFor(url: URL): Agent | undefined {
    const { agent, ca } = this.#settings
    if (agent !== undefined) return agent
    const { proxy } = routeTo(url, this.#settings)
    this.#throughProxy =
      proxy &&
      new ConnectAgent(proxy, {
        ca,
        signal: this.#dialling.signal,
        onSocket: socket => {
          this.#count(socket)
        },
      })
    return this.#throughProxy
  }

  /** Sockets outlive their WebSocket for a moment. */
  #count(socket: Socket): void {
    this.#leftOvers++
    socket.once('close', () => {
      this.#dropLeftOver()
    })
  }

  #listen(socket: WebSocket, library: typeof WebSocket, url: URL, spare: Spare | undefined): void {
    let accepted: IncomingMessage | undefined
    socket.on('upgrade', response => {
      accepted = response
      this.#connection = response.socket
    })
    socket.on('unexpected-response', (_request, response) => {
      if (spare !== undefined && response.statusCode === STATUS_REQUEST_TIMEOUT)
        this.#connectAnew(library, url)
      else this.#answered(library, url, response)
    })
    socket.on('open', () => {
      this.#open(accepted)
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    socket.on('error', error => {
      if (socket !== this.#socket) return
      if (spare !== undefined && accepted === undefined) this.#connectAnew(library, url)
      else if (error instanceof TunnelError) this.#fail(error)
      else
        this.#fail(this.#phase === 'open' ? brokenOff(error) : notOpened(url, error, accepted !== undefined))
    })
    socket.on('close', (code, reason) => {
      if (socket === this.#socket) this.#closed(code, reason.toString())
      this.#dropLeftOver()
    })
  }

  #answered(library: typeof WebSocket, url: URL, response: IncomingMessage): void {
    if (this.#phase !== 'dialing') return
    const { statusCode: status = 0, headers } = response
    if (!isRedirect(status, headers.location)) {
      this.#fail(refused(url, status))
      return
    }
    this.#leaveSocket()
    this.#redirect(library, url, headers.location)
  }

  /** The connection that was opened ahead gave no answer: the request, which is a GET, is sent again over one of its own. */
  #connectAnew(library: typeof WebSocket, url: URL): void {
    if (this.#phase !== 'dialing') return
    this.#leaveSocket()
    this.#settings.spare?.cut()
    this.#connect(library, url)
  }

  #leaveSocket(): void {
    clearTimeout(this.#patience)
    const left = this.#socket
    this.#socket = undefined
    left?.terminate()
  }

  #redirect(library: typeof WebSocket, from: URL, location: string): void {
    try {
      if (++this.#redirects > this.#settings.maxRedirects)
        throw new TunnelError(
          'tunnel-redirected',
          `the tunnel service redirected more than ${this.#settings.maxRedirects} times`,
        )
      this.#connect(library, followRedirect(from, location))
    } catch (error) {
      this.#fail(
        error instanceof TunnelError ? error : unreachable(from, 'cannot redirect', { cause: error }),
      )
    }
  }

  #open(accepted: IncomingMessage | undefined): void {
    if (this.#phase !== 'dialing') return
    this.#stopTimers()
    this.#phase = 'open'
    this.#listener.open(headersOf(accepted?.rawHeaders ?? []))
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#phase !== 'open') return
    if (isBinary) this.#listener.message(freshBytes(data))
    else
      this.#fail(
        new TunnelError('tunnel-message-invalid', 'the tunnel carried a text message'),
        CLOSE_CODE.unsupportedData,
      )
  }

  #closed(code: number, reason: string): void {
    if (this.#phase !== 'open') return
    this.#end()
    this.#listener.closed({ code, reason })
  }

  #fail(error: TunnelError, closeCode?: number): void {
    if (this.#phase === 'over') return
    const hangsUp = this.#phase === 'dialing'
    this.#end()
    // An open socket gets a close frame. Where the library found the fault, it has sent one already, and this call does
    // nothing.
    if (hangsUp) this.#socket?.terminate()
    else this.#socket?.close(closeCode)
    this.#listener.failed(error)
  }

  #end(): void {
    this.#stopTimers()
    if (this.#phase === 'dialing') {
      this.#dialling.abort()
      this.#settings.spare?.cut()
    }
    this.#phase = 'over'
    if (this.#leftOvers === 0) this.#settleGone()
  }

  #stopTimers(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#patience)
  }

  #dropLeftOver(): void {
    this.#leftOvers--
    if (this.#phase === 'over' && this.#leftOvers === 0) this.#settleGone()
  }
}
