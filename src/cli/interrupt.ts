import { once } from 'node:events'
import { EXIT } from './failure.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long whatever is still open may hold up the end of the process. */
const GRACE_MS = 1000

/**
 * Fires at the first Ctrl-C, SIGTERM or SIGHUP, and when nobody reads stdout any more; a second signal ends the process
 * at once.
 */
export function listenForInterrupts(process: NodeJS.Process): AbortSignal {
  const interrupt = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(EXIT.failed)
      interrupt.abort(new Error(signal))
    })
  }
  process.stdout.on('error', cause => {
    interrupt.abort(cause)
  })
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined)
  return interrupt.signal
}

/** Lets the process end by itself, and ends it if something is left open after all. */
export function exitSoon(process: NodeJS.Process): void {
  process.stdin.destroy()
  setTimeout(() => process.exit(), GRACE_MS).unref()
}

/** Waits for Ctrl-C. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
