import { failed, passed } from './case.js'
import type { Finding } from './case.js'
import type { CommandEnd } from './driven-command.js'

/** What a command has to come to. */
export type Ending = 'result' | 'error' | 'no-result' | 'end'

/** The same in the words of a report. */
export const ENDINGS: Readonly<Record<Ending, string>> = {
  result: 'RESULT, and the end of the process',
  error: 'ERROR and no RESULT, and the end of the process',
  'no-result': 'no RESULT',
  end: 'RESULT or ERROR, and the end of the process',
}

/** Holds what a command came to against what it had to. */
export function judgeEnd(wanted: Ending, end: CommandEnd): Finding {
  const seen = wordsOf(end)
  if (isCrash(end)) return failed(seen)
  if (wanted === 'no-result') return end.said?.kind === 'result' ? failed(seen) : passed(seen)
  if (end.exit === undefined || end.said === undefined) return failed(seen)
  return wanted === 'end' || end.said.kind === wanted ? passed(seen) : failed(seen)
}

/** Ended by a signal, or without a word. */
function isCrash({ said, exit }: CommandEnd): boolean {
  return exit !== undefined && (exit.signal !== null || said === undefined)
}

function wordsOf({ said, exit }: CommandEnd): string {
  const words = said === undefined ? 'neither RESULT nor ERROR' : saidWords(said)
  if (exit === undefined) return `${words}, and the process goes on`
  return `${words}, and ${exit.signal === null ? `exit status ${exit.code ?? 'unknown'}` : `an end by ${exit.signal}`}`
}

function saidWords(said: NonNullable<CommandEnd['said']>): string {
  return said.kind === 'result' ? 'RESULT' : `ERROR ${said.text.slice(0, 200)}`
}
