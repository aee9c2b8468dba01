import { isPsm } from '../advert/suffix.js'
import { writeDigitalFailure } from '../digital/digital-response.js'
import { ProximityError } from '../errors.js'
import type { HybridError } from '../errors.js'
import { encodeJson } from '../message/json.js'
import type { JsonValue } from '../message/json.js'
import type { RadioListener, BleAdvertiser, Proximity } from '../ports/ble.js'
import { callingPort, portFailed } from '../ports/calling.js'
import type {
  DataChannelListener,
  DataChannelListening,
  ListeningDataChannel,
} from '../ports/data-channel.js'
import type { CtapContext, PhoneHandler, TransactionOutcome } from '../ports/ctap-handler.js'
import type { DataChannelName } from '../qr/data-channel.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../session/authenticator-io.js'
import type { AuthenticatorSession } from '../session/authenticator-session.js'
import type { AuthenticatorTypes } from '../session/machine-types.js'
import { deferred } from '../async/deferred.js'
import type { ProgressStamp } from './progress.js'
import { SessionDriver } from './session-driver.js'
import type { DriverPorts, SessionDriveOptions } from './session-driver.js'

/** What the authenticator role needs from its surroundings. */
export interface AuthenticatorPorts extends DriverPorts {
  readonly advertiser: BleAdvertiser
  readonly dataChannelListener?: DataChannelListener | undefined
  readonly handler: PhoneHandler
}

/** How one transaction ended: the result of `scan`, and part of the event `served`. */
export interface ServeResult {
  /** Requests answered; 0 when the user refused by hanging up. */
  readonly answered: number
  /** Whether the phone’s nearness rested on a radio, or was only played. */
  readonly proximity: Proximity
  /** What carried the transaction. */
  readonly dataChannel: DataChannelName
}

/** How a transaction of the phone is watched and ended. */
export interface AuthenticatorDriveOptions extends SessionDriveOptions {
  /** undefined without a QR code, or without a plausible time in it. */
  readonly qrAgeSeconds?: number | undefined
}

/** What the user and the listener may know of the way to the client. */
type Circumstances = Pick<ProgressStamp, 'proximity' | 'qrAgeSeconds'>

/** CTAP2 ERR_OTHER: what the client gets when a handler throws. */
const HANDLER_FAILED = Uint8Array.of(0x7f)
/** What the client gets then where JSON is carried. */
const JSON_HANDLER_FAILED = encodeJson(writeDigitalFailure('DEVICE_ABORTED'))

/** How long a handler whose client is gone may take for its last steps, ms. */
const HANDLER_GRACE_MS = 1000

/** Moves bytes between an authenticator session, its handler and the ports. */
export class AuthenticatorDriver extends SessionDriver<AuthenticatorTypes> {
  readonly #ports: AuthenticatorPorts
  readonly #finished = deferred<ServeResult>()
  /** Fires when the client is gone, so that the handler takes its prompt away. */
  readonly #gone = new AbortController()
  #answered = 0
  #handlerError: HybridError | undefined
  #outcome: TransactionOutcome = 'cut'
  #hasLinked = false
  #listener: ListeningDataChannel | undefined
  #handling: Promise<void> = Promise.resolve()
  readonly #circumstances: Circumstances

  constructor(
    session: AuthenticatorSession,
    ports: AuthenticatorPorts,
    { qrAgeSeconds, ...options }: AuthenticatorDriveOptions,
  ) {
    const { proximity } = ports.advertiser
    const circumstances = { proximity, qrAgeSeconds }
    super(session, ports, { role: 'authenticator', ...circumstances }, options)
    this.#ports = ports
    this.#circumstances = circumstances
  }

  /**
   * Serves until the client says goodbye; settles when advert, tunnel and timers are released and the handler has heard
   * how it ended. A handler that is still at work hears it by its signal, and then has a second.
   */
  serve(): Promise<ServeResult> {
    this.start()
    return this.#finished.promise
  }

  /** Whether a link has left this phone. */
  get hasLinked(): boolean {
    return this.#hasLinked
  }

  /** Whether the client has said goodbye: what it was sent has arrived. */
  get isConfirmed(): boolean {
    return this.#outcome === 'confirmed'
  }

