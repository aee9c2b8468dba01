import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { CHROMIUM } from '../browser/support/executable.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What became of a test of another runner. */
export interface Outcome {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it failed. */
  readonly message: string
}

/**
 * Runs a test runner as its users do, with `tsx` for the names in tsconfig.json.
 * @param args the runner’s file and its arguments; `REPORT` stands for the file that it writes its report to.
 * @returns the report. @throws Error with what the runner said, where it wrote none.
 */
export async function reportOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const folder = await TemporaryFolder.create()
  const report = folder.at('report.json')
  const own = { ...process.env, ...env, CHROMIUM, CI: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: report }
  const runner = spawn(
    process.execPath,
    args.map(arg => arg.replace('REPORT', report)),
    { cwd: ROOT, env: own },
  )
  const [stdout, stderr] = await Promise.all([
    text(runner.stdout),
    text(runner.stderr),
    once(runner, 'close'),
  ])
  try {
    return JSON.parse(await readFile(report, 'utf8'))
  } catch (cause) {
    throw new Error(`no report:\n${stdout}${stderr}`, { cause })
  } finally {
    await folder.remove()
  }
}

/** Makes tests of the outcomes, so that they are counted. */
export function countOutcomes(outcomes: readonly Outcome[]): void {
  for (const { name, status, message } of outcomes)
    test(name, context => {
      if (status === 'failed') throw new Error(message)
      context.skip(status === 'skipped')
    })
}
