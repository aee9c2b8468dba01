import { EID_NONCE_BYTES } from '../advert/eid.js'
import { unlessAborted } from '../async/unless-aborted.js'
import type { TunnelServiceId } from '../bytes/brands.js'
import { decodeBase64url } from '../bytes/base64url.js'
import { wipeBytes } from '../bytes/bytes.js'
import { requireMembers } from '../bytes/require-members.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { AuthenticatorDriver } from '../driver/authenticator-driver.js'
import type {
  AuthenticatorDriveOptions,
  AuthenticatorPorts,
  ServeResult,
} from '../driver/authenticator-driver.js'
import type { SessionTrace } from '../driver/session-trace.js'
import { possibleChoice, wantedPort } from '../driver/channel-choice.js'
import { contactLineOver } from '../driver/contact-line.js'
import { Preconnections } from '../driver/preconnections.js'
import { making } from '../driver/making.js'
import { assertNearness } from '../driver/nearness.js'
import type { NearnessOptions } from '../driver/nearness.js'
import { abortedBy } from '../driver/progress.js'
import type { DriveOptions } from '../driver/drive-options.js'
import { UnsupportedError, UsageError } from '../errors.js'
import { checkedTunnelUrl } from '../driver/tunnel-url.js'
import type { LinkOffer } from '../linking/link-offer.js'
import type { BleAdvertiser } from '../ports/ble.js'
import { calling } from '../ports/calling.js'
import type { Random } from '../ports/clock.js'
import type { ContactLine } from '../ports/contact-line.js'
import type { Finding } from '../ports/finding.js'
import type { Preconnection } from '../ports/tunnel-dialer.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { RequestType } from '../qr/payload.js'
import { carriedFor } from '../qr/request-type.js'
import { AuthenticatorSession } from '../session/authenticator-session.js'
import {
  linkedAuthenticatorTransaction,
  qrAuthenticatorTransaction,
} from '../session/authenticator-transaction.js'
import type {
  AuthenticatorTransaction,
  QrAuthenticatorOptions,
} from '../session/authenticator-transaction.js'
import type { Timeouts } from '../session/position.js'
import { tunnelDomain } from '../tunnel/domain.js'
import type { CheckedCall } from './call-desk.js'
import { checkedTunnelService } from './checked-tunnel-service.js'
import { offerOf, speaksCtap } from './handler-features.js'
import { LinkedServing } from './linked-serving.js'
import type { ServeOptions, ServingParts } from './linked-serving.js'
import { PhoneLinks, toPhoneLink } from './phone-links.js'
import type { PhoneLink, PhoneLinking } from './phone-links.js'
import { phoneReadiness } from './phone-readiness.js'
import { readScannedCode } from './scanned-code.js'
import type { QrTrust } from './scanned-code.js'
import type { ServeReport } from './serve-events.js'
import { channelsFor } from './taken-channels.js'
import type { PhoneDataChannelOptions } from './taken-channels.js'

export type { ServeOptions } from './linked-serving.js'

/** What a phone is made of. `nodePlatform()` brings the ports; the handler and the settings are yours. */
export interface HybridAuthenticatorOptions
  extends
    Omit<AuthenticatorPorts, 'advertiser' | keyof PhoneDataChannelOptions>,
    NearnessOptions,
    PhoneDataChannelOptions {
  /** Undefined, or an error with the reason, where this machine cannot advertise. The constructor then throws. */
  readonly advertiser: BleAdvertiser | UnsupportedError | undefined
  readonly crypto: CryptoProvider
  readonly random: Random
  /** Goes into the advert: 0 (default), 1, or 256 to 65535. */
  readonly tunnelServiceId?: number | undefined
  /** Address that is dialled instead of the domain of `tunnelServiceId`: `wss://host:port`, `ws://` only on loopback. */
  readonly tunnelUrl?: string | undefined
  /** Lets clients remember this phone; without it they cannot. */
  readonly linking?: PhoneLinking | undefined
  /** Keeps the phone in reach of linked clients; over the dialer unless given. */
  readonly contactLine?: ContactLine | undefined
}

