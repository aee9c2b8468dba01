import { AsyncLocalStorage } from 'node:async_hooks'
import type * as timers from 'node:timers/promises'

type Timers = typeof timers

interface Waited {
  ms: number
  readonly meanwhile: (ms: number) => Promise<void>
}

const current = new AsyncLocalStorage<Waited>()

/** Stands in for `node:timers/promises`: what runs in `waitsOf` does not wait, and says for how long it would have. */
export function withVirtualWaits(real: Timers): Timers {
  const setTimeout: Timers['setTimeout'] = async (ms, ...more) => {
    const waited = current.getStore()
    if (waited === undefined) return await real.setTimeout(ms, ...more)
    waited.ms += ms ?? 0
    await waited.meanwhile(waited.ms)
    return await real.setImmediate(...more)
  }
  return { ...real, setTimeout }
}

/**
 * Runs work without its waits.
 * @param meanwhile what happens at each of them, by the time since the beginning, ms.
 * @returns for how long it would have waited, ms.
 */
export async function waitsOf(
  work: () => Promise<unknown>,
  meanwhile: Waited['meanwhile'] = () => Promise.resolve(),
): Promise<number> {
  const waited = { ms: 0, meanwhile }
  await current.run(waited, work)
  return waited.ms
}
