import { HybridError, WebAuthnError } from 'fido-hybrid'

/** A failure in the library’s own words. */
export interface Failure {
  /** WebAuthn’s name for it, where a ceremony failed. */
  readonly name?: string
  readonly code: string
  readonly message: string
  readonly fault?: string
  readonly cure?: string
}

/** What is to be said of a failure; anything untyped is the demo’s own mistake. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof WebAuthnError) return { name: error.name, ...describeFailure(error.cause) }
  if (!(error instanceof HybridError)) return { code: 'internal', message: String(error) }
  const { code, message, fault, cure } = error
  return { code, message, fault, cure }
}

/** Whether a failure is nothing but the user’s wish to stop. */
export function isInterrupt(error: unknown): boolean {
  return describeFailure(error).code === 'aborted'
}
