import type { StepResult } from './record.js'

/** What the person says of a step. */
export interface Seen {
  readonly does: 'go-on' | 'repeat' | 'skip' | 'quit'
  readonly asDescribed: boolean
  readonly note: string | undefined
}

const ANSWER = /^(?<letter>[ynrsq])(?:\s+(?<note>.+))?$/is
const DOES: Readonly<Record<string, Seen['does']>> = { r: 'repeat', s: 'skip', q: 'quit' }

/** Reads `y`, `n`, `r`, `s` or `q` and a note behind it; any other text is a note alone. @returns undefined when the person has left. */
export function readSeen(answer: string | undefined, result: StepResult): Seen | undefined {
  if (answer === undefined) return undefined
  const { letter, note = letter === undefined ? answer : '' } = ANSWER.exec(answer)?.groups ?? {}
  const said = letter?.toLowerCase() ?? (result === 'failed' ? 'n' : 'y')
  return {
    does: DOES[said] ?? 'go-on',
    asDescribed: said === 'y' || (said === 'q' && result !== 'failed'),
    note: note === '' ? undefined : note,
  }
}
