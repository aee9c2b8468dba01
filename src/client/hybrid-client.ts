import { CLIENT_NONCE_BYTES, clientNonce, tunnelServiceId } from '../bytes/brands.js'
import { requireMembers } from '../bytes/require-members.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { DigitalCredentialOptions } from '../digital/digital-request.js'
import type { DigitalCredentialResponse } from '../digital/digital-response.js'
import { checkedTunnelUrl } from '../driver/tunnel-url.js'
import { possibleChoice, wantedPort } from '../driver/channel-choice.js'
import { ClientDriver } from '../driver/client-driver.js'
import type { ClientPorts } from '../driver/client-driver.js'
import { making } from '../driver/making.js'
import { assertNearness } from '../driver/nearness.js'
import type { NearnessOptions } from '../driver/nearness.js'
import { CtapError, UnsupportedError, UsageError } from '../errors.js'
import type { BleScanner, Proximity } from '../ports/ble.js'
import type { Random } from '../ports/clock.js'
import type { Finding } from '../ports/finding.js'
import type { Link, LinkStore } from '../ports/link-store.js'
import type { QrPainter } from '../ports/qr-painter.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { RequestType } from '../qr/payload.js'
import { carriedFor } from '../qr/request-type.js'
import { ClientSession } from '../session/client-session.js'
import { linkedClientTransaction } from '../session/client-transaction.js'
import type { ClientTransaction, NewLink } from '../session/client-transaction.js'
import { tunnelDomain } from '../tunnel/domain.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../webauthn/authentication-json.js'
import { fromMakeCredential, parseRegistration, toMakeCredential } from '../webauthn/create.js'
import { fromGetAssertion, parseAuthentication } from '../webauthn/get.js'
import type { AuthenticatorAttachment } from '../webauthn/credential-json.js'
import type { PublicSuffixes } from '../webauthn/public-suffixes.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../webauthn/registration-json.js'
import { chosenAnswer } from './account-choice.js'
import { agreedGetAssertion, asReason, asWebAuthn, exchange, handOver, rpIdRules } from './ceremony.js'
import type { CeremonyOptions, ConnectOptions } from './ceremony.js'
import type { CeremonyBounds, CeremonyLimit } from './ceremony-limit.js'
import { linkedCallError, toLink } from './client-link.js'
import { clientReadiness } from './client-readiness.js'
import { HybridConnection } from './connection.js'
import { invite } from './invitation.js'
import { likelyServices } from './likely-services.js'
import { spareKeys } from './offered-channels.js'
import type { ClientDataChannelOptions } from './offered-channels.js'
import { digitalCeremony } from './digital-ceremony.js'
import type { DigitalCeremonyOptions } from './digital-ceremony.js'
import { Qr } from './qr.js'
import { showQr } from './show-qr.js'

export type { Account, ChooseAccount } from './account-choice.js'
export type {
  CeremonyOptions,
  CeremonySettings,
  ConnectLimits,
  ConnectOptions,
  CtapExchange,
  PhoneChoice,
} from './ceremony.js'

/** What a client is made of. `nodePlatform()` brings the ports; the rest are its settings. */
export interface HybridClientOptions
  extends
    Omit<ClientPorts, 'scanner' | keyof ClientDataChannelOptions>,
    NearnessOptions,
    ClientDataChannelOptions {
  /** Undefined, or an error with the reason, where this machine cannot scan. The constructor then throws. */
  readonly scanner: BleScanner | UnsupportedError | undefined
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly painter?: QrPainter | undefined
  /** Address that is dialled instead of the domain that the phone’s advert names: `wss://host:port`, `ws://` only on loopback. */
  readonly tunnelUrl?: string | undefined
  /**
   * Opens connections to Google’s and Apple’s tunnel services, or to the one of `tunnelUrl`, while a QR code is shown,
   * so that a phone’s advert is answered sooner. Default false. These services then learn this machine’s address and
   * when it shows a code, though no phone is near; they learn nothing of the code. Nothing is opened where a BLE data
   * channel may be used, and without a dialer that has `preconnect`, such as `wsDialer`.
   */
  readonly preconnect?: boolean | undefined
  /** Where linked phones are remembered. Without it no phone is asked for a link, and a link that a phone offers is dropped. */
  readonly links?: LinkStore | undefined
  /**
   * Judges RP IDs that are not the origin’s host: `publicSuffixList`, which platforms bring, or your own. Without it such an RP ID is
   * refused (`rp-id-mismatch`), and a bundle has no list.
   */
  readonly publicSuffixes?: PublicSuffixes | undefined
}

