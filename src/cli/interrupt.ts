import { once } from 'node:events'
import { ToldEnd } from './failure.js'
import { Interruption } from './interruption.js'
import type { EndingSignal } from './interruption.js'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** How long an open handle may delay the end of the process. */
const GRACE_MS = 1000

/** Has something done at a signal, instead of the signal’s usual effect. @returns a function that ends this. */
export type OnSignal = (act: () => void) => () => void

/** How the process is told to stop, or to read its files anew. */
export interface Interrupts {
  readonly signal: AbortSignal
  /** At each SIGHUP. */
  readonly onHangUp: OnSignal
  /** At the next Ctrl-C or SIGTERM after the first, once. */
  readonly onNextSignal: OnSignal
}

/**
 * Fires at the first Ctrl-C, SIGTERM or SIGHUP, and when the reader of stdout has gone. A second signal ends the process
 * at once, unless the command has something to do at it. A command that reads its files anew takes SIGHUP for itself.
 */
export function listenForInterrupts(process: NodeJS.Process): Interrupts {
  const interrupt = new AbortController()
  const reloads = new Acts()
  const nexts = new Acts()
  const stop = (signal: EndingSignal): void => {
    const interruption = new Interruption(signal)
    if (!interrupt.signal.aborted) interrupt.abort(interruption)
    else if (!nexts.doOnce()) process.exit(interruption.exitCode)
  }
  for (const signal of SIGNALS)
    process.on(signal, () => {
      stop(signal)
    })
  process.on('SIGHUP', () => {
    if (!reloads.doAll()) stop('SIGHUP')
  })
  process.stdout.on('error', cause => {
    interrupt.abort(cause)
  })
  // No reader is left.
  process.stderr.on('error', () => undefined)
  return { signal: interrupt.signal, onHangUp: reloads.add, onNextSignal: nexts.add }
}

/** What is to be done at a signal. */
class Acts {
  readonly #acts = new Set<() => void>()

  readonly add: OnSignal = act => {
    this.#acts.add(act)
    return () => {
      this.#acts.delete(act)
    }
  }

  /** @returns whether there was something to do. */
  doAll(): boolean {
    for (const act of this.#acts) act()
    return this.#acts.size > 0
  }

  doOnce(): boolean {
    const acts = [...this.#acts]
    this.#acts.clear()
    for (const act of acts) act()
    return acts.length > 0
  }
}

/** Lets the process end by itself, and ends it if a handle stays open. */
export function exitSoon(process: NodeJS.Process): void {
  process.stdin.destroy()
  setTimeout(() => process.exit(), GRACE_MS).unref()
}

/** Waits for Ctrl-C. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** Whether SIGTERM has stopped the command. */
export function isFromSupervisor({ reason }: AbortSignal): boolean {
  return reason instanceof Interruption && reason.signal === 'SIGTERM'
}

/**
 * The end of a command that serves until it is stopped. SIGTERM is how a supervisor (systemd, a container runtime) stops a
 * service: a service that then drained and closed has done its work.
 * @throws ToldEnd with status 130 after Ctrl-C.
 */
export function endServing({ reason }: AbortSignal): void {
  if (reason instanceof Interruption && reason.signal === 'SIGINT') throw new ToldEnd(reason.exitCode)
}
