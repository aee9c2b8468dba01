import { failed } from './case.js'
import type { CaseReport, ConformCase, CaseFinding } from './case.js'
import { Scene } from './scene.js'
import type { SceneSetting } from './scene.js'

/** How cases are played. */
export interface RunOptions extends SceneSetting {
  /** How many at a time. */
  readonly jobs: number
  /** Hears of each case that is over, in the order in which they end. */
  readonly onCase?: ((report: CaseReport) => void) | undefined
}

/**
 * Plays cases, several at a time.
 * @returns their reports in the order of the cases. When the signal fires, those are missing that were not over.
 */
export async function runCases(
  cases: readonly ConformCase[],
  options: RunOptions,
): Promise<readonly CaseReport[]> {
  const reports = new Map<ConformCase, CaseReport>()
  const waiting = [...cases]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const report = await playCase(next, options)
      if (options.signal.aborted) return
      reports.set(next, report)
      options.onCase?.(report)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work))
  return cases.flatMap(each => reports.get(each) ?? [])
}

async function playCase({ run, ...facts }: ConformCase, setting: SceneSetting): Promise<CaseReport> {
  const scene = new Scene(setting)
  const finding = await found(() => run(scene))
  await scene.close()
  const { moments, elapsedMs } = scene.timeline
  return { ...facts, ...finding, durationMs: elapsedMs, timeline: moments }
}

/** A case that breaks is no praise for the command. */
async function found(run: () => Promise<CaseFinding>): Promise<CaseFinding> {
  try {
    return await run()
  } catch (error) {
    return failed(
      `the runner failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }
}
