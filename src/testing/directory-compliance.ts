import { DIRECTORY_CASES } from './directory/cases.js'
import type { DirectoryHarness } from './directory/harness.js'

export type { DirectoryHarness } from './directory/harness.js'

/** One case: settles, or rejects with an error that is named AssertionError and says what was expected. */
export interface DirectoryCase {
  /** What the directory owes, as a sentence. */
  readonly name: string
  /** Runs the case; it may take some seconds. */
  readonly run: () => Promise<void>
}

/**
 * The behaviour that every directory owes the tunnel services that join it, as cases for any test runner. Cases share the harness, so
 * they run one after the other.
 *
 * @example
 * import { test } from 'node:test'
 *
 * const directory = memoryDirectory()
 * const stop = async () => directory.stop()
 * const start = async () => directory.start()
 * for (const { name, run } of directoryCompliance({ makeDirectory: () => directory, stop, start })) test(name, run)
 */
export function directoryCompliance(harness: DirectoryHarness): readonly DirectoryCase[] {
  return DIRECTORY_CASES.map(({ name, run }) => ({ name, run: () => run(harness) }))
}
