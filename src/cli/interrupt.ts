import { once } from 'node:events'
import { ToldEnd } from './failure.js'
import { Interruption } from './interruption.js'
import type { EndingSignal } from './interruption.js'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** How long an open handle may delay the end of the process. */
const GRACE_MS = 1000

/** Has `reload` called at each SIGHUP, in place of an interrupt. @returns ends that. */
export type OnHangUp = (reload: () => void) => () => void

/** How the process is told to stop, or to read its files anew. */
export interface Interrupts {
  readonly signal: AbortSignal
  readonly onHangUp: OnHangUp
}

/**
 * Fires at the first Ctrl-C, SIGTERM or SIGHUP, and when the reader of stdout has gone. A second signal ends the process
 * at once. A command that reads its files anew takes SIGHUP for itself.
 */
export function listenForInterrupts(process: NodeJS.Process): Interrupts {
  const interrupt = new AbortController()
  const reloads = new Set<() => void>()
  const stop = (signal: EndingSignal): void => {
    const interruption = new Interruption(signal)
    if (interrupt.signal.aborted) process.exit(interruption.exitCode)
    interrupt.abort(interruption)
  }
  for (const signal of SIGNALS)
    process.on(signal, () => {
      stop(signal)
    })
  process.on('SIGHUP', () => {
    if (reloads.size === 0) stop('SIGHUP')
    else for (const reload of reloads) reload()
  })
  process.stdout.on('error', cause => {
    interrupt.abort(cause)
  })
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined)
  return {
    signal: interrupt.signal,
    onHangUp: reload => {
      reloads.add(reload)
      return () => {
        reloads.delete(reload)
      }
    },
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

/**
 * The end of a command that serves until it is stopped. SIGTERM is how a supervisor (systemd, a container runtime) stops a
 * service: a service that then drained and closed has done its work.
 * @throws ToldEnd with status 130 after Ctrl-C.
 */
export function endServing({ reason }: AbortSignal): void {
  if (reason instanceof Interruption && reason.signal === 'SIGINT') throw new ToldEnd(reason.exitCode)
}
