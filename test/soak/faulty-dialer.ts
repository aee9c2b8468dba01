import { setTimeout as delay } from 'node:timers/promises'
import type { Tunnel, TunnelDialer, TunnelListener, TunnelRequest } from '../../src/ports/tunnel-dialer.js'
import type { Fault, FaultPlan } from './fault-plan.js'

/** More than the soaked service takes: it closes the leg that sends so much. */
export const TOO_LONG_BYTES: number = 32 * 1024

const SENT: readonly Fault[] = ['cut', 'damaged', 'delayed', 'aborted', 'closed by the service']
const HEARD: readonly Fault[] = ['cut', 'damaged', 'delayed', 'aborted']
const DIALLED: readonly Fault[] = ['delayed', 'aborted']
const BROKEN = { code: 1006, reason: '' }

/** One side’s tunnels, with what the plan has in store for them. */
export function faultyDialer(dialer: TunnelDialer, plan: FaultPlan, abort: () => void): TunnelDialer {
  return { dial: (request, listener) => new FaultyTunnel({ dialer, plan, abort }, request, listener) }
}

interface Surroundings {
  readonly dialer: TunnelDialer
  readonly plan: FaultPlan
  readonly abort: () => void
}

class FaultyTunnel implements Tunnel {
  readonly #plan: FaultPlan
  readonly #abort: () => void
  readonly #listener: TunnelListener
  readonly #tunnel: Tunnel
  #over = false
  #out: Promise<void> | undefined
  #in: Promise<void> | undefined

  constructor({ dialer, plan, abort }: Surroundings, request: TunnelRequest, listener: TunnelListener) {
    this.#plan = plan
    this.#abort = abort
    this.#listener = listener
    const fault = plan.strike(DIALLED)
    if (fault === 'delayed') this.#in = this.#pause()
    this.#tunnel = dialer.dial(request, {
      open: headers => this.#hear(() => listener.open(headers)),
      message: bytes => this.#message(bytes),
      closed: end => this.#hear(() => this.#end(() => listener.closed(end))),
      failed: error => this.#hear(() => this.#end(() => listener.failed(error))),
    })
    if (fault === 'aborted') abort()
  }

  send(bytes: Uint8Array): void {
    if (this.#over) return
    const fault = this.#plan.strike(SENT)
    if (fault === 'cut') return this.#cut()
    if (fault === 'delayed') this.#out = this.#pause(this.#out)
    const frames = fault === 'closed by the service' ? [new Uint8Array(TOO_LONG_BYTES)] : [bytes]
    for (const frame of frames) {
      const sent = fault === 'damaged' ? this.#plan.damage(frame) : frame
      this.#out = after(this.#out, () => this.#tunnel.send(sent))
    }
    if (fault === 'aborted') this.#abort()
  }

  close(): Promise<void> {
    this.#over = true
    const last = this.#out
    return last === undefined ? this.#tunnel.close() : last.then(() => this.#tunnel.close())
  }

  #message(bytes: Uint8Array): void {
    if (this.#over) return
    const fault = this.#plan.strike(HEARD)
    if (fault === 'cut') return this.#cut()
    if (fault === 'delayed') this.#in = this.#pause(this.#in)
    const heard = fault === 'damaged' ? this.#plan.damage(bytes) : bytes
    this.#hear(() => this.#listener.message(heard))
    if (fault === 'aborted') this.#abort()
  }

  #hear(tell: () => void): void {
    this.#in = after(this.#in, () => {
      if (!this.#over) tell()
    })
  }

  #cut(): void {
    void this.#tunnel.close()
    this.#end(() => queueMicrotask(() => this.#listener.closed(BROKEN)))
  }

  #end(tell: () => void): void {
    this.#over = true
    tell()
  }

  async #pause(before?: Promise<void>): Promise<void> {
    await before
    await delay(this.#plan.delayMs())
  }
}

/** At once unless something is to be waited for; one after the other. */
function after(before: Promise<void> | undefined, act: () => void): Promise<void> | undefined {
  if (before !== undefined) return before.then(act)
  act()
  return undefined
}
