import { ERROR_CATALOGUE } from '../errors.js'
import type { ErrorEntry } from '../errors.js'
import type { TracedError } from './records.js'

const CATALOGUE: ReadonlyMap<string, ErrorEntry> = new Map(
  Object.values(ERROR_CATALOGUE).flatMap(entries => Object.entries<ErrorEntry>(entries)),
)

/** Whose fault a code is and what to do about it; undefined for the codes of systems. */
export function entryOf({ code }: TracedError): ErrorEntry | undefined {
  return CATALOGUE.get(code)
}
