import { createAir } from '../adapters/air/air.js'
import type { Air } from '../adapters/air/air.js'
import { MemoryCredentialStore } from '../adapters/stores/memory-credential-store.js'
import { qrcodePainter } from '../adapters/qrcode/qrcode.js'
import { systemClock, systemRandom } from '../adapters/system/system.js'
import { HybridAuthenticator } from '../authenticator/hybrid-authenticator.js'
import type {
  HybridAuthenticatorOptions,
  ScanQrOptions,
  ServeOptions,
} from '../authenticator/hybrid-authenticator.js'
import type { PhoneLink } from '../authenticator/phone-links.js'
import type { ServeReport } from '../authenticator/serve-events.js'
import { HybridClient } from '../client/hybrid-client.js'
import type { HybridClientOptions } from '../client/hybrid-client.js'
import { nodeCryptoProvider } from '../adapters/node-crypto/node-crypto.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { ServeResult } from '../driver/authenticator-driver.js'
import type { BleAdvertiser } from '../ports/ble.js'
import type { DataChannelDialer, DataChannelListener } from '../ports/data-channel.js'
import type { Clock, Random } from '../ports/clock.js'
import type { CredentialStore } from '../ports/credential-store.js'
import type { PhoneHandler } from '../ports/ctap-handler.js'
import type { TunnelDialer } from '../ports/tunnel-dialer.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import { alwaysApprove } from '../virtual/consent.js'
import type { UnconfirmedPasskey } from '../virtual/passkey-care.js'
import type { VirtualAuthenticatorOptions } from '../virtual/virtual-authenticator.js'
import { VirtualAuthenticator } from '../virtual/virtual-authenticator.js'
import { publicSuffixList } from '../webauthn/public-suffix-list.js'
import { MemoryTunnelService } from './memory-tunnel-service.js'

/** What stands between the devices of a lab and their data channels. */
export interface LabChannels {
  /** Wraps the dialer of each laptop. */
  readonly dialer?: ((dialer: DataChannelDialer) => DataChannelDialer) | undefined
  /** Wraps the listener of each phone. */
  readonly listener?: ((listener: DataChannelListener) => DataChannelListener) | undefined
}

/** What replaces the defaults of a lab. */
export interface LabOptions {
  /** The system’s clock unless given; a `VirtualClock` makes deadlines testable. */
  readonly clock?: Clock | undefined
  /** The `node:crypto` provider unless given. */
  readonly crypto?: CryptoProvider | undefined
  /**
   * What laptops and phones offer each other, unless their own options say otherwise: `auto` or `ble` for data channels in the lab’s air;
   * `tunnel` unless given.
   */
  readonly dataChannel?: DataChannelChoice | undefined
  /** Stands between the devices and their data channels: to watch, delay or cut these. */
  readonly channels?: LabChannels | undefined
  /** Stands between the devices and the tunnel service: to watch, delay or cut tunnels. */
  readonly tunnel?: ((service: TunnelDialer) => TunnelDialer) | undefined
}

/** What replaces the defaults of a lab’s phone. */
export interface LabPhoneOptions
  extends
    Partial<Omit<VirtualAuthenticatorOptions, 'crypto' | 'random'>>,
    Pick<
      HybridAuthenticatorOptions,
      'linking' | 'contactLine' | 'tunnelServiceId' | 'dataChannel' | 'dataChannelListener' | 'framing'
    > {
  /** Answers instead of the software authenticator and its `wallet`. */
  readonly handler?: PhoneHandler | undefined
}

/** As `ScanQrOptions`; in a lab codes are seen with a camera unless said otherwise. */
export type LabScanQrOptions = Omit<ScanQrOptions, 'source'> & Partial<Pick<ScanQrOptions, 'source'>>

