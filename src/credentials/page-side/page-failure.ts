import { UsageError } from '../../errors.js'
import { WebAuthnError } from '../../webauthn/webauthn-error.js'
import type { PageFailure } from './page-messages.js'

/** As browsers put it, which tell no page what went wrong on this side. */
const NOT_TOLD = 'The operation either timed out or was not allowed.'

/** What a page is told: the name that a browser would give, and the reason only where the page’s own options are at fault. */
export function pageFailure(error: unknown): PageFailure {
  if (error instanceof WebAuthnError) return { name: error.name, message: messageFor(error.cause) }
  const isAbort = error instanceof Error && error.name === 'AbortError'
  return { name: isAbort ? 'AbortError' : 'UnknownError', message: NOT_TOLD }
}

function messageFor(cause: Error): string {
  return cause instanceof UsageError && cause.code !== 'callback-failed' ? cause.message : NOT_TOLD
}
