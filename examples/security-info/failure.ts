import { HybridError, WebAuthnError } from 'fido-hybrid'
import { Problem } from './http/problem.js'
import type { Failure } from './wire/ceremony.js'

/** What a page learns about a failed ceremony. Mistakes of the program itself stay hidden from it. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof WebAuthnError) return { ...describeFailure(error.cause), name: error.name }
  if (error instanceof Problem) return { name: 'NotAllowedError', ...error.view }
  if (!(error instanceof HybridError))
    return { name: 'UnknownError', code: 'internal', message: 'something went wrong in the program' }
  const { name, code, message, cure } = error
  return { name, code, message, cure }
}
