import { fileURLToPath } from 'node:url'
import type { CaseReport, ConformCase, Level } from '../../../src/conform/case.js'
import { CLIENT_CASES } from '../../../src/conform/client/cases.js'
import { applies } from '../../../src/conform/report.js'
import { runCases } from '../../../src/conform/run-cases.js'
import { today } from './report.js'

const LEVELS: readonly Level[] = ['must', 'should', 'may']
/** A machine that does much else is slow. */
const TIMES = { timeoutMs: 60_000, patienceMs: 4000 }

/** Tries a client by the runner. @param driver TypeScript that keeps to the contract. */
export function tryClient(
  driver: URL,
  cases: readonly ConformCase[],
  jobs: number,
): Promise<readonly CaseReport[]> {
  const command = [process.execPath, '--import', 'tsx', fileURLToPath(driver)] as const
  return runCases(cases, { ...TIMES, command, jobs, signal: new AbortController().signal })
}

/** The cases of clients that have these names. */
export function casesNamed(names: readonly string[]): readonly ConformCase[] {
  return CLIENT_CASES.filter(({ name }) => names.includes(name))
}

/** The names of the cases; behind those that failed what was seen. */
export function outcomesOf(reports: readonly CaseReport[]): readonly string[] {
  return reports.map(({ name, passed, seen }) => (passed ? name : `${name}: ${seen}`)).sort()
}

/** How many passed, and what did not, in Markdown. @param client its name and version. */
export function conformancePage(client: string, reports: readonly CaseReport[]): string {
  const played = reports.filter(applies)
  const counts = LEVELS.map(level => {
    const ofLevel = played.filter(each => each.level === level)
    return `${ofLevel.filter(({ passed }) => passed).length} of ${ofLevel.length} _${level}_`
  })
  const failed = played.filter(({ passed }) => !passed)
  return [
    `# ${client}, tried by \`fido-hybrid conform client\``,
    '',
    `Run on ${today()}: passed ${counts.join(', ')}. What did not pass:`,
    ...failed.flatMap(({ level, name, section, about, seen }) => [
      '',
      `- \`${name}\` (${level}, section ${section}): the client ${about}. Seen: ${seen}.`,
    ]),
    '',
  ].join('\n')
}
