import type { HybridError } from '../errors.js'
import type { Tunnel, TunnelDialer, TunnelHeaders, TunnelRequest } from '../ports/tunnel-dialer.js'

/** What a tunnel tells a session, in either role. */
export type TunnelInput =
  | { readonly type: 'tunnel-open'; readonly headers: TunnelHeaders }
  | { readonly type: 'tunnel-message'; readonly bytes: Uint8Array }
  | { readonly type: 'tunnel-closed'; readonly code: number }
  | { readonly type: 'failed'; readonly error: HybridError }

/** Dials and turns what happens into inputs. */
export function dialTunnel(
  dialer: TunnelDialer,
  request: TunnelRequest,
  feed: (input: TunnelInput) => void,
): Tunnel {
  return dialer.dial(request, {
    open: headers => {
      feed({ type: 'tunnel-open', headers })
    },
    message: bytes => {
      feed({ type: 'tunnel-message', bytes })
    },
    closed: ({ code }) => {
      feed({ type: 'tunnel-closed', code })
    },
    failed: error => {
      feed({ type: 'failed', error })
    },
  })
}
