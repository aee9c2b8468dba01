import { HybridError, ProximityError, TunnelError, UsageError } from '../errors.js'
import type { BleScanner, Scan } from '../ports/ble.js'
import type { Clock } from '../ports/clock.js'
import type { Tunnel, TunnelDialer } from '../ports/tunnel-dialer.js'
import type { ClientInput, ClientOutput, Introduction } from '../session/client-io.js'
import type { ClientSession } from '../session/client-session.js'
import { deferred } from './deferred.js'
import type { Deferred } from './deferred.js'
import { abortedBy, ProgressReporter } from './progress.js'
import type { DriveOptions, ProgressEvent } from './progress.js'
import { SessionLoop } from './session-loop.js'
import { dialTunnel } from './tunnel-inputs.js'

/** What the client role needs from its surroundings. */
export interface ClientPorts {
  readonly dialer: TunnelDialer
  readonly scanner: BleScanner
  readonly clock: Clock
}

/** Moves bytes between a client session and the ports. */
export class ClientDriver {
  readonly #ports: ClientPorts
  readonly #signal: AbortSignal | undefined
  readonly #progress: ProgressReporter
  readonly #loop: SessionLoop<ClientInput, ClientOutput>
  readonly #connected = deferred<Introduction>()
  readonly #released = deferred<undefined>()
  readonly #onAbort = (): void => {
    this.#feed({ type: 'close', error: abortedBy(this.#signal) })
  }
  readonly #feed = (input: ClientInput): void => {
    this.#loop.feed(input)
  }
  #onListening: () => void = () => undefined
  #scan: Scan | undefined
  #tunnel: Tunnel | undefined
  #pending: Deferred<Uint8Array> | undefined
  #end: { readonly error: HybridError } | undefined

  constructor(session: ClientSession, ports: ClientPorts, options: DriveOptions) {
    this.#ports = ports
    this.#signal = options.signal
    this.#progress = new ProgressReporter(
      options.onProgress,
      { role: 'client', proximity: ports.scanner.proximity },
      ports.clock,
    )
    this.#loop = new SessionLoop(session, ports.clock, output => {
      this.#perform(output)
    })
  }

  /**
   * Starts scanning; settles when the phone has introduced itself.
   * @param onListening called when the scanner hears: the moment to show the QR code (protocol.md gotcha 18).
   */
  connect(onListening: () => void): Promise<Introduction> {
    this.#onListening = onListening
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted === true) this.#onAbort()
    else this.#feed({ type: 'start' })
    return this.#connected.promise
  }

  /** One CTAP2 command, one answer; one at a time. */
  call(message: Uint8Array): Promise<Uint8Array> {
    if (this.#end !== undefined) return Promise.reject(this.#end.error)
    if (this.#pending !== undefined) {
      return Promise.reject(
        new UsageError('session-misused', 'one command at a time: the last is not answered yet'),
      )
    }
    const pending = (this.#pending = deferred())
    this.#feed({ type: 'request', message })
    return pending.promise
  }

  /** Says goodbye, or gives up with an error; settles when scan, tunnel and timers are released. */
  close(error?: HybridError): Promise<void> {
    this.#feed(error === undefined ? { type: 'close' } : { type: 'close', error })
    return this.#released.promise
  }

  /** Reports a step that the session cannot know of. */
  report(event: ProgressEvent['event']): void {
    const error = this.#progress.report(event)
    if (error !== undefined) this.#feed({ type: 'close', error })
  }

  #perform(output: ClientOutput): void {
    switch (output.type) {
      case 'scan':
        return this.#startScan()
      case 'stop-scan':
        void this.#scan?.stop()
        return
      case 'dial':
        this.#tunnel = dialTunnel(this.#ports.dialer, output.request, this.#feed)
        return
      case 'send':
        return this.#tunnel?.send(output.bytes)
      case 'deadline':
        return this.#loop.setDeadline(output.at)
      case 'progress':
        return this.report(output.event)
      case 'connected':
        return this.#connected.resolve(output.introduction)
      case 'response':
        return this.#settle(output.message)
      case 'closed':
        return this.#release(output.error)
    }
  }

  #startScan(): void {
    const { scanner } = this.#ports
    try {
      this.#scan = scanner.scan({
        started: () => {
          this.#onListening()
          this.report('scanning')
        },
        advert: ({ serviceData }) => {
          this.#feed({ type: 'advert', serviceData })
        },
        failed: error => {
          this.#feed({ type: 'failed', error })
        },
      })
    } catch (cause) {
      const error =
        cause instanceof HybridError
          ? cause
          : new ProximityError('scan-failed', 'the scanner did not start', { cause })
      this.#feed({ type: 'failed', error })
    }
  }

  #settle(message: Uint8Array): void {
    const pending = this.#pending
    this.#pending = undefined
    pending?.resolve(message)
  }

  #release(error: HybridError | undefined): void {
    const end = error ?? new TunnelError('peer-closed', 'the connection has ended', { stage: 'request' })
    this.#end = { error: end }
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#connected.reject(end)
    this.#pending?.reject(end)
    void Promise.allSettled([this.#scan?.stop(), this.#tunnel?.close()]).then(() => {
      this.#released.resolve(undefined)
    })
  }
}
