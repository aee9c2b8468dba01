import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { killAfter } from './children.js'
import type { GroupResult, Omission } from './result.js'

/** What a suite says while it runs in a process of its own. */
export type SuiteReport =
  { readonly group: GroupResult } | { readonly omission: Omission } | { readonly failure: string }

const SUITE_LIMIT_MS = 15 * 60_000

/** Runs one suite to its end; a suite that is killed has failed. */
export async function runSuite(
  name: string,
  pace: 'quick' | 'full',
  heard: (report: SuiteReport) => void,
): Promise<void> {
  const child = fork(fileURLToPath(new URL('../suite-process.js', import.meta.url)), [name, pace])
  const killed = killAfter(child, SUITE_LIMIT_MS)
  child.on('message', heard)
  const [code] = (await once(child, 'exit')) as [number | null]
  killed.cancel()
  if (killed.late) heard({ failure: `still running after ${SUITE_LIMIT_MS} ms` })
  else if (code !== 0) heard({ failure: `its process ended with ${code ?? 'a signal'}` })
}
