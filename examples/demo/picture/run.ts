import type { Who } from '../narrator.js'

/** One line of `npm run demo -- --json`. */
export interface Told {
  readonly who: Who
  readonly event: string
  /** Since the demo began. */
  readonly elapsedMs: number
  readonly ceremony?: string
  readonly proximity?: string
  readonly messages?: number
}

/** Reads what `npm run demo -- --json` printed. */
export function readRun(lines: string): Told[] {
  return lines
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Told)
}
