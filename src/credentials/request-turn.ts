import { Serial } from '../async/serial.js'
import { unlessAborted } from '../async/unless-aborted.js'
import { UsageError } from '../errors.js'

/**
 * One request at a time, as in Chromium: a second one is an OperationError. One that was aborted no longer counts, but the next
 * waits until its client has let go.
 */
export class RequestTurn {
  readonly #serial = new Serial()
  #current: { readonly signal: AbortSignal | undefined } | undefined

  /** @throws UsageError `session-misused` while another request is pending; the signal’s reason; what the work throws. */
  async run<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    if (this.#current !== undefined && this.#current.signal?.aborted !== true)
      throw new UsageError('session-misused', 'a request is already pending')
    const current = { signal }
    this.#current = current
    try {
      return await unlessItAborts(signal, () =>
        this.#serial.run(() => {
          signal?.throwIfAborted()
          return work()
        }),
      )
    } finally {
      if (this.#current === current) this.#current = undefined
    }
  }
}

/** @throws the signal’s reason as soon as it fires. */
async function unlessItAborts<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = await unlessAborted(signal, async () => ({ result: await work() }))
  if (done !== undefined) return done.result
  const reason: unknown = signal?.reason
  throw reason
}