  protected override perform(output: AuthenticatorOutput): void {
    switch (output.type) {
      case 'advertise':
        return this.#advertise(output)
      case 'stop-advertising':
        void this.stopRadio()
        return
      case 'listen':
        return this.#listen()
      case 'stop-listening':
        void this.stop(this.#listener)
        return
      case 'close-tunnel':
        return this.carriers.closeTunnel()
      case 'goodbye':
        this.#outcome = 'confirmed'
        return
      case 'request':
        this.#handling = this.#handle(output.message)
        return
      case 'json-request':
        this.#handling = this.#handleJson(output.value)
        return
      default:
        if (output.type === 'progress' && output.event === 'linked') this.#hasLinked = true
        this.performCommon(output)
    }
  }

  protected override ended(cause: HybridError | undefined): void {
    this.#gone.abort()
    void this.stop(this.#listener)
    void Promise.allSettled([this.release(), this.#conclude(), this.#handlerLeft()]).then(() => {
      const error = this.#handlerError ?? cause
      if (error === undefined) this.#finished.resolve(this.#result)
      else this.#finished.reject(error)
    })
  }

  get #result(): ServeResult {
    const { proximity } = this.#circumstances
    return { answered: this.#answered, proximity, dataChannel: this.dataChannel }
  }

  #listen(): void {
    const listener = this.#ports.dataChannelListener
    const listening: DataChannelListening = {
      started: psm => this.feed(isPsm(psm) ? { type: 'listening', psm } : notListening(psm)),
      accepted: channel => this.carriers.accept(channel),
      failed: error => this.feed({ type: 'listening-failed', error }),
    }
    this.#listener = callingPort('dataChannelListener.listen', () => listener?.listen(listening))
  }

  #advertise({ serviceData, connectable }: Extract<AuthenticatorOutput, { type: 'advertise' }>): void {
    const listener: RadioListener = {
      started: () => this.report('advertising'),
      failed: error => this.feed({ type: 'failed', error }),
      interrupted: error => this.report('radio-interrupted', error),
      resumed: () => this.report('radio-resumed'),
    }
    const { advertiser } = this.#ports
    // No options for an advert that is not connectable, so that an advertiser needs to know of them only for the
    // others.
    const options = connectable === true ? [{ connectable }] : []
    this.radio = callingPort('advertiser.advertise', () =>
      advertiser.advertise(serviceData, listener, ...options),
    )
  }

  async #conclude(): Promise<void> {
    try {
      await this.#ports.handler.concluded?.(this.#outcome, this.#gone.signal)
    } catch (cause) {
      this.#handlerError ??= portFailed('handler.concluded', cause)
    }
  }

  #handlerLeft(): Promise<void> {
    return new Promise(resolve => {
      const { clock } = this.#ports
      const cancel = clock.setAlarm(clock.now() + HANDLER_GRACE_MS, resolve)
      void this.#handling.finally(() => {
        cancel()
        resolve()
      })
    })
  }

  async #handle(request: Uint8Array): Promise<void> {
    const { handler } = this.#ports
    const handle = async (context: CtapContext): Promise<Uint8Array | undefined> =>
      handler.handle?.(request, context)
    const message = await this.#ask('handler.handle', handle, HANDLER_FAILED)
    this.#answer({ type: 'answer', message }, message !== undefined)
  }

  async #handleJson(request: JsonValue): Promise<void> {
    const handle = (context: CtapContext): Promise<string | undefined> => this.#jsonFor(request, context)
    const text = await this.#ask('handler.handleJson', handle, JSON_HANDLER_FAILED)
    this.#answer({ type: 'json-answer', text }, text !== undefined)
  }

  /** A phone that offers `dc` without a wallet answers that it has no credential. */
  async #jsonFor(request: JsonValue, context: CtapContext): Promise<string | undefined> {
    const { handler } = this.#ports
    if (handler.handleJson === undefined) return encodeJson(writeDigitalFailure('NO_CREDENTIAL'))
    const answer = await handler.handleJson(request, context)
    return answer === undefined ? undefined : encodeJson(answer)
  }

  #answer(answer: AuthenticatorInput, isAnswered: boolean): void {
    if (this.#gone.signal.aborted) return
    if (isAnswered) this.#answered += 1
    this.feed(answer)
  }

  async #ask<Answer>(
    name: string,
    handle: (context: CtapContext) => Promise<Answer | undefined>,
    failed: Answer,
  ): Promise<Answer | undefined> {
    const awaitingUser = (): void => {
      if (!this.#gone.signal.aborted) this.report('awaiting-user')
    }
    try {
      return await handle({ signal: this.#gone.signal, awaitingUser, ...this.#circumstances })
    } catch (cause) {
      this.#handlerError = portFailed(name, cause)
      return failed
    }
  }
}

/** Without a PSM that an advert may name, nobody could dial it. */
function notListening(psm: number): AuthenticatorInput {
  const message = `the listener for data channels has PSM ${psm}, and Bluetooth LE has 1 to 255`
  return { type: 'listening-failed', error: new ProximityError('advertise-failed', message) }
}
