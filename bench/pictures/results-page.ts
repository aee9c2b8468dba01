import { formatCost, formatRatio } from '../harness/format.js'
import { claimKey } from '../harness/claim-key.js'
import type { BenchResult, ClaimResult } from '../harness/result.js'

export const MARKERS = ['<!-- results -->', '<!-- /results -->'] as const

/** Puts new tables between the markers of a page; what people wrote around them stays. @throws Error without markers. */
export function replaceResults(page: string, tables: string): string {
  const [begin, end] = MARKERS
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${tables}\n\n${page.slice(to)}`
}

/** Tables in Markdown, with one column for each result. */
export function resultTables(results: readonly BenchResult[]): string {
  const claims = claimRows(results)
  const limited = claims.filter(({ limit }) => limit !== '')
  const others = claims.filter(({ limit }) => limit === '')
  return [
    results.map(machineLine).join('\n'),
    '### Against the limits',
    claimTable(limited, results),
    '### For information',
    claimTable(others, results),
    '### What was measured',
    costTable(results),
    ...omissions(results),
  ].join('\n\n')
}

function machineLine({ machine, startedAt, quick }: BenchResult): string {
  const { node, openssl, cpu, cores, platform, load } = machine
  const day = startedAt.slice(0, 10)
  const hint = quick ? '; a quick run, not to be cited' : ''
  return `- Node ${node}, OpenSSL ${openssl}; ${cpu}, ${cores} cores, ${platform}; load ${load.join(' to ')}; ${day}${hint}`
}

interface ClaimRow {
  readonly suite: string
  readonly title: string
  readonly words: string
  readonly limit: string
  readonly cells: readonly string[]
}

/** Rows in the order of the first result that has them. */
function claimRows(results: readonly BenchResult[]): ClaimRow[] {
  const keyed = results.map(
    ({ groups }) =>
      new Map(groups.flatMap(group => group.claims.map(claim => [claimKey(group, claim), { group, claim }]))),
  )
  const all = new Map(keyed.flatMap(claims => [...claims]))
  return Array.from(all, ([key, { group, claim }]) => ({
    suite: group.suite,
    title: group.title,
    words: `${claim.of}: ${claim.measure} against ${claim.against}`,
    limit:
      claim.limit === undefined ? '' : `${claim.measure === 'speed' ? '≥' : '≤'} ${formatRatio(claim.limit)}`,
    cells: keyed.map(claims => claimCell(claims.get(key)?.claim)),
  }))
}

function claimCell(claim: ClaimResult | undefined): string {
  if (claim === undefined) return '–'
  const ratio = formatRatio(claim.value)
  if (claim.met === undefined) return ratio
  return claim.met ? `${ratio} met` : `**${ratio} missed**`
}

function claimTable(rows: readonly ClaimRow[], results: readonly BenchResult[]): string {
  const heads = results.map(({ machine }) => `Node ${machine.node.slice(1)}`)
  const lines = rows.map(({ title, words, limit, cells }) => [title, words, limit, ...cells])
  return table(['benchmark', 'ratio', 'limit', ...heads], lines)
}

function costTable(results: readonly BenchResult[]): string {
  const heads = results.map(({ machine }) => `Node ${machine.node.slice(1)}`)
  const keyed = results.map(
    ({ groups }) =>
      new Map(
        groups.flatMap(group =>
          group.variants.map(variant => [`${group.suite}|${group.name}|${variant.name}`, { group, variant }]),
        ),
      ),
  )
  const all = new Map(keyed.flatMap(costs => [...costs]))
  const lines = Array.from(all, ([key, { group, variant }]) => [
    group.title,
    variant.name,
    group.unit,
    ...keyed.map(costs => {
      const found = costs.get(key)?.variant
      if (found === undefined) return '–'
      const { p10, p50, p90 } = found
      return p10 === p90 ? formatCost(p10) : `${formatCost(p10)} (${formatCost(p50)}, ${formatCost(p90)})`
    }),
  ])
  return table(['benchmark', 'variant', 'unit', ...heads.map(head => `${head}: p10 (p50, p90)`)], lines)
}

function omissions(results: readonly BenchResult[]): string[] {
  const lines = results.flatMap(({ omitted, machine }) =>
    omitted.map(({ name, reason }) => `- Node ${machine.node.slice(1)}, ${name}: ${reason}`),
  )
  return lines.length === 0 ? [] : ['### Left out', lines.join('\n')]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
