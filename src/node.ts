/**
 * The defaults for a program on Node: `ws` for tunnels, `qrcode` for drawing, the system’s clock and randomness, and a
 * file for passkeys.
 * @module
 */
import { systemClock, systemRandom } from './adapters/system.js'
import { qrcodePainter } from './adapters/qrcode.js'
import { wsDialer } from './adapters/ws.js'
import type { WsDialerOptions } from './adapters/ws.js'
import { nodeCryptoProvider } from './adapters/node-crypto.js'
import type { CryptoProvider } from './crypto/provider.js'
import type { BleAdvertiser, BleScanner } from './ports/ble.js'
import type { Clock, Random } from './ports/clock.js'
import type { QrPainter } from './ports/qr-painter.js'
import type { TunnelDialer } from './ports/tunnel-dialer.js'

export { openFileCredentialStore } from './adapters/file-credential-store.js'
export type { FileCredentialStore } from './adapters/file-credential-store.js'

/** What both roles are made of, but for the phone’s handler. */
export interface Platform {
  readonly dialer: TunnelDialer
  /** Undefined where this machine cannot scan; the client role then refuses to be built. */
  readonly scanner: BleScanner | undefined
  /** Undefined where this machine cannot advertise; the phone role then refuses to be built. */
  readonly advertiser: BleAdvertiser | undefined
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly clock: Clock
  readonly painter: QrPainter
}

/** What to take instead of the defaults. */
export interface NodePlatformOptions {
  /** TLS and limits of the tunnel. */
  readonly tunnel?: WsDialerOptions | undefined
  readonly scanner?: BleScanner | undefined
  readonly advertiser?: BleAdvertiser | undefined
}

/**
 * Chooses the adapters for this machine. Bluetooth adapters are not part of this version: pass a scanner or an
 * advertiser, such as those of `fido-hybrid/adapters/air-client`.
 *
 * @example
 * const client = new HybridClient(await nodePlatform({ scanner: airScanner('ws://127.0.0.1:4434/air') }))
 */
export function nodePlatform(options: NodePlatformOptions = {}): Promise<Platform> {
  return Promise.resolve({
    dialer: wsDialer(options.tunnel),
    scanner: options.scanner,
    advertiser: options.advertiser,
    crypto: nodeCryptoProvider,
    random: systemRandom,
    clock: systemClock,
    painter: qrcodePainter,
  })
}
