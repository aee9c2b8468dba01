import { HybridError, ProximityError, UsageError } from '../errors.js'
import type { Advertisement, BleAdvertiser } from '../ports/ble.js'
import type { Clock } from '../ports/clock.js'
import type { CtapHandler } from '../ports/ctap-handler.js'
import type { Tunnel, TunnelDialer } from '../ports/tunnel-dialer.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../session/authenticator-io.js'
import type { AuthenticatorSession } from '../session/authenticator-session.js'
import { deferred } from './deferred.js'
import { abortedBy, ProgressReporter } from './progress.js'
import type { DriveOptions, ProgressEvent } from './progress.js'
import { SessionLoop } from './session-loop.js'
import { dialTunnel } from './tunnel-inputs.js'

/** What the authenticator role needs from its surroundings. */
export interface AuthenticatorPorts {
  readonly dialer: TunnelDialer
  readonly advertiser: BleAdvertiser
  readonly clock: Clock
  readonly handler: CtapHandler
}

/** What one transaction came to. */
export interface Served {
  /** Requests answered; 0 when the user refused by hanging up. */
  readonly answered: number
}

/** CTAP2 ERR_OTHER: what a handler’s accident looks like from outside. */
const HANDLER_FAILED = Uint8Array.of(0x7f)

/** Moves bytes between an authenticator session, its handler and the ports. */
export class AuthenticatorDriver {
  readonly #ports: AuthenticatorPorts
  readonly #signal: AbortSignal | undefined
  readonly #progress: ProgressReporter
  readonly #loop: SessionLoop<AuthenticatorInput, AuthenticatorOutput>
  readonly #finished = deferred<Served>()
  /** Fires when the client is gone: the prompt goes with it. */
  readonly #gone = new AbortController()
  readonly #onAbort = (): void => {
    this.#feed({ type: 'close', error: abortedBy(this.#signal) })
  }
  readonly #feed = (input: AuthenticatorInput): void => {
    this.#loop.feed(input)
  }
  #advertisement: Advertisement | undefined
  #tunnel: Tunnel | undefined
  #answered = 0
  #handlerError: UsageError | undefined

  constructor(session: AuthenticatorSession, ports: AuthenticatorPorts, options: DriveOptions) {
    this.#ports = ports
    this.#signal = options.signal
    const stamp = { role: 'authenticator', proximity: ports.advertiser.proximity } as const
    this.#progress = new ProgressReporter(options.onProgress, stamp, ports.clock)
    this.#loop = new SessionLoop(session, ports.clock, output => {
      this.#perform(output)
    })
  }

  /** Serves until the client says goodbye; settles when advert, tunnel, prompt and timers are released. */
  serve(): Promise<Served> {
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted === true) this.#onAbort()
    else this.#feed({ type: 'start' })
    return this.#finished.promise
  }

  #perform(output: AuthenticatorOutput): void {
    switch (output.type) {
      case 'dial':
        this.#tunnel = dialTunnel(this.#ports.dialer, output.request, this.#feed)
        return
      case 'advertise':
        return this.#advertise(output.serviceData)
      case 'stop-advertising':
        void this.#advertisement?.stop()
        return
      case 'send':
        return this.#tunnel?.send(output.bytes)
      case 'deadline':
        return this.#loop.setDeadline(output.at)
      case 'progress':
        return this.#report(output.event)
      case 'request':
        void this.#handle(output.message)
        return
      case 'closed':
        return this.#release(output.error)
    }
  }

  #advertise(serviceData: Uint8Array): void {
    try {
      this.#advertisement = this.#ports.advertiser.advertise(serviceData, {
        started: () => {
          this.#report('advertising')
        },
        failed: error => {
          this.#feed({ type: 'failed', error })
        },
      })
    } catch (cause) {
      const error =
        cause instanceof HybridError
          ? cause
          : new ProximityError('advertise-failed', 'the advertiser did not start', { cause })
      this.#feed({ type: 'failed', error })
    }
  }

  async #handle(request: Uint8Array): Promise<void> {
    const message = await this.#ask(request)
    if (this.#gone.signal.aborted) return
    if (message !== undefined) this.#answered += 1
    this.#feed({ type: 'answer', message })
  }

  async #ask(request: Uint8Array): Promise<Uint8Array | undefined> {
    const awaitingUser = (): void => {
      if (!this.#gone.signal.aborted) this.#report('awaiting-user')
    }
    try {
      return await this.#ports.handler.handle(request, { signal: this.#gone.signal, awaitingUser })
    } catch (cause) {
      this.#handlerError = new UsageError('argument-invalid', 'the CTAP handler threw', { cause })
      return HANDLER_FAILED
    }
  }

  #report(event: ProgressEvent['event']): void {
    const error = this.#progress.report(event)
    if (error !== undefined) this.#feed({ type: 'close', error })
  }

  #release(cause: HybridError | undefined): void {
    const error = this.#handlerError ?? cause
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#gone.abort()
    void Promise.allSettled([this.#advertisement?.stop(), this.#tunnel?.close()]).then(() => {
      if (error === undefined) this.#finished.resolve({ answered: this.#answered })
      else this.#finished.reject(error)
    })
  }
}
