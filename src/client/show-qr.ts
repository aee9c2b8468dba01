import type { ClientDriver } from '../driver/client-driver.js'
import { HybridError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { Qr } from './qr.js'

/**
 * Shows the QR code; the ceremony ends if that fails. What `onQr` returns may be the promise of a phone in this
 * process. A HybridError of it is left to the phone’s owner, and this side finds out for itself.
 * @param services URLs of the tunnel services to open connections to, once the code is shown.
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
