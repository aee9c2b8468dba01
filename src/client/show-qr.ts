import type { ClientDriver } from '../driver/client-driver.js'
import { HybridError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { Qr } from './qr.js'

/**
 * A QR code that cannot be shown ends the ceremony. What `onQr` returns may be a phone at work in this process: its
 * HybridErrors are its owner’s, and this side finds out for itself.
 * @param services URLs of those to open connections to, once the code is shown.
 */
export async function showQr(
  qr: Qr,
  { onQr }: { readonly onQr: (qr: Qr) => unknown },
  driver: ClientDriver,
  services: readonly string[],
): Promise<void> {
  try {
    const shown = onQr(qr)
    driver.report('qr-shown')
    driver.preconnect(services)
    await shown
  } catch (cause) {
    if (!(cause instanceof HybridError)) await driver.close(callbackFailed('onQr', cause))
  }
}
