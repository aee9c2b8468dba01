/**
 * The defaults for a client that is not on Node: in a page or worker of an extension or of Electron, in Deno and in Bun. The
 * runtime’s WebSocket for tunnels, portable cryptography, the runtime’s clock and randomness.
 * @module
 */
import { qrcodePainter } from './adapters/qrcode/qrcode.js'
import { systemClock, systemRandom } from './adapters/system/system.js'
import { webSocketDialer } from './adapters/web-socket/web-socket.js'
import type { WebSocketDialerOptions } from './adapters/web-socket/web-socket.js'
import { nobleProvider } from './crypto/noble-provider.js'
import type { CryptoProvider } from './crypto/provider.js'
import type { BleScanner } from './ports/ble.js'
import type { Clock, Random } from './ports/clock.js'
import type { QrPainter } from './ports/qr-painter.js'
import type { TunnelDialer } from './ports/tunnel-dialer.js'
import { publicSuffixList } from './webauthn/public-suffix-list.js'
import type { PublicSuffixes } from './webauthn/public-suffixes.js'

/** What a client is made of. */
export interface WebPlatform {
  readonly dialer: TunnelDialer
  readonly scanner: BleScanner
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly clock: Clock
  readonly painter: QrPainter
  readonly publicSuffixes: PublicSuffixes
}

/** The scanner, which no runtime brings, and what replaces the defaults. */
export interface WebPlatformOptions {
  /** Hears the phone’s advert. Web Bluetooth cannot (bluetooth.md): use a radio outside of the page, or an air hub. */
  readonly scanner: BleScanner
  /** Limits of the tunnel, and another WebSocket. */
  readonly tunnel?: WebSocketDialerOptions | undefined
  /** `publicSuffixList` unless given, which is loaded when an RP ID needs it. */
  readonly publicSuffixes?: PublicSuffixes | undefined
}

/**
 * The ports of a client in any runtime with a WebSocket; the scanner is yours. Nothing is opened before it is used. A
 * phone, and the client of a linked phone, need headers, which such a WebSocket does not have (`webSocketDialer`).
 * @throws UsageError `argument-invalid` for limits of the tunnel, as `webSocketDialer` does.
 *
 * @example
 * const client = new HybridClient(webPlatform({ scanner }))
 */
export function webPlatform({ scanner, tunnel, publicSuffixes }: WebPlatformOptions): WebPlatform {
  return {
    scanner,
    dialer: webSocketDialer(tunnel),
    crypto: nobleProvider,
    random: systemRandom,
    clock: systemClock,
    painter: qrcodePainter,
    publicSuffixes: publicSuffixes ?? publicSuffixList,
  }
}