/**
 * The laptop: shows a QR code, hears the phone’s advert, and speaks CTAP2 with it.
 *
 * @example
 * const client = new HybridClient(nodePlatform())
 * const credential = await client.create(creationOptions, { origin, onQr: qr => console.log(qr.toTerminal()) })
 */
export class HybridClient {
  /** What responses say in `authenticatorAttachment`. */
  readonly attachment: AuthenticatorAttachment = 'cross-platform'
  readonly #options: HybridClientOptions
  readonly #ports: ClientPorts
  readonly #dataChannel: DataChannelChoice

  /**
   * @throws UnsupportedError `capability-missing` without a scanner, or without the dialer that `dataChannel: 'ble'`
   * needs, or the error that stands in their place; UsageError `argument-invalid` without dialer, clock, crypto or
   * randomness; for the tunnel URL UsageError `argument-invalid` or TunnelError `tunnel-insecure`.
   */
  constructor(options: HybridClientOptions) {
    const { scanner, dialer, clock, framing } = options
    if (scanner === undefined) {
      throw new UnsupportedError(
        'capability-missing',
        'the client role needs a scanner, and this platform has none',
      )
    }
    if (scanner instanceof UnsupportedError) throw scanner
    requireMembers('HybridClient', options, ['dialer', 'clock', 'crypto', 'random'])
    this.#options = { ...options, tunnelUrl: checkedTunnelUrl(options.tunnelUrl) }
    const { dataChannel, dataChannelDialer: port } = options
    this.#dataChannel = possibleChoice(port, dataChannel, 'dataChannelDialer')
    this.#ports = { scanner, dialer, clock, framing, dataChannelDialer: wantedPort(port, dataChannel) }
  }

