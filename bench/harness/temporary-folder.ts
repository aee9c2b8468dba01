import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Children are killed when this process ends, and may write for some moments more. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }

const made: string[] = []
process.once('exit', () => {
  for (const folder of made) rmSync(folder, REMOVAL)
})

/** Makes a folder that is gone when this process ends. @returns its path. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fido-hybrid-bench-'))
  made.push(folder)
  return folder
}
