/**
 * Tunnels over the runtime’s own WebSocket, for the client role by QR code in any runtime.
 * @module
 */
import { limitsFrom } from '../../bytes/limits.js'
import { UnsupportedError, UsageError } from '../../errors.js'
import type { TunnelDialer, TunnelRequest } from '../../ports/tunnel-dialer.js'
import { WebSocketTunnel } from './tunnel.js'
import { platformWebSocket } from '../sockets/web-socket-class.js'
import type { WebSocketClass } from '../sockets/web-socket-class.js'

export type { PlatformWebSocket, WebSocketClass } from '../sockets/web-socket-class.js'

/** Which WebSocket to use, and its limits. */
export interface WebSocketDialerOptions {
  /** The platform’s own unless given. */
  readonly WebSocket?: WebSocketClass | undefined
  /** Longest message that is taken, in bytes; default 1 MiB. The platform has read a longer one by then. */
  readonly maxMessageBytes?: number | undefined
  /** From `dial` to `open`, in milliseconds; default 30 000. */
  readonly handshakeTimeoutMs?: number | undefined
  /** How long a closed tunnel is waited for, in milliseconds; default 1 000. */
  readonly closeTimeoutMs?: number | undefined
}

const DEFAULTS = { maxMessageBytes: 1024 * 1024, handshakeTimeoutMs: 30_000, closeTimeoutMs: 1000 }

/** The paths of a phone’s requests (protocol.md 7.1). */
const PHONE_PATH = /\/cable\/new\//

/**
 * Dials tunnels with the platform’s WebSocket, for the client role by QR code: in the pages and workers of an extension
 * or of Electron, in Deno, Bun and Node 22. (A web page wants `navigator.credentials`: there the browser is the client.)
 *
 * Such a WebSocket has no headers, neither of the request nor of the answer. So `dial` throws UnsupportedError
 * `capability-missing` for a phone, whose routing ID is a header of the answer, and for a request with headers, such as a
 * linked client’s; and where the platform has no WebSocket. A tunnel that does not open is `tunnel-unreachable` whatever
 * the reason, and redirects are not followed. The Origin is the page’s own; a service may refuse it.
 *
 * It throws UsageError `argument-invalid` for a limit that is not a number from 0. `dial` throws UsageError
 * `argument-invalid` for an invalid URL; every other failure reaches the listener as a TunnelError.
 *
 * @example
 * import { nobleProvider } from 'fido-hybrid/wire'
 *
 * const dialer = webSocketDialer()
 * const client = new HybridClient({ dialer, scanner, crypto: nobleProvider, random: systemRandom, clock: systemClock })
 */
export function webSocketDialer(options: WebSocketDialerOptions = {}): TunnelDialer {
  const { WebSocket: given, ...limits } = options
  const settings = limitsFrom('options', DEFAULTS, limits)
  return {
    dial(request, listener) {
      const url = dialUrl(request)
      const WebSocket = given ?? platformWebSocket()
      if (WebSocket === undefined) throw missing('this platform has no WebSocket; take the adapter ws')
      return new WebSocketTunnel(url, request, listener, { ...settings, WebSocket })
    },
  }
}

function dialUrl({ url: text, headers }: TunnelRequest): URL {
  if (!URL.canParse(text)) throw new UsageError('argument-invalid', 'the tunnel’s address must be a URL')
  const url = new URL(text)
  const [header] = Object.keys(headers)
  if (header !== undefined) throw missing(`the platform’s WebSocket cannot send ${header}`)
  if (PHONE_PATH.test(url.pathname))
    throw missing('the platform’s WebSocket does not show X-caBLE-Routing-ID, which a phone needs')
  return url
}

function missing(what: string): UnsupportedError {
  return new UnsupportedError('capability-missing', what)
}
