import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type * as Ws from 'ws'
import type { ClientOptions, RawData, WebSocket } from 'ws'
import * as CLOSE_CODE from '../../bytes/close-code.js'
import { TunnelError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import type { Tunnel, TunnelHeaders, TunnelListener, TunnelRequest } from '../../ports/tunnel-dialer.js'
import { ConnectAgent } from '../proxy/connect-agent.js'
import { routeTo } from '../proxy/route.js'
import type { RouteSettings } from '../proxy/route.js'
import { brokenOff, notOpened, refused, unreachable } from '../sockets/failure.js'
import { followRedirect, isRedirect, requireSecure } from '../sockets/redirect.js'

export interface DialSettings extends RouteSettings {
  /** The caller’s own way to connect; nothing else is asked for the way then. */
  readonly agent: Agent | undefined
  readonly ca: string | Buffer | undefined
  readonly insecure: boolean
  readonly maxMessageBytes: number
  readonly handshakeTimeoutMs: number
  readonly maxRedirects: number
  readonly closeTimeoutMs: number
}

/** A message may come in this many pieces, and one more for each 256 bytes: network packets are larger than that. */
const FREE_PIECES = 128
const BYTES_A_PIECE = 256
/** The peers known send each message as one frame. */
const MAX_FRAGMENTS = 64

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
    this.#gone = new Promise(resolve => {
      this.#settleGone = resolve
    })
    this.#timer = setTimeout(() => {
      const limitMs = settings.handshakeTimeoutMs
      this.#fail(this.#throughProxy?.tooLate(limitMs) ?? unreachable(url, `no answer within ${limitMs} ms`))
    }, settings.handshakeTimeoutMs)
    library.then(
      ({ WebSocket }) => {
        this.#connect(WebSocket, url)
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

  #connect(library: typeof WebSocket, url: URL): void {
    if (this.#phase === 'over') return
    try {
      const agent = this.#agentFor(url)
      requireSecure(url, agent === undefined)
      const socket = new library(url, this.#request.subprotocol, {
        ...this.#optionsFor(url),
        agent,
      })
      this.#leftOvers++
      this.#socket = socket
      this.#listen(socket, library, url)
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

  #optionsFor(url: URL): ClientOptions & { closeTimeout: number } {
    const { ca, insecure, maxMessageBytes, closeTimeoutMs } = this.#settings
    const namesOrigin = Object.keys(this.#request.headers).some(name => name.toLowerCase() === 'origin')
    return {
      headers: { ...this.#request.headers },
      // Chromium sends it, and a service may demand it (protocol.md 7.2).
      ...(namesOrigin ? {} : { origin: `${url.protocol}//${url.host}` }),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: !(insecure && isLoopback(url.hostname)),
      maxPayload: maxMessageBytes,
      // The library keeps each piece as it came, which costs far more memory than its bytes.
      maxBufferedChunks: FREE_PIECES + Math.ceil(maxMessageBytes / BYTES_A_PIECE),
      maxFragments: MAX_FRAGMENTS,
      // Compression cannot make ciphertext smaller.
      perMessageDeflate: false,
      closeTimeout: closeTimeoutMs,
      finishRequest: request => {
        this.#watch(request)
        request.end()
      },
    }
  }

  #watch(request: ClientRequest): void {
    request.once('socket', socket => {
      this.#count(socket)
    })
  }

  /** Sockets outlive their WebSocket for a moment. */
  #count(socket: Socket): void {
    this.#leftOvers++
    socket.once('close', () => {
      this.#dropLeftOver()
    })
  }

  #listen(socket: WebSocket, library: typeof WebSocket, url: URL): void {
    let accepted: IncomingMessage | undefined
    socket.on('upgrade', response => {
      accepted = response
      this.#connection = response.socket
    })
    socket.on('unexpected-response', (_request, response) => {
      this.#answered(library, url, response)
    })
    socket.on('open', () => {
      this.#open(accepted)
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    socket.on('error', error => {
      if (socket !== this.#socket) return
      if (error instanceof TunnelError) this.#fail(error)
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
    const left = this.#socket
    this.#socket = undefined
    left?.terminate()
    this.#redirect(library, url, headers.location)
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
    clearTimeout(this.#timer)
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
    clearTimeout(this.#timer)
    if (this.#phase === 'dialing') this.#dialling.abort()
    this.#phase = 'over'
    if (this.#leftOvers === 0) this.#settleGone()
  }

  #dropLeftOver(): void {
    this.#leftOvers--
    if (this.#phase === 'over' && this.#leftOvers === 0) this.#settleGone()
  }
}

/**
 * From the raw list, because Node’s own object joins repeated headers or drops all but the first; the routing ID must come
 * once.
 */
function headersOf(raw: readonly string[]): TunnelHeaders {
  const headers = new Map<string, readonly string[]>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), raw[index + 1] ?? ''])
  }
  return headers
}

/** A copy as a plain Uint8Array: the socket reuses its buffers, and `slice` of a Buffer would share their memory. */
function freshBytes(data: RawData): Uint8Array {
  return new Uint8Array(Array.isArray(data) ? Buffer.concat(data) : data)
}
