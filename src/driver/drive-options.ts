import type { ProgressListener } from './progress.js'
import type { SessionTrace } from './session-trace.js'

/** How a ceremony is watched and ended from outside. */
export interface DriveOptions {
  readonly onProgress?: ProgressListener | undefined
  readonly signal?: AbortSignal | undefined
  /** Keeps what happens, for somebody who looks for a fault: `createTrace` of `fido-hybrid/trace` makes one that is safe to share. */
  readonly trace?: SessionTrace | undefined
}
