import type { Readable } from 'node:stream'
import { UsageError } from '../../errors.js'
import { readInput, textOf } from '../input.js'

const MAX_OPTIONS_BYTES = 1024 * 1024

/**
 * Reads JSON from a file or from stdin.
 * @throws UsageError `options-invalid` when it is not JSON. @throws CommandLineError when it cannot be read.
 */
export async function readWebAuthnOptions(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
): Promise<unknown> {
  const bytes = await readInput({ path, stdin }, { name: '--options', maxBytes: MAX_OPTIONS_BYTES, signal })
  try {
    return JSON.parse(textOf(bytes))
  } catch {
    // What the parser says quotes the text, and that may be the wrong file.
    throw new UsageError('options-invalid', '--options is not JSON')
  }
}
