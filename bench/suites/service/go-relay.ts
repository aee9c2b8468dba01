import { join } from 'node:path'
import { runChild } from '../../harness/children.js'
import { BENCH } from '../../harness/places.js'
import { temporaryFolder } from '../../harness/temporary-folder.js'

const BUILD_LIMIT_MS = 120_000

type GoRelay = { readonly program: string } | { readonly reason: string }

let built: Promise<GoRelay> | undefined

/**
 * Builds `bench/native/relay` once, into a temporary folder, which this process removes when it ends; tells why not where there
 * is no Go, or its module cannot be had.
 */
export const goRelay = (): Promise<GoRelay> => (built ??= build())

async function build(): Promise<GoRelay> {
  const folder = temporaryFolder()
  const program = join(folder, 'relay')
  try {
    const cwd = join(BENCH, 'native', 'relay')
    await runChild('go', ['build', '-mod=readonly', '-o', program, '.'], { timeLimitMs: BUILD_LIMIT_MS, cwd })
    return { program }
  } catch (error) {
    const words = (error instanceof Error ? error.message : String(error)).split('\n')
    return { reason: `needs Go 1.23 and the module github.com/coder/websocket (${words.at(-1) ?? ''})` }
  }
}
