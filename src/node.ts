/**
 * The defaults for a program on Node: `ws` for tunnels, this machine’s Bluetooth, clock and randomness, and files for
 * passkeys.
 * @module
 */
import { systemClock, systemRandom } from './adapters/system/system.js'
import { qrcodePainter } from './adapters/qrcode/qrcode.js'
import { wsDialer } from './adapters/ws/ws.js'
import type { WsDialerOptions } from './adapters/ws/ws.js'
import { blenoAdvertiser } from './adapters/bleno/bleno.js'
import { bluezAdvertiser, bluezScanner } from './adapters/bluez/bluez.js'
import { firstAdvertiser, firstScanner } from './adapters/fallback/fallback.js'
import { defaultRadios } from './adapters/fallback/default-radios.js'
import type { AdvertiserName, ScannerName } from './adapters/fallback/default-radios.js'
import { l2capDialer, l2capListener } from './adapters/l2cap/l2cap.js'
import { nobleScanner } from './adapters/noble/noble.js'
import { nodeCryptoProvider } from './adapters/node-crypto/node-crypto.js'
import type { CryptoProvider } from './crypto/provider.js'
import { contactLineOver } from './driver/contact-line.js'
import { UnsupportedError } from './errors.js'
import type { BleAdvertiser, BleScanner } from './ports/ble.js'
import type { Clock, Random } from './ports/clock.js'
import type { ContactLine } from './ports/contact-line.js'
import type { DataChannelDialer, DataChannelListener } from './ports/data-channel.js'
import type { QrPainter } from './ports/qr-painter.js'
import type { TunnelDialer } from './ports/tunnel-dialer.js'
import { publicSuffixList } from './webauthn/public-suffix-list.js'
import type { PublicSuffixes } from './webauthn/public-suffixes.js'

export { openFileCredentialStore } from './adapters/stores/file-credential-store.js'
export type { FileCredentialStore } from './adapters/stores/file-credential-store.js'
export { openFileLinkStore } from './adapters/stores/file-link-store.js'
export type { FileLinkStore } from './adapters/stores/file-link-store.js'
export { openFilePhoneIdentityStore } from './adapters/stores/file-phone-identity-store.js'
export type { FilePhoneIdentityStore } from './adapters/stores/file-phone-identity-store.js'

/** The ports of both roles. A phone also needs a handler. */
export interface Platform {
  readonly dialer: TunnelDialer
  /** Keeps phones in reach of linked clients. */
  readonly contactLine: ContactLine
  /** An error with the reason where this machine cannot scan; the client role then throws it. */
  readonly scanner: BleScanner | UnsupportedError
  /** An error with the reason where this machine cannot advertise; the phone role then throws it. */
  readonly advertiser: BleAdvertiser | UnsupportedError
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly clock: Clock
  readonly painter: QrPainter
  /** For clients with `dataChannel`. An error with the reason where this machine cannot dial; only Linux can. */
  readonly dataChannelDialer: DataChannelDialer | UnsupportedError
  /** For phones with `dataChannel`, on test benches. An error with the reason where this machine cannot listen. */
  readonly dataChannelListener: DataChannelListener | UnsupportedError
  readonly publicSuffixes: PublicSuffixes
}

/** What replaces the defaults. */
export interface NodePlatformOptions {
  /** TLS and limits of the tunnel. */
  readonly tunnel?: WsDialerOptions | undefined
  /** Instead of this machine’s Bluetooth. */
  readonly scanner?: BleScanner | undefined
  /** Instead of this machine’s Bluetooth. */
  readonly advertiser?: BleAdvertiser | undefined
  /** For tests: whose defaults to take; this machine’s unless given. */
  readonly platform?: NodeJS.Platform | undefined
}

/**
 * Chooses the adapters for this machine: on Linux BlueZ, or noble and bleno without BlueZ; on macOS and Windows
 * noble for the client role. Nothing is loaded or opened before it is used.
 * @throws UsageError `argument-invalid` for options of the tunnel, as `wsDialer` does.
 *
 * @example
 * const client = new HybridClient(nodePlatform())
 */
export function nodePlatform(options: NodePlatformOptions = {}): Platform {
  const { platform = process.platform } = options
  const dialer = wsDialer(options.tunnel)
  return {
    dialer,
    contactLine: contactLineOver({ dialer, clock: systemClock }),
    scanner: options.scanner ?? defaultScanner(platform),
    advertiser: options.advertiser ?? defaultAdvertiser(platform),
    crypto: nodeCryptoProvider,
    random: systemRandom,
    clock: systemClock,
    painter: qrcodePainter,
    dataChannelDialer: unlessUnsupported(() => l2capDialer({ platform })),
    dataChannelListener: unlessUnsupported(() => l2capListener({ platform })),
    publicSuffixes: publicSuffixList,
  }
}

/** The result of `make`, or the error that says why it cannot be made. */
function unlessUnsupported<Made>(make: () => Made): Made | UnsupportedError {
  try {
    return make()
  } catch (error) {
    if (error instanceof UnsupportedError) return error
    throw error
  }
}

const SCANNERS: Readonly<Record<ScannerName, (platform: NodeJS.Platform) => BleScanner>> = {
  bluez: () => bluezScanner(),
  noble: platform => nobleScanner({ platform }),
}

const ADVERTISERS: Readonly<Record<AdvertiserName, (platform: NodeJS.Platform) => BleAdvertiser>> = {
  bluez: () => bluezAdvertiser(),
  bleno: platform => blenoAdvertiser({ platform }),
}

function defaultScanner(platform: NodeJS.Platform): BleScanner {
  const [first, ...others] = defaultRadios(platform).scan
  return firstScanner(SCANNERS[first](platform), ...others.map(name => SCANNERS[name](platform)))
}

function defaultAdvertiser(platform: NodeJS.Platform): BleAdvertiser | UnsupportedError {
  const [first, ...others] = defaultRadios(platform).advertise.map(name => ADVERTISERS[name](platform))
  if (first !== undefined) return firstAdvertiser(first, ...others)
  return new UnsupportedError(
    'capability-missing',
    `the phone role needs Linux: this library cannot advertise service data on ${platform}`,
  )
}