  /**
   * Registers a passkey on the phone that scans the QR code, as `navigator.credentials.create()` does.
   * @param options PublicKeyCredentialCreationOptionsJSON from the relying party; checked here.
   * @returns RegistrationResponseJSON for the relying party. The phone has been told goodbye.
   * @throws WebAuthnError with a HybridError as cause: `NotAllowedError`, `InvalidStateError` (already registered),
   * `SecurityError`, `NotSupportedError`, `ConstraintError`, `AbortError`, `TypeError`, `EncodingError`,
   * `UnknownError`, `OperationError` (a function of the caller, such as `onResponse`, threw). A signal’s reason that is
   * not an AbortError is thrown as it is.
   */
  create(options: CreationOptionsInput, ceremony: CeremonyOptions): Promise<RegistrationResponseJSON> {
    const { crypto } = this.#options
    return asWebAuthn('create', this.#boundsOf(ceremony), async limit => {
      const rules = rpIdRules(this.#options, ceremony, limit)
      const registration = await limit.over(() => parseRegistration(options, ceremony, rules))
      limit.setTimeout(registration.options.timeout)
      return this.#withPhone('mc', limit, ceremony, async connection => {
        const call = toMakeCredential(registration, connection.getInfo, crypto)
        const answer = await exchange(connection, call.request, ceremony)
        return await handOver(fromMakeCredential(answer, call), ceremony)
      })
    })
  }

  /**
   * Signs in with a passkey of the phone that scans the QR code, as `navigator.credentials.get()` does.
   * @param options PublicKeyCredentialRequestOptionsJSON from the relying party; checked here.
   * @returns AuthenticationResponseJSON for the relying party. The phone has been told goodbye.
   * @throws WebAuthnError like `create`, also `SyntaxError` (a key of `evalByCredential`); never `InvalidStateError` or
   * `ConstraintError`.
   */
  get(options: RequestOptionsInput, ceremony: CeremonyOptions): Promise<AuthenticationResponseJSON> {
    return asWebAuthn('get', this.#boundsOf(ceremony), async limit => {
      const rules = rpIdRules(this.#options, ceremony, limit)
      const authentication = await limit.over(() => parseAuthentication(options, ceremony, rules))
      limit.setTimeout(authentication.options.timeout)
      return this.#withPhone('ga', limit, ceremony, async connection => {
        const ask = (request: Uint8Array): Promise<Uint8Array> => exchange(connection, request, ceremony)
        const call = await agreedGetAssertion(authentication, connection.getInfo, this.#options, ask)
        const answer = await chosenAnswer(await ask(call.request), call, ask, {
          ...ceremony,
          signal: limit.signal,
        })
        return await handOver(await fromGetAssertion(answer, call), ceremony)
      })
    })
  }

  /**
   * Asks the wallet of the phone that scans the QR code for a digital credential, as `navigator.credentials.get({ digital })` does.
   * No link is asked for, and none is used.
   * @param options the `digital` member of the verifier’s options; checked here. As in a browser, requests in unknown
   * protocols are left out; the known ones are `openid4vp-v1-unsigned`, `-signed`, `-multisigned` and `org-iso-mdoc`.
   * @returns what the wallet gave, for the verifier to check. The phone has been told goodbye.
   * @throws WebAuthnError with a HybridError as cause: `NotAllowedError` (refused, nothing matches, or too late; `code`
   * tells which, the message does not), `TypeError`, `SecurityError`, `AbortError`, else `OperationError`.
   *
   * @example
   * const requests = [{ protocol: 'openid4vp-v1-unsigned', data: { nonce: 'n-0S6' } }]
   * const { data } = await client.getDigital({ requests }, { origin, onQr: qr => console.log(qr.toTerminal()) })
   */
  getDigital(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse> {
    return digitalCeremony(this, 'presentation', options, ceremony, this.#ports.clock)
  }

  /**
   * Has a digital credential made in the phone’s wallet, as `navigator.credentials.create({ digital })` does; the protocol is
   * `openid4vci-v1`.
   * @throws WebAuthnError like `getDigital`.
   */
  createDigital(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse> {
    return digitalCeremony(this, 'issuance', options, ceremony, this.#ports.clock)
  }

  /**
   * Connects to the phone that scans the QR code, or to a linked one.
   * @throws DeadlineError by stage; ProximityError such as `proximity-unproven`; UnsupportedError of a port;
   * HandshakeError; ProtocolError and DecodeError for a phone that breaks the protocol; TunnelError, of it for a linked
   * phone `link-gone` when the phone has ended the link, which is then forgotten here, and `phone-busy` when it does
   * not take the call; UsageError `argument-invalid` without `onQr` or a link, for another request type than a linked
   * phone takes, and for a time limit that is not a number of ms, `callback-failed` when `onQr` or `onProgress` threw,
   * `aborted`.
   */
  async connect(options: ConnectOptions): Promise<HybridConnection> {
    if (options.link === undefined && typeof options.onQr !== 'function')
      throw new UsageError(
        'argument-invalid',
        'onQr must be a function that shows the QR code, unless there is a link',
      )
    const { scanner: radio, dialer, dataChannelDialer } = this.#ports
    const [dataChannel, channels] =
      options.link === undefined ? [this.#dataChannel, dataChannelDialer] : (['tunnel'] as const)
    const url = this.#tunnelBase(options.link)
    assertNearness({ ...this.#options, radio, dialer, url, dataChannel, channels })
    return options.link === undefined
      ? this.#connectByQr(options)
      : this.#connectByLink(options.link, options)
  }

  /** Whether the nearness of this client’s phones rests on a radio, or is only played. */
  get proximity(): Proximity {
    return this.#ports.scanner.proximity
  }

  /** The phones that are remembered, oldest first; an empty list without `links`. @throws StoreError. */
  links(): Promise<readonly Link[]> {
    return this.#options.links?.list() ?? Promise.resolve([])
  }

  /**
   * Forgets a phone. The phone is not told: its owner ends the link there. @returns whether the link was there. @throws
   * StoreError.
   */
  forget(link: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean> {
    return this.#options.links?.delete(link) ?? Promise.resolve(false)
  }

  #connectByQr(options: ConnectOptions & { link?: undefined }): Promise<HybridConnection> {
    const [{ clock }, dataChannel] = [this.#ports, this.#dataChannel]
    const { url, transaction } = invite({ ...this.#options, clock }, { ...options, dataChannel })
    return this.#meet(transaction, options, driver => {
      void showQr(
        new Qr(url, this.#options.painter),
        options,
        driver,
        likelyServices({ ...this.#options, dataChannel }),
      )
    })
  }

  async #connectByLink(link: Link, options: ConnectOptions): Promise<HybridConnection> {
    const { crypto, random, links } = this.#options
    const { requestType = 'ga' } = options
    if (requestType !== 'ga' && requestType !== 'mc') {
      throw new UsageError(
        'argument-invalid',
        `requestType must be ga or mc for a linked phone, not ${requestType}`,
      )
    }
    const transaction = making(options.trace, linkedClientTransaction, {
      crypto,
      ...link,
      authenticatorKey: link.publicKey,
      clientNonce: clientNonce(random.bytes(CLIENT_NONCE_BYTES)),
      requestType,
      tunnelUrl: this.#tunnelBase(link),
    })
    try {
      return await this.#meet(transaction, options, () => undefined)
    } catch (error) {
      throw await linkedCallError(error, link, links)
    }
  }

  async #meet(
    transaction: ClientTransaction,
    options: ConnectOptions,
    onListening: (driver: ClientDriver) => void,
  ): Promise<HybridConnection> {
    const driver = this.#drive(transaction, options)
    try {
      const introduction = await driver.connect(() => onListening(driver))
      const { proximity } = this.#ports.scanner
      return new HybridConnection(driver, introduction, proximity, carriedFor(options.requestType))
    } catch (error) {
      await driver.close()
      throw error
    }
  }

  /**
   * Tells whether this machine can be a client right now: radio, tunnel service, clock. A ceremony without a working
   * radio fails with the same code before a QR code is shown.
   */
  ready(): Promise<readonly Finding[]> {
    return clientReadiness(this.#ports, this.#options.random, this.#tunnelBase())
  }

  /** Without a link the phone may name any service; service 0 stands for all services outside this machine. */
  #tunnelBase(link?: Link): string {
    const { crypto, tunnelUrl } = this.#options
    const domain = tunnelDomain(crypto, link?.tunnelServiceId ?? tunnelServiceId(0))
    return tunnelUrl ?? checkedTunnelUrl(link?.tunnelUrl) ?? `wss://${domain}`
  }

  #boundsOf({ signal, timeouts }: CeremonyOptions): CeremonyBounds {
    return { signal, ceremonyMs: timeouts?.ceremonyMs, clock: this.#ports.clock }
  }

  async #withPhone<Result>(
    requestType: RequestType,
    limit: CeremonyLimit,
    ceremony: CeremonyOptions,
    use: (connection: HybridConnection) => Promise<Result>,
  ): Promise<Result> {
    const { signal, leftMs } = limit
    limit.pause()
    const timeouts = { ...ceremony.timeouts, ceremonyMs: leftMs }
    const connection = await this.connect({ ...ceremony, requestType, timeouts, signal })
    try {
      limit.watch('response')
      const result = await use(connection)
      await connection.close()
      return result
    } catch (error) {
      // A status other than success is also an answer, and no passkey was made.
      await connection.close(error instanceof CtapError ? undefined : asReason(error))
      throw error
    }
  }

  #drive(transaction: ClientTransaction, options: ConnectOptions): ClientDriver {
    const { crypto, links, tunnelUrl } = this.#options
    const { requestType, timeouts, trace } = options
    const [ephemeral, now] = [crypto.generateEcdhKey(), this.#ports.clock.now()]
    const spareEphemerals = spareKeys(crypto, transaction)
    const carries = carriedFor(requestType)
    const parts = { transaction, ephemeral, spareEphemerals, carries, timeouts, now }
    const session = making(trace, made => new ClientSession(made), parts)
    const keepLink = async (offer: NewLink): Promise<void> => {
      await links?.put(toLink(offer, { linkedAt: this.#ports.clock.epochSeconds(), tunnelUrl }))
    }
    return new ClientDriver(session, this.#ports, { ...options, kind: transaction.kind, keepLink })
  }
}
