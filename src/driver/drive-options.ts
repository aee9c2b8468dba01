import type { ProgressListener } from './progress.js'
import type { SessionTrace } from './session-trace.js'

/** How a ceremony is watched and ended from outside. */
export interface DriveOptions {
  /** Hears each step as it happens. Throwing ends the ceremony. */
  readonly onProgress?: ProgressListener | undefined
  /** Ends the ceremony: it fails with `aborted` once radio and tunnel are released. */
  readonly signal?: AbortSignal | undefined
  /** Keeps what happens, for somebody who looks for a fault: `createTrace` of `fido-hybrid/trace` makes one that is safe to share. */
  readonly trace?: SessionTrace | undefined
}
