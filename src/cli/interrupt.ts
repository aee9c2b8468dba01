import { once } from 'node:events'
import { ToldEnd } from './failure.js'
import { Interruption } from './interruption.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long an open handle may delay the end of the process. */
const GRACE_MS = 1000

/**
 * Fires at the first Ctrl-C, SIGTERM or SIGHUP, and when the reader of stdout has gone. A second signal ends the process
 * at once.
 */
export function listenForInterrupts(process: NodeJS.Process): AbortSignal {
  const interrupt = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const interruption = new Interruption(signal)
      if (interrupt.signal.aborted) process.exit(interruption.exitCode)
      interrupt.abort(interruption)
    })
  }
  process.stdout.on('error', cause => {
    interrupt.abort(cause)
  })
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined)
  return interrupt.signal
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
