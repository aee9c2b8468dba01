import { createLabPhone } from '../../testing/lab.js'
import type { LabPhone, LabPhoneOptions, LabScanQrOptions } from '../../testing/lab.js'
import { systemClock, systemRandom } from '../../adapters/system/system.js'
import { wsDialer } from '../../adapters/ws/ws.js'
import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import type { ServeResult } from '../../driver/authenticator-driver.js'
import type { BleAdvertiser } from '../../ports/ble.js'
import type { TunnelServer } from '../../service/tunnel-server.js'
import type { LookOptions, ScreenCodes } from './screen-codes.js'
import type { TunnelCertificate } from './tunnel-certificate.js'

/** How a code on the screen is answered, and how long it may take to appear. */
export interface ScanScreenOptions extends LabScanQrOptions, Pick<LookOptions, 'withinMs'> {}

/** A virtual phone before the browser’s screen. */
export interface AirPhone extends LabPhone {
  /**
   * Waits for a QR code on the screen that no phone of this air has read yet, and answers it.
   * @throws DeadlineError `request-timeout` when the screen shows none in time; what `HybridAuthenticator.scan` throws.
   */
  scanScreen(options?: ScanScreenOptions): Promise<ServeResult>
}

/** What the phones of an air share. */
export interface AirPhoneParts {
  readonly advertiser: BleAdvertiser
  readonly codes: ScreenCodes
  readonly service: Pick<TunnelServer, 'url'>
  readonly certificate: Pick<TunnelCertificate, 'cert'>
}

export function createAirPhone(
  { advertiser, codes, service, certificate }: AirPhoneParts,
  options: LabPhoneOptions = {},
): AirPhone {
  const shared = {
    clock: systemClock,
    random: systemRandom,
    crypto: nodeCryptoProvider,
    tunnelUrl: service.url,
  }
  const phone = createLabPhone(
    { ...shared, dialer: wsDialer({ ca: certificate.cert }), ...options },
    advertiser,
  )
  return {
    ...phone,
    async scanScreen({ withinMs, ...scanOptions } = {}) {
      const text = await codes.next({ withinMs, signal: scanOptions.signal })
      return phone.scan(text, scanOptions)
    },
  }
}
