import type { CaseReport, Role } from '../../conform/case.js'
import type { ConformReport } from '../../conform/report.js'
import { htmlPage } from '../text/html-page.js'
import type { HtmlBlock, HtmlSection, HtmlText } from '../text/html-page.js'
import { ofAll } from './text.js'

/** The report as one page: a table of the sections, and each case with its timeline. */
export function htmlReport(report: ConformReport): string {
  const { role, subject, startedAt, runner, totals, cases, notApplicable } = report
  const sections = bySection(cases)
  const lead = `${subject.join(' ')}, tried by fido-hybrid ${runner} at ${startedAt}: must ${ofAll(totals.must)}, should ${ofAll(totals.should)}, may ${ofAll(totals.may)} passed.`
  return htmlPage({
    title: `Conformance of a ${role}`,
    lead,
    sections: [
      summaryOf(sections),
      ...Array.from(sections, each => sectionOf(role, each)),
      ...leftOutSection(notApplicable),
    ],
  })
}

/** In the order of the reference. */
function bySection(cases: readonly CaseReport[]): ReadonlyMap<string, readonly CaseReport[]> {
  const names = [...new Set(cases.map(({ section }) => section))]
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return new Map(names.map(name => [name, cases.filter(({ section }) => section === name)]))
}

const idOf = (section: string): string => `section-${section}`

function summaryOf(sections: ReadonlyMap<string, readonly CaseReport[]>): HtmlSection {
  const rows = Array.from(sections, ([section, cases]): readonly HtmlText[] => {
    const failed = cases.filter(({ passed }) => !passed)
    const names = failed.map(({ name }) => name).join(' ')
    return [
      { text: section, to: idOf(section) },
      cases.length - failed.length,
      failed.length,
      { text: names, tone: 'bad' },
    ]
  })
  const table = { head: ['section', 'passed', 'failed', 'which'], rows }
  return { heading: 'By section of the protocol reference', blocks: [{ table }] }
}

function sectionOf(role: Role, [section, cases]: readonly [string, readonly CaseReport[]]): HtmlSection {
  const blocks = cases.map(each => caseBlock(role, each))
  return { heading: `Section ${section}`, id: idOf(section), blocks }
}

function leftOutSection(leftOut: ConformReport['notApplicable']): readonly HtmlSection[] {
  if (leftOut.length === 0) return []
  const rows = leftOut.map(({ name, section, level, why }) => [name, level, section, why])
  const table = { head: ['case', 'level', 'section', 'why'], rows }
  return [{ heading: 'Not applicable', blocks: [{ table }] }]
}

function caseBlock(role: Role, report: CaseReport): HtmlBlock {
  const { name, about, level, passed, expected, seen, durationMs, timeline } = report
  const rows = timeline.map(({ ms, place, text }) => [ms, place, text])
  const tone = passed ? 'good' : level === 'must' ? 'bad' : 'warning'
  const facts = [`the ${role} ${about}`, `expected: ${expected}`, `seen: ${seen}`]
  return {
    summary: { text: `${passed ? 'passed' : 'failed'}: ${name} (${level}, ${durationMs} ms)`, tone },
    folded: [{ list: facts }, { table: { head: ['ms', 'where', 'what'], rows } }],
  }
}
