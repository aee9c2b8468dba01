import type { ProgressEvent, ProgressListener } from '../../driver/progress.js'
import type { SessionTrace } from '../../driver/session-trace.js'
import { HybridError } from '../../errors.js'
import { WebAuthnError } from '../../webauthn/webauthn-error.js'
import type { TryRecord } from './record.js'
import type { StepTrace } from './step-trace.js'

/** Watches one try, and writes down what may be published of it. */
export interface TryWatch {
  /** Ends the try. */
  readonly signal: AbortSignal
  readonly onProgress: ProgressListener
  readonly trace: SessionTrace
}

/** How a try ended. */
export interface EndedTry {
  readonly record: TryRecord
  /** Why it failed. */
  readonly error?: HybridError | WebAuthnError
}

/** The page of a trial got an error. */
export class EndedByPage extends Error {
  /** The error’s name. */
  readonly label: string

  constructor(label: string) {
    super(`the page got ${label}`)
    this.label = label
  }
}

/** The label of a try that the person ended. */
const GIVEN_UP = 'given-up'

/**
 * Runs one try to its end, and writes down its stages.
 * @param watch also hears the steps, and its trace the error. @throws an error that is not a HybridError.
 */
export async function recordTry(
  { signal, onProgress, trace }: TryWatch & { readonly trace: StepTrace },
  run: (watch: TryWatch) => Promise<string>,
): Promise<EndedTry> {
  const stages: { event: ProgressEvent['event']; ms: number }[] = []
  const start = performance.now()
  const listen: ProgressListener = event => {
    stages.push({ event: event.event, ms: Math.round(event.elapsedMs) })
    onProgress(event)
  }
  const ended = (labels: readonly string[]): TryRecord => ({
    ended: labels,
    ms: Math.round(performance.now() - start),
    stages,
    ...(trace.isThere && { trace: trace.name }),
  })
  try {
    return { record: ended([await run({ signal, trace, onProgress: listen })]) }
  } catch (error) {
    if (error instanceof EndedByPage) return { record: ended([error.label]) }
    trace.failed(error)
    if (signal.aborted) return { record: ended([GIVEN_UP]) }
    if (!(error instanceof HybridError || error instanceof WebAuthnError)) throw error
    return { record: ended([error.name, error.code]), error }
  }
}
