import type { CaseFacts, CaseReport, Level, Role } from '../../conform/case.js'
import type { ConformReport, Tally } from '../../conform/report.js'
import type { Colors } from '../text/colors.js'
import { oneLine } from '../text/printable.js'

const LEVELS: readonly Level[] = ['must', 'should', 'may']
const LEVEL_LETTERS = 6
const SECTION_LETTERS = 5
const NAME_LETTERS = 33
const MOMENTS_TOLD = 6
const MS = 1000

/** A case that was played, in a line; what went wrong, below it. */
export function caseLines(
  role: Role,
  report: CaseReport,
  place: string,
  { green, red, dim, yellow }: Colors,
): string {
  const { name, level, passed, expected, seen, durationMs } = report
  const wrong = level === 'must' ? red : yellow
  const mark = passed ? green('passed') : wrong('failed')
  const line = `${dim(place)} ${mark} ${level.padEnd(LEVEL_LETTERS)} ${name} ${dim(`${durationMs} ms`)}`
  if (passed) return line
  const about = `  the ${role} ${oneLine(report.about)} (section ${report.section} of the protocol reference)`
  const last = report.timeline.slice(-MOMENTS_TOLD)
  const moments = last.map(({ ms, place: where, text }) => dim(`    ${ms} ms ${where}: ${oneLine(text)}`))
  return [line, about, `  expected: ${expected}`, `  seen:     ${oneLine(seen)}`, ...moments].join('\n')
}

/** A case about what the command cannot do, in a line. */
export function leftOutLine({ name, level, seen }: CaseReport, place: string, { dim }: Colors): string {
  return `${dim(place)} not applicable ${level.padEnd(LEVEL_LETTERS)} ${name} ${dim(oneLine(seen))}`
}

/** A case that could be played, in a line. */
export function listLine({ name, about, section, level, expected }: CaseFacts): string {
  const columns = [name.padEnd(NAME_LETTERS), level.padEnd(LEVEL_LETTERS), section.padEnd(SECTION_LETTERS)]
  return `${columns.join(' ')} ${about}; expected: ${expected}`
}

/** What came of a run. */
export function summaryLines({ role, totals, durationMs, cases, notApplicable }: ConformReport): string {
  const counts = LEVELS.map(level => `${level} ${ofAll(totals[level])}`).join(', ')
  const failed = cases.filter(({ passed }) => !passed).map(({ name }) => name)
  const last =
    failed.length === 0
      ? []
      : [
          `Failed: ${failed.join(' ')}`,
          'Play one again with --only NAME; --report and --html keep the timeline.',
        ]
  const head = `${role}: ${counts} passed, in ${Math.round(durationMs / MS)} s`
  return [head, ...leftOutLines(notApplicable), ...last].join('\n')
}

/** How many cases were left out, by each reason. */
function leftOutLines(leftOut: ConformReport['notApplicable']): readonly string[] {
  return [...new Set(leftOut.map(({ why }) => why))].map(why => {
    const count = leftOut.filter(each => each.why === why).length
    return `Not applicable: ${count}, as ${oneLine(why)}`
  })
}

/** How many of a level passed. */
export function ofAll({ passed, failed }: Tally): string {
  return `${passed}/${passed + failed}`
}
