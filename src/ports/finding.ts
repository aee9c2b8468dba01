import type { ErrorCode } from '../errors.js'

/** One thing that a role needs, looked at. */
export interface Finding {
  /** Which thing was looked at. */
  readonly check: 'radio' | 'tunnel-service' | 'clock'
  /** Whether a ceremony would get past this. */
  readonly ok: boolean
  /** What is there, or what is wrong. */
  readonly detail: string
  /** What the ceremony would fail with. */
  readonly code?: ErrorCode | undefined
  /** What to do about it. */
  readonly cure?: string | undefined
}
