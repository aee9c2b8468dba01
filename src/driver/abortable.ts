import { abortedBy } from './progress.js'

/**
 * Runs what may take as long as a person takes, and stops waiting for it when the signal fires.
 * @throws UsageError `aborted`; whatever `work` throws.
 */
export async function untilAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return work()
  let onAbort: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(abortedBy(signal))
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([aborted, signal.aborted ? aborted : work()])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
