import { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import type { QrTrust } from '../../authenticator/scanned-code.js'
import type { JsonHandler } from '../../ports/ctap-handler.js'
import type { Preconnection } from '../../ports/tunnel-dialer.js'
import type { Invocation } from '../invocation.js'
import { readPreconnect } from '../options/preconnect.js'
import type { PhoneParts } from './phone-parts.js'

/** The passkeys are opened after the code is read. */
const NOTHING: JsonHandler = { handleJson: () => Promise.resolve(undefined) }

/**
 * Connects to the phone’s tunnel service while the code is read. Not for a code that comes with the command, or from a URL that any
 * web page may have opened.
 */
export function connectAhead(
  { options, operands: [url] }: Invocation,
  { platform }: PhoneParts,
  { source }: QrTrust,
): Preconnection | undefined {
  const isComing = url === '-' || (url === undefined && options.text('image') !== undefined)
  if (!isComing || source === 'opened-url' || !readPreconnect(options)) return undefined
  try {
    return new HybridAuthenticator({ ...platform, handler: NOTHING }).preconnect()
  } catch {
    // The scan tells what is wrong.
    return undefined
  }
}
