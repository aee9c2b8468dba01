import { HybridError } from '../../src/errors.js'

/** How a ceremony of either role ends: `done`, or the code of its error or of what a WebAuthnError names as its cause. */
export async function ceremonyCode(ceremony: Promise<unknown>): Promise<string> {
  try {
    await ceremony
    return 'done'
  } catch (error) {
    const cause = error instanceof HybridError ? error : error instanceof Error ? error.cause : undefined
    if (cause instanceof HybridError) return cause.code
    throw error
  }
}
