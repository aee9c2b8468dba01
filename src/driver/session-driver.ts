import type { HybridError } from '../errors.js'
import { attempt, callingPort, portFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { Tunnel, TunnelDialer } from '../ports/tunnel-dialer.js'
import type { SessionMachine } from '../session/machine.js'
import type { MachineInput, MachineOutput } from '../session/machine-io.js'
import type { AuthenticatorTypes, ClientTypes } from '../session/machine-types.js'
import { Preconnections } from './preconnections.js'
import type { DriveOptions } from './drive-options.js'
import { abortedBy } from './progress.js'
import type { ProgressEvent, ProgressStamp } from './progress.js'
import { ProgressReporter } from './progress-reporter.js'
import type { TraceListener, TracedSession } from './session-trace.js'
import { dialTunnel } from './tunnel-inputs.js'

/** What both roles need from their surroundings. */
export interface DriverPorts {
  readonly dialer: TunnelDialer
  readonly clock: Clock
}

/** How a session is watched and ended, and what its trace may know of it. */
export interface SessionDriveOptions extends DriveOptions, Pick<TracedSession, 'requestType'> {
  readonly kind?: TracedSession['kind'] | undefined
}

/** A radio in use: a scan or an advertisement. */
interface Radio {
  stop(): Promise<void>
}

/** A step of either machine. */
type Progress = Pick<ProgressEvent, 'event'> & { readonly type: 'progress' }

/**
 * What the drivers of both roles share: the machine’s loop, the tunnel, progress, abort and release. The machine gets one
 * input after the other: what a port reports while an output is being performed waits its turn.
 */
export abstract class SessionDriver<Types extends ClientTypes | AuthenticatorTypes> {
  readonly #machine: Pick<SessionMachine<Types>, 'step'>
  readonly #ports: DriverPorts
  readonly #signal: AbortSignal | undefined
  #traced: TraceListener | undefined
  readonly #progress: ProgressReporter
  readonly #inbox: (Types['input'] | MachineInput)[] = []
  #isStepping = false
  #cancelAlarm: () => void = () => undefined
  #tunnel: Tunnel | undefined
  readonly #preconnections: Preconnections
  protected radio: Radio | undefined

  constructor(
    machine: Pick<SessionMachine<Types>, 'step'>,
    ports: DriverPorts,
    stamp: ProgressStamp,
    { onProgress, signal, trace, kind = 'qr-initiated', requestType }: SessionDriveOptions,
  ) {
    this.#machine = machine
    this.#ports = ports
    this.#preconnections = new Preconnections(ports.dialer)
    this.#signal = signal
    attempt(() => {
      this.#traced = trace?.begin({ ...stamp, kind, requestType, now: ports.clock.now() })
    })
    this.#progress = new ProgressReporter(onProgress, stamp, ports.clock, this.#traced)
  }

  /** Reports a step that the session cannot know of. */
  report(event: ProgressEvent['event'], why?: HybridError): void {
    const error = this.#progress.report(event, why)
    if (error !== undefined) this.feed({ type: 'close', error })
  }

  /** Opens connections to the services that may be dialled soon, by their URLs, until one is dialled. */
  preconnect(urls: readonly string[]): void {
    this.#preconnections.open(urls)
  }

  protected start(): void {
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted === true) this.#onAbort()
    else this.feed({ type: 'start' })
  }

  protected readonly feed = (input: Types['input'] | MachineInput): void => {
    this.#inbox.push(input)
    if (this.#isStepping) return
    this.#isStepping = true
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        for (const output of this.#step(next, this.#now())) this.perform(output)
      }
    } catch (cause) {
      this.#break(cause)
    } finally {
      this.#isStepping = false
    }
  }

  #step(input: Types['input'] | MachineInput, now: number): readonly (Types['output'] | MachineOutput)[] {
    const outputs = this.#machine.step(input, now)
    attempt(() => this.#traced?.step(input, outputs, now))
    return outputs
  }

  protected abstract perform(output: Types['output'] | MachineOutput): void

  /** What machines of both roles want done. */
  protected performCommon(output: MachineOutput | Progress): void {
    switch (output.type) {
      case 'dial':
        this.#tunnel = callingPort('dialer.dial', () =>
          dialTunnel(this.#ports.dialer, output.request, this.feed),
        )
        void this.#preconnections.close()
        return
      case 'send':
        return callingPort('tunnel.send', () => this.#tunnel?.send(output.bytes))
      case 'deadline':
        return this.#setDeadline(output.at)
      case 'progress':
        return this.report(output.event)
      case 'closed':
        return this.ended(output.error)
    }
  }

  protected abstract ended(error: HybridError | undefined): void

  /** Settles when radio and tunnel are given back. */
  protected async release(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    const { radio } = this
    await Promise.allSettled([stopped(radio), this.#tunnel?.close(), this.#preconnections.close()])
  }

  /** The radio is not needed any more; what goes wrong with that does not matter to the ceremony. */
  protected stopRadio(): void {
    stopped(this.radio).catch(() => undefined)
  }

  /** A port or the crypto provider threw. The machine still wipes what it holds; its outputs are not performed any more. */
  #break(cause: unknown): void {
    // Ports are called by name; what is left is the cryptography inside the machine.
    const error = portFailed('a function of the crypto provider', cause)
    this.#inbox.length = 0
    this.#setDeadline(Infinity)
    try {
      this.#step({ type: 'failed', error }, this.#ports.clock.now())
    } finally {
      this.ended(error)
    }
  }

  /** Ticks the machine at the given time; Infinity only cancels. */
  #setDeadline(at: number): void {
    const { clock } = this.#ports
    this.#cancelAlarm()
    this.#cancelAlarm =
      at === Infinity ? () => undefined : callingPort('clock.setAlarm', () => clock.setAlarm(at, this.#tick))
  }

  #now(): number {
    return callingPort('clock.now', () => this.#ports.clock.now())
  }

  readonly #tick = (): void => this.feed({ type: 'tick' })

  readonly #onAbort = (): void => this.feed({ type: 'close', error: abortedBy(this.#signal) })
}

async function stopped(radio: Radio | undefined): Promise<void> {
  await radio?.stop()
}