/** How one QR code is answered. */
export interface ScanQrOptions extends DriveOptions, QrTrust {
  /**
   * Whether the client may remember this phone. A function is asked only where the client wants to, and before a tunnel
   * is dialled. Needs `linking`; false unless given.
   */
  readonly remember?: boolean | (() => boolean | Promise<boolean>) | undefined
  /** Limits of the stages, ms. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/**
 * The phone: reads a QR code or is called by a linked client, advertises, and serves CTAP2 from its handler; after a QR code
 * for a digital credential, one request in JSON.
 *
 * @example
 * const phone = new HybridAuthenticator({ ...nodePlatform(), handler })
 * await phone.scan('FIDO:/…', { source: 'camera' })
 */
export class HybridAuthenticator {
  readonly #options: HybridAuthenticatorOptions
  readonly #tunnelServiceId: TunnelServiceId
  readonly #ports: AuthenticatorPorts
  readonly #dataChannel: DataChannelChoice
  readonly #links: PhoneLinks | undefined
  readonly #servings = new Set<LinkedServing>()

  /**
   * @throws UnsupportedError `capability-missing` without an advertiser, or without the listener that `dataChannel:
   * 'ble'` needs, or the error that stands in their place; UsageError `argument-invalid` without another port, for
   * `tunnelUrl`, `tunnelServiceId` and the name in `linking`, and for `linking` with a handler that never sends updates
   * or has no passkeys; TunnelError `tunnel-insecure` for `tunnelUrl`.
   */
  constructor(options: HybridAuthenticatorOptions) {
    const { advertiser, dialer, clock, handler, linking, crypto, random, framing } = options
    if (advertiser === undefined) {
      throw new UnsupportedError(
        'capability-missing',
        'the phone role needs an advertiser, and this platform has none',
      )
    }
    if (advertiser instanceof UnsupportedError) throw advertiser
    requireMembers('HybridAuthenticator', options, ['handler', 'dialer', 'clock', 'crypto', 'random'])
    this.#options = { ...options, tunnelUrl: checkedTunnelUrl(options.tunnelUrl) }
    this.#tunnelServiceId = checkedTunnelService(options.tunnelServiceId ?? 0)
    const { dataChannel, dataChannelListener: port } = options
    this.#dataChannel = possibleChoice(port, dataChannel, 'dataChannelListener')
    const dataChannelListener = wantedPort(port, dataChannel)
    this.#ports = { advertiser, dialer, clock, handler, framing, dataChannelListener }
    new Preconnections(dialer).open([])
    if (linking === undefined) return
    if (!speaksCtap(handler))
      throw new UsageError(
        'argument-invalid',
        'linking must be left out: links are for passkeys, and the handler has none',
      )
    if (handler.updates === 'never') {
      throw new UsageError(
        'argument-invalid',
        'linking must be left out: the handler’s `updates` is `never`, so that its phone cannot link',
      )
    }
    this.#links = new PhoneLinks({ ...linking, crypto, random, clock })
  }

