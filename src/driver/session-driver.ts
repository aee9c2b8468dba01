import type { HybridError } from '../errors.js'
import { attempt, callingPort, portFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { TunnelDialer } from '../ports/tunnel-dialer.js'
import type { Framing } from '../framing/stream-framer.js'
import type { DataChannelName } from '../qr/data-channel.js'
import type { SessionMachine } from '../session/machine.js'
import type { MachineInput, MachineOutput } from '../session/machine-io.js'
import type { AuthenticatorTypes, ClientTypes } from '../session/machine-types.js'
import { Carriers } from './carriers.js'
import { Preconnections } from './preconnections.js'
import type { DriveOptions } from './drive-options.js'
import { abortedBy } from './progress.js'
import type { ProgressEvent, ProgressStamp } from './progress.js'
import { ProgressReporter } from './progress-reporter.js'
import type { TraceListener, TracedSession } from './session-trace.js'

/** What both roles need from their surroundings. */
export interface DriverPorts {
  readonly dialer: TunnelDialer
  readonly clock: Clock
  /** How messages are told apart on BLE data channels; `length` unless given (protocol.md 16.4). */
  readonly framing?: Framing | undefined
}

/** How a session is watched and ended, and what its trace may know of it. */
export interface SessionDriveOptions extends DriveOptions, Pick<TracedSession, 'requestType'> {
  readonly kind?: TracedSession['kind'] | undefined
}

/** A scan, an advertisement, or a listener for data channels. */
interface Use {
  stop(): Promise<void>
}

/** A step of either machine. */
type Progress = Pick<ProgressEvent, 'event'> & { readonly type: 'progress' }

/**
 * What the drivers of both roles share: the machine’s loop, the tunnel, progress, abort and release. The machine gets one
 * input after the other: what a port reports while an output is being performed waits its turn.
 */
export abstract class SessionDriver<Types extends ClientTypes | AuthenticatorTypes> {
  readonly #machine: Pick<SessionMachine<Types>, 'state' | 'step'>
  readonly #ports: DriverPorts
  readonly #signal: AbortSignal | undefined
  #traced: TraceListener | undefined
  readonly #progress: ProgressReporter
  readonly #inbox: (Types['input'] | MachineInput | (() => void))[] = []
  #isStepping = false
  #cancelAlarm: () => void = () => undefined
  readonly #preconnections: Preconnections
  readonly #stopping = new Map<Use, Promise<void>>()
  protected readonly carriers: Carriers
  protected radio: Use | undefined

  constructor(
    machine: Pick<SessionMachine<Types>, 'state' | 'step'>,
    ports: DriverPorts,
    stamp: ProgressStamp,
    { onProgress, signal, trace, kind = 'qr-initiated', requestType }: SessionDriveOptions,
  ) {
    this.#machine = machine
    this.#ports = ports
    this.#preconnections = new Preconnections(ports.dialer)
    this.carriers = new Carriers(ports.dialer, ports.framing, input => this.feed(input))
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

  /** What carries the session, once both devices have met. */
  get dataChannel(): DataChannelName {
    return this.carriers.used
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

  protected readonly feed = (input: Types['input'] | MachineInput): void => this.#take(input)

  /** Calls a port outside a step; what it reports within the call waits until it has returned. */
  protected inTurn(call: () => void): void {
    this.#take(call)
  }

  #take(task: Types['input'] | MachineInput | (() => void)): void {
    this.#inbox.push(task)
    if (this.#isStepping) return
    this.#isStepping = true
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        if (typeof next === 'function') next()
        else for (const output of this.#step(next, this.#now())) this.perform(output)
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
        this.carriers.dial(output.request)
        void this.#preconnections.close()
        return
      case 'send':
        return this.carriers.send(output)
      case 'close-channel':
        return this.carriers.closeChannel(output.channel)
      case 'deadline':
        return this.#setDeadline(output.at)
      case 'progress':
        return this.report(output.event)
      case 'closed':
        return this.ended(output.error)
    }
  }

  protected abstract ended(error: HybridError | undefined): void

  /** Settles when radio and carriers are given back. */
  protected async release(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    void this.stopRadio()
    await Promise.allSettled([
      ...this.#stopping.values(),
      this.carriers.close(),
      this.#preconnections.close(),
    ])
  }

  /** The radio is not needed any more; settles when it is given back. */
  protected stopRadio(): Promise<void> {
    return this.stop(this.radio)
  }

  /** A failure to stop does not matter to the ceremony. */
  protected async stop(use: Use | undefined): Promise<void> {
    if (use === undefined) return
    const stopping = this.#stopping.get(use) ?? stopped(use).catch(() => undefined)
    this.#stopping.set(use, stopping)
    await stopping
  }

  /** A port or the crypto provider threw. The machine still wipes what it holds; its outputs are not performed any more. */
  #break(cause: unknown): void {
    // Failures of ports have been named where they are called. What remains is the cryptography inside the machine.
    const error = portFailed('a function of the crypto provider', cause)
    this.#inbox.length = 0
    this.#setDeadline(Infinity)
    try {
      // A session that has another way survives one failure.
      while (this.#machine.state !== 'closed') this.#step({ type: 'failed', error }, this.#ports.clock.now())
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

async function stopped(use: Use): Promise<void> {
  await use.stop()
}
