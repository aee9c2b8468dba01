import { abortedBy } from '../../driver/progress.js'
import { toWebAuthnError } from '../../webauthn/webauthn-error.js'

/** Ceremonies reject with the signal’s reason as it is; the command tells every interruption in one form. */
export async function unlessInterrupted<Result>(
  ceremony: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await ceremony
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error
    throw toWebAuthnError(abortedBy(signal), 'get')
  }
}
