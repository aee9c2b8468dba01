import { drawPlots } from './plots.js'
import { escapeText } from './svg.js'
import { formatCost, formatRatio } from '../harness/format.js'
import type { BenchResult, ClaimResult, GroupResult, VariantResult } from '../harness/result.js'
import { verdict } from '../harness/table.js'

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--soft:#5a5a5a;--line:#d5d5d5;--good:#1d6b3a;--bad:#a8201a}
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#16181c;--soft:#a9a9a9;--line:#3d4047;--good:#6fd195;--bad:#ff8d86}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}caption{text-align:left;color:var(--soft)}
th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem .25rem 0;text-align:left}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.met{color:var(--good)}.missed{color:var(--bad);font-weight:600}figure{margin:1rem 0}svg{max-width:100%;height:auto}
.wide{overflow-x:auto}`

/** One page that needs nothing else: pictures and tables of each result. */
export function renderReport(results: readonly BenchResult[]): string {
  const [first] = results
  const plots = first === undefined ? [] : [...drawPlots(first).values()]
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>fido-hybrid: benchmarks</title>',
    `<style>${STYLE}</style></head><body><main><h1>fido-hybrid: benchmarks</h1>`,
    ...plots.map(plot => `<figure>${plot}</figure>`),
    ...results.map(renderResult),
    '</main></body></html>\n',
  ].join('\n')
}

function renderResult(result: BenchResult): string {
  const { machine, startedAt, groups, omitted } = result
  const { limits, missed } = verdict(result)
  const facts = [
    `OpenSSL ${machine.openssl}, V8 ${machine.v8}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}`,
    `load ${machine.load.join(' to ')}`,
    startedAt,
    `${limits - missed} of ${limits} limits met`,
  ]
  return [
    `<section><h2>Node ${escapeText(machine.node)}</h2><p>${escapeText(facts.join('; '))}</p>`,
    ...groups.map(renderGroup),
    ...omitted.map(({ name, reason }) => `<p>Left out: ${escapeText(name)}: ${escapeText(reason)}</p>`),
    '</section>',
  ].join('\n')
}

function renderGroup(group: GroupResult): string {
  return [
    `<h3>${escapeText(group.title)}</h3>`,
    renderTable(
      `${group.unit} each, ${group.rounds} interleaved rounds`,
      ['variant', 'p10', 'p50', 'p90'],
      group.variants.map(variantCells),
    ),
    ...(group.claims.length === 0
      ? []
      : [
          renderTable(
            'From the p10',
            ['ratio', 'value', '90 % of resampled runs', 'limit'],
            group.claims.map(claimCells),
          ),
        ]),
  ].join('\n')
}

type Cell = string | { readonly text: string; readonly className: string }

function variantCells({ name, p10, p50, p90 }: VariantResult): Cell[] {
  return [name, ...[p10, p50, p90].map(formatCost)]
}

function claimCells({ of, against, measure, value, low, high, limit, met }: ClaimResult): Cell[] {
  const demand = limit === undefined ? 'none' : `${measure === 'speed' ? '≥' : '≤'} ${formatRatio(limit)}`
  const outcome = met === undefined ? demand : `${demand}: ${met ? 'met' : 'missed'}`
  return [
    `${of}: ${measure} against ${against}`,
    formatRatio(value),
    `${formatRatio(low)} to ${formatRatio(high)}`,
    met === undefined ? outcome : { text: outcome, className: met ? 'met' : 'missed' },
  ]
}

/** The first column names the row. */
function renderTable(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map(
    (text, column) => `<th scope="col"${column > 0 ? ' class="number"' : ''}>${text}</th>`,
  )
  const lines = rows.map(
    ([first = '', ...rest]) =>
      `<tr><th scope="row">${textOf(first)}</th>${rest.map(renderCell).join('')}</tr>`,
  )
  return `<div class="wide"><table><caption>${escapeText(caption)}</caption><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`
}

function renderCell(cell: Cell): string {
  const className = typeof cell === 'string' ? 'number' : `number ${cell.className}`
  return `<td class="${className}">${textOf(cell)}</td>`
}

function textOf(cell: Cell): string {
  return escapeText(typeof cell === 'string' ? cell : cell.text)
}
