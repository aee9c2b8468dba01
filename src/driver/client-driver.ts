import { TunnelError, UsageError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { JsonValue } from '../message/json.js'
import type { BleScanner, BleScanListener, ScanTally } from '../ports/ble.js'
import { callingPort, portFailed } from '../ports/calling.js'
import type { DataChannelDialer } from '../ports/data-channel.js'
import type { ClientInput, ClientOutput, Introduction } from '../session/client-io.js'
import type { ClientSession } from '../session/client-session.js'
import type { NewLink } from '../session/client-transaction.js'
import type { ClientTypes } from '../session/machine-types.js'
import { deferred } from '../async/deferred.js'
import type { Deferred } from '../async/deferred.js'
import { withTally } from './scan-tally.js'
import { SessionDriver } from './session-driver.js'
import type { DriverPorts, SessionDriveOptions } from './session-driver.js'

/** What the client role needs from its surroundings. */
export interface ClientPorts extends DriverPorts {
  readonly scanner: BleScanner
  readonly dataChannelDialer?: DataChannelDialer | undefined
}

/** How a client’s ceremony is watched, ended, and remembered. */
export interface ClientDriveOptions extends SessionDriveOptions {
  /** Keeps the link that the phone offers. */
  readonly keepLink?: ((link: NewLink) => Promise<unknown>) | undefined
}

/** The call that waits for an answer, and the kind of answer it takes. */
interface PendingAnswer {
  readonly ctap?: Deferred<Uint8Array>
  readonly json?: Deferred<JsonValue>
}

/** Moves bytes between a client session and the ports. */
export class ClientDriver extends SessionDriver<ClientTypes> {
  readonly #ports: ClientPorts
  readonly #connected = deferred<Introduction>()
  readonly #released = deferred<undefined>()
  #onListening: () => void = () => undefined
  #tally: () => ScanTally | undefined = () => undefined
  #pending: PendingAnswer | undefined
  #end: HybridError | undefined
  readonly #keepLink: ClientDriveOptions['keepLink']
  #keeping: Promise<void> | undefined

  constructor(session: ClientSession, ports: ClientPorts, options: ClientDriveOptions) {
    super(session, ports, { role: 'client', proximity: ports.scanner.proximity }, options)
    this.#ports = ports
    this.#keepLink = options.keepLink
  }

  /**
   * Starts scanning; settles when the phone has introduced itself.
   * @param onListening called when the scanner hears: the moment to show the QR code (protocol.md 19, point 18).
   */
  connect(onListening: () => void): Promise<Introduction> {
    this.#onListening = onListening
    this.start()
    return this.#connected.promise
  }

  /** One CTAP2 command, one answer; one at a time. */
  async call(message: Uint8Array): Promise<Uint8Array> {
    const ctap = deferred<Uint8Array>()
    this.#ask({ type: 'request', message }, { ctap })
    return ctap.promise
  }

  /** One JSON request, one answer. @param text as `encodeJson` writes it. */
  async callJson(text: string): Promise<JsonValue> {
    const json = deferred<JsonValue>()
    this.#ask({ type: 'json-request', text }, { json })
    return json.promise
  }

  /** Says goodbye, or gives up with an error; settles when scan, tunnel and timers are released and a link is kept. */
  close(error?: HybridError): Promise<void> {
    this.feed(error === undefined ? { type: 'close' } : { type: 'close', error })
    return this.#released.promise
  }

  protected override perform(output: ClientOutput): void {
    switch (output.type) {
      case 'start-ble-scan':
        return this.#scan()
      case 'stop-ble-scan':
        void this.stopRadio()
        return
      case 'dial-channel':
        void this.#dialChannel(output)
        return
      case 'connected':
        return this.#connected.resolve(output.introduction)
      case 'link':
        this.#keeping = this.#keep(output.link)
        return
      case 'not-linked':
        return this.report('not-linked', output.error)
      case 'response':
        return this.#takePending()?.ctap?.resolve(output.message)
      case 'json-response':
        return this.#takePending()?.json?.resolve(output.value)
      default:
        this.performCommon(output)
    }
  }

  protected override ended(cause: HybridError | undefined): void {
    const error = cause && withTally(cause, this.#tally())
    this.#end = error ?? new TunnelError('peer-closed', 'the connection has ended', { stage: 'request' })
    this.#connected.reject(this.#end)
    this.#pending?.ctap?.reject(this.#end)
    this.#pending?.json?.reject(this.#end)
    void Promise.all([this.release(), this.#keeping]).then(() => this.#released.resolve(undefined))
  }

  /** A link that cannot be kept does not cost the answer: it is reported as `not-linked`. */
  async #keep(link: NewLink): Promise<void> {
    try {
      await this.#keepLink?.(link)
      this.report('linked')
    } catch (cause) {
      this.report('not-linked', portFailed('links.put', cause))
    }
  }

  #scan(): void {
    const listener: BleScanListener = {
      started: () => {
        this.#onListening()
        // Called once, though a scan may begin again.
        this.#onListening = () => undefined
        this.report('scanning')
      },
      advert: ({ serviceData, from }) => this.feed({ type: 'advert', serviceData, from }),
      failed: error => this.feed({ type: 'failed', error }),
      interrupted: error => this.report('radio-interrupted', error),
      resumed: () => this.report('radio-resumed'),
    }
    const scan = callingPort('scanner.scan', () => this.#ports.scanner.scan(listener))
    this.radio = scan
    this.#tally = () => scan.tally?.()
  }

  /** A radio either scans or dials: the scan has to be over first. */
  async #dialChannel(output: Extract<ClientOutput, { type: 'dial-channel' }>): Promise<void> {
    const { dataChannelDialer } = this.#ports
    await this.stopRadio()
    if (dataChannelDialer !== undefined)
      this.inTurn(() => this.carriers.dialChannel(dataChannelDialer, output))
  }

  /** @throws HybridError: why the connection has ended; UsageError `session-misused`. */
  #ask(request: ClientInput, pending: PendingAnswer): void {
    if (this.#end !== undefined) throw this.#end
    if (this.#pending !== undefined) {
      throw new UsageError('session-misused', 'the last command has no answer yet: send one at a time')
    }
    this.#pending = pending
    this.feed(request)
  }

  #takePending(): PendingAnswer | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return pending
  }
}
