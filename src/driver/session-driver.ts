import type { HybridError } from '../errors.js'
import { callingPort } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { Tunnel, TunnelDialer } from '../ports/tunnel-dialer.js'
import type { MachineInput, MachineOutput } from '../session/machine-io.js'
import { abortedBy, ProgressReporter } from './progress.js'
import type { DriveOptions, ProgressEvent, ProgressStamp } from './progress.js'
import { SessionLoop } from './session-loop.js'
import type { Machine } from './session-loop.js'
import { dialTunnel } from './tunnel-inputs.js'

/** What both roles need from their surroundings. */
export interface DriverPorts {
  readonly dialer: TunnelDialer
  readonly clock: Clock
}

/** A radio in use: a scan or an advertisement. */
interface Radio {
  stop(): Promise<void>
}

/** A step of either machine. */
type Progress = Pick<ProgressEvent, 'event'> & { readonly type: 'progress' }

/** What the drivers of both roles share: the loop, the tunnel, progress, abort and release. */
export abstract class SessionDriver<
  Input extends { readonly type: string },
  Output extends { readonly type: string },
> {
  readonly #ports: DriverPorts
  readonly #signal: AbortSignal | undefined
  readonly #progress: ProgressReporter
  readonly #loop: SessionLoop<Input | MachineInput, Output | MachineOutput>
  readonly #onAbort = (): void => {
    this.feed({ type: 'close', error: abortedBy(this.#signal) })
  }
  protected readonly feed = (input: Input | MachineInput): void => {
    this.#loop.feed(input)
  }
  protected radio: Radio | undefined
  #tunnel: Tunnel | undefined

  constructor(
    machine: Machine<Input | MachineInput, Output | MachineOutput>,
    ports: DriverPorts,
    stamp: ProgressStamp,
    options: DriveOptions,
  ) {
    this.#ports = ports
    this.#signal = options.signal
    this.#progress = new ProgressReporter(options.onProgress, stamp, ports.clock)
    this.#loop = new SessionLoop(machine, ports.clock, {
      perform: output => {
        this.perform(output)
      },
      broken: error => {
        this.ended(error)
      },
    })
  }

  /** Reports a step that the session cannot know of. */
  report(event: ProgressEvent['event'], why?: HybridError): void {
    const error = this.#progress.report(event, why)
    if (error !== undefined) this.feed({ type: 'close', error })
  }

  protected start(): void {
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted === true) this.#onAbort()
    else this.feed({ type: 'start' })
  }

  protected abstract perform(output: Output | MachineOutput): void

  /** What machines of both roles want done. */
  protected performCommon(output: MachineOutput | Progress): void {
    switch (output.type) {
      case 'dial':
        this.#tunnel = callingPort('dialer.dial', () =>
          dialTunnel(this.#ports.dialer, output.request, this.feed),
        )
        return
      case 'send':
        return callingPort('tunnel.send', () => this.#tunnel?.send(output.bytes))
      case 'deadline':
        return this.#loop.setDeadline(output.at)
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
    await Promise.allSettled([stopped(this.radio), this.#tunnel?.close()])
  }

  /** The radio is not needed any more; what goes wrong with that does not matter to the ceremony. */
  protected stopRadio(): void {
    stopped(this.radio).catch(() => undefined)
  }
}

async function stopped(radio: Radio | undefined): Promise<void> {
  await radio?.stop()
}