/** A phone of the lab: scans QR codes, and shows what it keeps. */
export interface LabPhone {
  readonly store: CredentialStore
  /** Serves one transaction; see `HybridAuthenticator.scan`. */
  scan(text: string, options?: LabScanQrOptions): Promise<ServeResult>
  /** Answers linked clients; see `HybridAuthenticator.serve`. */
  serve(options?: ServeOptions): Promise<ServeReport>
  /** The clients that it is linked with; see `HybridAuthenticator.links`. */
  links(): Promise<readonly PhoneLink[]>
  /** Ends a link; see `HybridAuthenticator.unlink`. */
  unlink(link: Pick<PhoneLink, 'linkId'>): Promise<boolean>
  /** Ends all links; see `HybridAuthenticator.unlinkAll`. */
  unlinkAll(): Promise<void>
  /** Passkeys that their relying parties may not know, because their registrations were cut off. */
  unconfirmed(): Promise<readonly UnconfirmedPasskey[]>
  /** Removes one of these; see `VirtualAuthenticator.discard`. */
  discard(credentialId: string): Promise<boolean>
}

/** What the devices of a lab have around them. */
export interface LabSurroundings {
  readonly air: Air
  /** The tunnel service, and what stands before it. */
  readonly dialer: TunnelDialer
  readonly clock: Clock
  readonly crypto: CryptoProvider
  readonly random: Random
}

/** Laptops and phones in one process, around one tunnel service and one air. */
export interface Lab {
  /** For devices of your own making. */
  readonly surroundings: LabSurroundings
  /** A laptop. */
  client(options?: Partial<HybridClientOptions>): HybridClient
  /** A phone that approves everything and has no peculiarities, unless its options say otherwise: `{ profile: 'ios' }`. */
  phone(options?: LabPhoneOptions): LabPhone
}

/**
 * Makes a lab: no sockets, no radio, no files, no sleeps, any number of devices. Proximity in it is simulated, and every
 * event says so.
 *
 * @example
 * const lab = createLab()
 * const phone = lab.phone()
 * await lab.client().create(creationOptions, { origin, onQr: qr => phone.scan(qr.url) })
 */
export function createLab(options: LabOptions = {}): Lab {
  const { clock = systemClock, crypto = nodeCryptoProvider, dataChannel, channels = {} } = options
  const service = new MemoryTunnelService(clock, systemRandom)
  const dialer = options.tunnel === undefined ? service : inProcess(options.tunnel(service))
  const air = createAir()
  const surroundings = { clock, crypto, dialer, random: systemRandom }
  const shared = { ...surroundings, dataChannel }
  return {
    surroundings: { ...surroundings, air },
    client: overrides => {
      const { scanner, dataChannelDialer } = air.device()
      return new HybridClient({
        ...shared,
        scanner,
        dataChannelDialer: channels.dialer?.(dataChannelDialer) ?? dataChannelDialer,
        painter: qrcodePainter,
        publicSuffixes: publicSuffixList,
        ...overrides,
      })
    },
    phone: phoneOptions => {
      const { advertiser, dataChannelListener: heard } = air.device()
      const dataChannelListener = channels.listener?.(heard) ?? heard
      return createLabPhone({ ...shared, dataChannelListener, ...phoneOptions }, advertiser)
    },
  }
}

/** A wrapper around the lab’s service still ends in this process. */
function inProcess(dialer: TunnelDialer): TunnelDialer {
  return { staysInProcess: true, dial: (request, listener) => dialer.dial(request, listener) }
}

/** What a phone has around it, beside its radio. */
type PhoneSurroundings = Pick<
  HybridAuthenticatorOptions,
  'clock' | 'crypto' | 'dialer' | 'random' | 'tunnelUrl'
>

/** Makes a phone of the lab’s kind with that radio, in the given surroundings. */
export function createLabPhone(
  options: PhoneSurroundings & LabPhoneOptions,
  advertiser: BleAdvertiser,
): LabPhone {
  const { store = new MemoryCredentialStore(), consent = alwaysApprove() } = options
  const authenticator = new VirtualAuthenticator({ ...options, store, consent })
  const handler = options.handler ?? authenticator
  const phone = new HybridAuthenticator({ ...options, advertiser, handler })
  return {
    store,
    scan: (text, scanOptions) => phone.scan(text, { source: 'camera', ...scanOptions }),
    serve: serveOptions => phone.serve(serveOptions),
    links: () => phone.links(),
    unlink: link => phone.unlink(link),
    unlinkAll: () => phone.unlinkAll(),
    unconfirmed: () => authenticator.unconfirmed(),
    discard: credentialId => authenticator.discard(credentialId),
  }
}
