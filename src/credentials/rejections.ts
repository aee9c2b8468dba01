import { DecodeError, HybridError, UsageError } from '../errors.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import type { FailedCeremony } from '../webauthn/webauthn-error.js'

/**
 * Runs work for a page. @throws what the work throws; a HybridError as a WebAuthnError with the name that a browser
 * would give.
 */
export async function forPage<Result>(kind: FailedCeremony, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof HybridError ? toWebAuthnError(error, kind) : error
  }
}

/**
 * Converts what a page gives. Text that is not base64url is not a BufferSource either: a TypeError, where JSON would be an
 * EncodingError.
 */
export function convertedForPage<Value>(convert: () => Value): Value {
  try {
    return convert()
  } catch (error) {
    const isNoBase64url = error instanceof UsageError && error.cause instanceof DecodeError
    throw isNoBase64url ? new UsageError('options-invalid', error.message) : error
  }
}
