import type { Tunnel, TunnelDialer, TunnelRequest } from '../ports/tunnel-dialer.js'
import type { MachineInput } from '../session/machine-io.js'

/** What a tunnel tells a session, in either role. */
type TunnelInput = Extract<
  MachineInput,
  { type: 'tunnel-open' | 'tunnel-message' | 'tunnel-closed' | 'tunnel-failed' }
>

/** Dials a tunnel, and turns what happens on it into inputs. */
export function dialTunnel(
  dialer: TunnelDialer,
  request: TunnelRequest,
  feed: (input: TunnelInput) => void,
): Tunnel {
  return dialer.dial(request, {
    open: headers => feed({ type: 'tunnel-open', headers }),
    message: bytes => feed({ type: 'tunnel-message', bytes }),
    closed: ({ code }) => feed({ type: 'tunnel-closed', code }),
    failed: error => feed({ type: 'tunnel-failed', error }),
  })
}