  /**
   * Serves one transaction: all requests until the client says goodbye or the phone’s user refuses; only one request
   * where the handler’s `commands` is `one`. A handler that is at work when its client goes away has a second to
   * finish.
   * @param text what the QR code says: `FIDO:/` and digits.
   * @throws DecodeError for a malformed code, an opened URL (`qr-source-untrusted`) or an old code (`qr-too-old`);
   * UnsupportedError `capability-missing` for a code whose client does not know the tunnel service; ProximityError such
   * as `proximity-unproven` and `channel-unreachable`; TunnelError; HandshakeError; DeadlineError; ProtocolError for a
   * client that breaks the protocol; StoreError where the link cannot be stored; UsageError `argument-invalid` for an
   * option, or a handler, that is not right, `callback-failed` when `remember` or `onProgress` threw, `aborted`.
   */
  async scan(text: string, options: ScanQrOptions): Promise<ServeResult> {
    const now = this.#ports.clock.epochSeconds()
    const { payload, ageSeconds } = readScannedCode(text, { ...options }, now)
    const dataChannel = channelsFor(payload, this.#dataChannel)
    this.#assertNearness(dataChannel)
    if (options.remember !== undefined && options.remember !== false) this.#requireLinks()
    const mayLink =
      payload.supportsLinking === true &&
      carriedFor(payload.requestType) === 'ctap' &&
      (await this.#mayLink(options))
    const link = mayLink ? await this.#links?.issue() : undefined
    let driver: AuthenticatorDriver | undefined
    try {
      const transaction = this.#qrTransaction({ payload, link, dataChannel }, options.trace)
      driver = this.#drive(transaction, { ...options, qrAgeSeconds: ageSeconds }, payload.requestType)
      return await driver.serve()
    } finally {
      if (link !== undefined) await this.#conclude(link, driver)
    }
  }

  /**
   * Stays in reach of linked clients and serves them one after the other. Up to four more may wait; further calls are
   * dropped. A line to the tunnel service that is lost is opened again. Settles when the signal has fired and
   * everything is released.
   * @throws UsageError `argument-invalid` without `linking`, `callback-failed` when `onCall` or `onEvent` threw;
   * ProximityError `proximity-unproven`; StoreError; an error of the line that waiting does not mend (`fault` is
   * `local`), such as `contact-line-replaced`.
   *
   * @example
   * const report = await phone.serve({ signal, onEvent: ({ event }) => console.log(event) })
   */
  async serve(options: ServeOptions = {}): Promise<ServeReport> {
    const links = this.#requireLinks()
    this.#assertNearness()
    const { clock, dialer } = this.#ports
    const { random, contactLine: line = contactLineOver({ dialer, clock }) } = this.#options
    const parts: ServingParts = {
      links,
      line,
      clock,
      random,
      url: this.#tunnelBase(),
      transact: (call, settings) =>
        this.#drive(this.#linkedTransaction(call, settings.trace), settings).serve(),
    }
    const serving = new LinkedServing(parts, options)
    this.#servings.add(serving)
    try {
      return await serving.run()
    } finally {
      this.#servings.delete(serving)
    }
  }

  /**
   * Opens a connection to the phone’s tunnel service, for a code that is about to be read: call it when the camera
   * opens. The next `scan` takes it. The service then learns the phone’s address, though there may be no code. Does
   * nothing with `dataChannel: 'ble'` and without a dialer that has `preconnect`; a failure is not reported. Close the
   * result when no code was read; after a scan that does nothing.
   * @throws ProximityError `proximity-unproven` as `scan` does.
   *
   * @example
   * const connection = phone.preconnect()
   * await phone.scan('FIDO:/…', { source: 'camera' }).finally(() => connection.close())
   */
  preconnect(): Preconnection {
    this.#assertNearness(this.#dataChannel)
    const preconnections = new Preconnections(this.#ports.dialer)
    preconnections.open(this.#dataChannel === 'ble' ? [] : [this.#tunnelBase()])
    return preconnections
  }

  /**
   * The clients that this phone is linked with, oldest first; an empty list without `linking`. @throws StoreError;
   * UsageError `callback-failed` for another error of the store.
   */
  async links(): Promise<readonly PhoneLink[]> {
    return ((await this.#links?.list()) ?? []).map(toPhoneLink)
  }

  /**
   * Ends one link: its client is told at its next call. @returns whether the link was there.
   * @param link from `links()`. @throws DecodeError `base64url-malformed`; otherwise as `links` does.
   */
  async unlink(link: Pick<PhoneLink, 'linkId'>): Promise<boolean> {
    return (await this.#links?.unlink(decodeBase64url(link.linkId))) ?? false
  }

  /** Ends all links; the phone gets a new contact ID. @throws as `links` does. */
  async unlinkAll(): Promise<void> {
    await this.#links?.unlinkAll()
    for (const serving of this.#servings) serving.renew()
  }

  /**
   * Tells whether this machine can be a phone right now: radio (an advert of random bytes is on the air for a moment),
   * tunnel service, clock. A ceremony that lacks one of them fails with the same code.
   */
  ready(): Promise<readonly Finding[]> {
    return phoneReadiness(this.#ports, this.#options.random, this.#tunnelBase())
  }

  #tunnelBase(): string {
    const { crypto, tunnelUrl } = this.#options
    return tunnelUrl ?? `wss://${tunnelDomain(crypto, this.#tunnelServiceId)}`
  }

  #assertNearness(dataChannel: DataChannelChoice = 'tunnel'): void {
    const { advertiser: radio, dialer, dataChannelListener } = this.#ports
    const channels = dataChannel === 'tunnel' ? undefined : dataChannelListener
    assertNearness({ ...this.#options, radio, dialer, url: this.#tunnelBase(), dataChannel, channels })
  }

  #requireLinks(): PhoneLinks {
    if (this.#links !== undefined) return this.#links
    throw new UsageError('argument-invalid', 'the option `linking` is missing: this phone cannot link')
  }

  /** Asks before the tunnel is dialled: the update with the link follows the introduction at once (protocol.md 10.2). */
  async #mayLink({ remember = false, signal }: Pick<ScanQrOptions, 'remember' | 'signal'>): Promise<boolean> {
    if (typeof remember === 'boolean') return remember
    const answer = await unlessAborted(signal, () => calling('remember', remember))
    if (signal?.aborted === true) throw abortedBy(signal)
    return answer ?? false
  }

  /**
   * If the store fails, the link stays on the list unconfirmed. That does no harm: either no client has its secret, or its client
   * confirms it by using it.
   */
  async #conclude({ linkId }: LinkOffer, driver: AuthenticatorDriver | undefined): Promise<void> {
    const hasLinked = driver?.hasLinked === true
    if (hasLinked && !driver.isConfirmed) return
    const noted = hasLinked ? this.#links?.confirm(linkId) : this.#links?.unlink(linkId)
    await noted?.catch(() => undefined)
  }

  #qrTransaction(
    parts: Pick<QrAuthenticatorOptions, 'payload' | 'link' | 'dataChannel'>,
    trace: SessionTrace | undefined,
  ): AuthenticatorTransaction {
    const { updates = 'linking' } = this.#ports.handler
    return making(trace, qrAuthenticatorTransaction, {
      ...parts,
      crypto: this.#options.crypto,
      tunnelServiceId: this.#tunnelServiceId,
      tunnelUrl: this.#options.tunnelUrl,
      sendsUpdate: updates === 'always' || (updates === 'linking' && this.#links !== undefined),
    })
  }

  #linkedTransaction(
    { call, payload, keys }: CheckedCall,
    trace: SessionTrace | undefined,
  ): AuthenticatorTransaction {
    const transaction = making(trace, linkedAuthenticatorTransaction, {
      crypto: this.#options.crypto,
      ...call,
      ...payload,
      ...keys,
      tunnelServiceId: this.#tunnelServiceId,
      tunnelUrl: this.#options.tunnelUrl,
    })
    wipeBytes(keys.linkSecret)
    return transaction
  }

  #drive(
    transaction: AuthenticatorTransaction,
    options: AuthenticatorDriveOptions & Pick<ScanQrOptions, 'timeouts'>,
    requestType?: RequestType,
  ): AuthenticatorDriver {
    const { crypto, random } = this.#options
    const { handler } = this.#ports
    const session = making(options.trace, parts => new AuthenticatorSession(parts), {
      transaction,
      ephemeral: crypto.generateEcdhKey(),
      advertNonce: random.bytes(EID_NONCE_BYTES),
      ...offerOf(handler, requestType),
      commands: handler.commands,
      timeouts: options.timeouts,
      now: this.#ports.clock.now(),
    })
    return new AuthenticatorDriver(session, this.#ports, { ...options, kind: transaction.kind, requestType })
  }
}
