import type { TunnelError } from '../../src/errors.js'
import type { TunnelListener } from '../../src/ports/tunnel-dialer.js'
import { takeNotes } from './probe.js'

type TunnelEventSeen =
  | { type: 'open'; headers: ReadonlyMap<string, readonly string[]> }
  | { type: 'message'; bytes: Uint8Array }
  | { type: 'closed'; code: number; reason: string }
  | { type: 'failed'; error: TunnelError }

/** A tunnel listener that writes down what it hears. */
export interface TunnelProbe extends TunnelListener {
  readonly seen: readonly TunnelEventSeen[]
  /** The next event that has not been taken yet. */
  next(): Promise<TunnelEventSeen>
}

export function tunnelProbe(): TunnelProbe {
  const { seen, note, next } = takeNotes<TunnelEventSeen>()
  return {
    seen,
    next,
    open: headers => {
      note({ type: 'open', headers })
    },
    message: bytes => {
      note({ type: 'message', bytes })
    },
    closed: end => {
      note({ type: 'closed', ...end })
    },
    failed: error => {
      note({ type: 'failed', error })
    },
  }
}
