import { deferred } from './deferred.js'

/** What `work` gives; undefined as soon as the signal fires, even if the work then goes on, answers or fails. */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  if (signal === undefined) return work()
  if (isAborted(signal)) return undefined
  const abortion = deferred<undefined>()
  const onAbort = (): void => abortion.resolve(undefined)
  signal.addEventListener('abort', onAbort)
  try {
    const result = await Promise.race([abortion.promise, work()])
    return isAborted(signal) ? undefined : result
  } catch (error) {
    if (isAborted(signal)) return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

// A function, because the property changes behind the type checker’s back.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
