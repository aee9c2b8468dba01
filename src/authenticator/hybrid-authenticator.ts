import { ADVERT_BYTES } from '../advert/service-data.js'
import { TUNNEL_ID_BYTES, tunnelId, tunnelServiceId } from '../bytes/brands.js'
import type { TunnelServiceId } from '../bytes/brands.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { decodeGetInfo } from '../ctap/get-info.js'
import { AuthenticatorDriver } from '../driver/authenticator-driver.js'
import type { AuthenticatorPorts, Served } from '../driver/authenticator-driver.js'
import { checkAdvertiser, checkClock, checkTunnelService } from '../driver/readiness.js'
import type { DriveOptions } from '../driver/progress.js'
import { UnsupportedError, UsageError } from '../errors.js'
import { checkedTunnelUrl } from '../driver/tunnel-url.js'
import type { BleAdvertiser } from '../ports/ble.js'
import type { Random } from '../ports/clock.js'
import type { CtapHandler } from '../ports/ctap-handler.js'
import type { Finding } from '../ports/finding.js'
import { decodeQrUrl } from '../qr/url.js'
import { AuthenticatorSession } from '../session/authenticator-session.js'
import { qrAuthenticatorTransaction } from '../session/authenticator-transaction.js'
import type { Timeouts } from '../session/position.js'
import { tunnelDomain } from '../tunnel/domain.js'
import { TUNNEL_SUBPROTOCOL } from '../tunnel/headers.js'
import { newTunnelUrl } from '../tunnel/url.js'

/** Bytes of the random nonce in the advert (protocol.md 5.2). */
const ADVERT_NONCE_BYTES = 10

/** What an authenticator is made of; `nodePlatform()` brings all but the handler and the options. */
export interface HybridAuthenticatorOptions extends Omit<AuthenticatorPorts, 'advertiser'> {
  /** Undefined, or the reason, where this machine cannot advertise: the constructor throws it. */
  readonly advertiser: BleAdvertiser | UnsupportedError | undefined
  readonly crypto: CryptoProvider
  readonly random: Random
  /** Goes into the advert: 0 (default), 1, or 256 to 65535. */
  readonly tunnelServiceId?: number | undefined
  /** Dial this instead of the domain of the identifier: `wss://host:port`, `ws://` only on loopback. */
  readonly tunnelUrl?: string | undefined
}

/** How one QR code is answered. */
export interface ScanOptions extends DriveOptions {
  /** Limits of the stages, ms. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/**
 * The phone: reads a QR code, advertises, and serves CTAP2 from its handler.
 *
 * @example
 * const phone = new HybridAuthenticator({ ...(await nodePlatform()), handler })
 * await phone.scan('FIDO:/…')
 */
export class HybridAuthenticator {
  readonly #options: HybridAuthenticatorOptions
  readonly #tunnelServiceId: TunnelServiceId
  readonly #ports: AuthenticatorPorts

  /**
   * @throws UnsupportedError `capability-missing` without an advertiser; UsageError or TunnelError for the tunnel URL or
   * the tunnel service identifier.
   */
  constructor(options: HybridAuthenticatorOptions) {
    const { advertiser, dialer, clock, handler } = options
    if (advertiser === undefined) {
      throw new UnsupportedError(
        'capability-missing',
        'the phone role needs an advertiser, and this platform has none',
      )
    }
    if (advertiser instanceof UnsupportedError) throw advertiser
    this.#options = { ...options, tunnelUrl: checkedTunnelUrl(options.tunnelUrl) }
    this.#tunnelServiceId = checkedTunnelService(options.tunnelServiceId ?? 0)
    this.#ports = { advertiser, dialer, clock, handler }
  }

  /**
   * Serves one transaction: all requests until the client says goodbye or its user refuses, or one request where the
   * handler takes no more.
   * @param text what the QR code says: `FIDO:/` and digits.
   * @throws HybridError: DecodeError for a bad code, TunnelError, HandshakeError, DeadlineError, UsageError `aborted`.
   */
  async scan(text: string, options: ScanOptions = {}): Promise<Served> {
    const { crypto, random, tunnelUrl } = this.#options
    const { handler } = this.#ports
    const transaction = qrAuthenticatorTransaction({
      crypto,
      payload: decodeQrUrl(crypto, text),
      tunnelServiceId: this.#tunnelServiceId,
      tunnelUrl,
    })
    const session = new AuthenticatorSession({
      transaction,
      ephemeral: crypto.generateEcdhKey(),
      advertNonce: random.bytes(ADVERT_NONCE_BYTES),
      getInfo: checkedGetInfo(handler),
      features: checkedFeatures(handler),
      commands: handler.commands,
      timeouts: options.timeouts,
      now: this.#ports.clock.now(),
    })
    return new AuthenticatorDriver(session, this.#ports, options).serve()
  }

  /**
   * Looks whether this machine can be a phone right now: radio (an advert that means nothing is on the air for a moment),
   * tunnel service, clock. A ceremony that meets a missing one fails with the same code.
   */
  async ready(): Promise<readonly Finding[]> {
    const { crypto, random, tunnelUrl } = this.#options
    const { advertiser, dialer, clock } = this.#ports
    const base = tunnelUrl ?? `wss://${tunnelDomain(crypto, this.#tunnelServiceId)}`
    const url = newTunnelUrl(base, tunnelId(random.bytes(TUNNEL_ID_BYTES)))
    const [radio, service] = await Promise.all([
      checkAdvertiser(advertiser, random.bytes(ADVERT_BYTES)),
      checkTunnelService(dialer, { url, subprotocol: TUNNEL_SUBPROTOCOL, headers: {} }),
    ])
    return [radio, service, checkClock(clock)]
  }
}

function checkedTunnelService(id: number): TunnelServiceId {
  try {
    return tunnelServiceId(id)
  } catch (cause) {
    throw new UsageError('argument-invalid', `tunnelServiceId is 0, 1, or 256 to 65535, not ${id}`, { cause })
  }
}

/** A handler’s mistake is found before anybody waits for it. */
function checkedGetInfo(handler: CtapHandler): Uint8Array {
  const getInfo = handler.getInfo()
  try {
    decodeGetInfo(getInfo)
    return getInfo
  } catch (cause) {
    throw new UsageError('argument-invalid', 'the CTAP handler’s getInfo is no authenticatorGetInfo map', {
      cause,
    })
  }
}

/** No client goes on without `ctap`, and none would say why. */
function checkedFeatures({ features }: CtapHandler): readonly string[] | undefined {
  if (features === undefined || features.includes('ctap')) return features
  throw new UsageError('argument-invalid', 'the CTAP handler’s features lack ctap')
}
