import { failed, passed } from './case.js'
import type { CaseFinding, Level } from './case.js'
import type { CommandEnd } from './driven-command.js'

/** What a command has to come to. */
export type CaseEnding = 'result' | 'error' | 'no-result' | 'end' | 'no-crash'

/** The same in the words of a report. */
export const ENDINGS: Readonly<Record<CaseEnding, string>> = {
  result: 'RESULT, and the end of the process',
  error: 'ERROR and no RESULT, and the end of the process',
  'no-result': 'no RESULT',
  end: 'RESULT or ERROR, and the end of the process',
  'no-crash': 'no crash',
}

/** Endings that are not waited for. */
export const isWatched = (ending: CaseEnding): boolean => ending === 'no-result' || ending === 'no-crash'

/** What a command does when its peer misbehaves: how binding, to what end, by which section of the protocol reference. */
export type Rule = readonly [level: Level, ending: CaseEnding, section: string]

/** The rules of a table, those that are left out being left out. */
export const rulesOf = <Name extends string, Rules>(
  table: Readonly<Partial<Record<Name, Rules | undefined>>>,
): readonly (readonly [Name, Rules])[] =>
  (Object.keys(table) as Name[]).flatMap(name => {
    const rule = table[name]
    return rule === undefined ? [] : [[name, rule] as const]
  })

/** Holds what a command came to against what it had to. */
export function judgeEnd(wanted: CaseEnding, end: CommandEnd): CaseFinding {
  const seen = wordsOf(end)
  if (isCrash(end)) return failed(seen)
  if (wanted === 'no-crash') return passed(seen)
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
