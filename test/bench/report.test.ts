import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { GroupResult } from '../../bench/harness/result.js'
import { flameGraph } from '../../bench/pictures/flame-graph.js'
import { replaceResults } from '../../bench/pictures/results-page.js'
import { writeReport } from '../../bench/pictures/write-report.js'
import { callTree, hottest } from '../../bench/profiling/cpu-profile.js'
import { SUITES } from '../../bench/suites.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { checkWellFormed } from '../support/well-formed.js'
import { groupOf, resultOf } from './result-of.js'

const folder = useFolderPerTest()

const MISSED = {
  of: 'ours',
  against: 'bare',
  measure: 'speed',
  value: 0.5,
  low: 0.45,
  high: 0.55,
  limit: 0.9,
  met: false,
} as const
const MET = { ...MISSED, of: 'theirs', value: 0.95, met: true }
const TIMELINE = [
  { lane: 'laptop', name: 'Noise message 1', from: 0, to: 25.5 },
  { lane: 'phone', name: 'Noise message 2', from: 26, to: 51.25 },
]
const GROUPS: readonly GroupResult[] = [
  groupOf('handshake-kn', 'both sides', [MISSED, MET]),
  groupOf('handshake-operations', 'node'),
  groupOf('eid', '1 key'),
  groupOf('eid', '100 keys'),
  groupOf('service-memory', '1000 tunnels'),
  { ...groupOf('registration-delayed', 'waiting'), timeline: TIMELINE },
]
const PLOTS = ['eid-keys', 'handshake-operations', 'providers', 'round-trips', 'tunnels']

test('the report is one page with a picture for each kind of number and a table for each group', () => {
  writeReport([resultOf([], GROUPS)], folder.path)
  const html = readFileSync(folder.at('report.html'), 'utf8')
  expect(html).toContain('<html lang="en">')
  expect(html).not.toMatch(/<script|<link| src=| href=/)
  expect(html.match(/<caption>/g)?.length).toBe(GROUPS.length + 1)
  expect(html).toContain('<th scope="row">ours</th>')
  expect(html).toContain('≥ 0.90: missed')
  expect(html).toContain('≥ 0.90: met')
  expect(html).toContain('A &lt;fast&gt; processor')
  expect(html.match(/<svg /g)?.length).toBe(PLOTS.length)
})

test('each picture is well-formed, says what it shows in words, and suits light and dark', async () => {
  writeReport([resultOf([], GROUPS)], folder.path)
  const names = (await folder.names()).filter(name => name !== 'plots')
  expect(names).toEqual(['RESULTS.md', 'report.html'])
  for (const name of PLOTS) {
    const svg = readFileSync(folder.at('plots', `${name}.svg`), 'utf8')
    checkWellFormed(svg.trimEnd())
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/)
    expect(svg).toContain('prefers-color-scheme:dark')
    expect(svg).not.toContain('NaN')
  }
  expect(readFileSync(folder.at('plots', 'round-trips.svg'), 'utf8')).toContain('26.0 to 51.3 ms')
})

test('the tables have a column for each Node, and what stands around them stays', () => {
  writeFileSync(folder.at('RESULTS.md'), 'before\n<!-- results -->\nold\n<!-- /results -->\nafter\n')
  const first = resultOf([], GROUPS)
  const second = { ...first, machine: { ...first.machine, node: 'v24.1.0' }, groups: GROUPS.slice(1) }
  writeReport([first, second], folder.path)
  const page = readFileSync(folder.at('RESULTS.md'), 'utf8')
  expect(page).toMatch(/^before\n<!-- results -->\n\n/)
  expect(page).toMatch(/\n\n<!-- \/results -->\nafter\n$/)
  expect(page).not.toContain('old')
  expect(page).toContain('| benchmark | ratio | limit | Node 20.19.0 | Node 24.1.0 |')
  expect(page).toContain(
    '| handshake-kn of both sides | ours: speed against bare | ≥ 0.90 | **0.50 missed** | – |',
  )
  expect(page).toContain('| eid of 1 key | ours | µs | 2.00 (2.50, 4.00) | 2.00 (2.50, 4.00) |')
})

test('the tables have rows for every suite', () => {
  writeReport(
    [
      resultOf(
        [],
        SUITES.map(({ name }) => groupOf(name, 'group', [MET, MISSED])),
      ),
    ],
    folder.path,
  )
  const page = readFileSync(folder.at('RESULTS.md'), 'utf8')
  for (const { name } of SUITES)
    expect(page.match(new RegExp(`^\\| ${name} of group \\|`, 'gm')), name).toHaveLength(4)
})

test('a page without its markers is left alone', () => {
  expect(() => replaceResults('only words', 'tables')).toThrow('<!-- results -->')
})

test('what was not measured has no picture', async () => {
  writeReport([resultOf([MISSED])], folder.path)
  expect(await folder.names()).toEqual(['RESULTS.md', 'plots', 'report.html'])
  expect(readFileSync(folder.at('report.html'), 'utf8')).not.toContain('<svg')
})

const frame = (functionName: string, url = '') => ({
  functionName,
  url,
  scriptId: '0',
  lineNumber: 0,
  columnNumber: 0,
})
const PROFILE = {
  startTime: 0,
  endTime: 10_000,
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5, 6] },
    { id: 2, callFrame: frame('main'), children: [3, 4] },
    { id: 3, callFrame: frame('work', 'file:///x/node_modules/@scope/lib/index.js') },
    { id: 4, callFrame: frame('work', 'file:///x/node_modules/@scope/lib/index.js') },
    { id: 5, callFrame: frame('(idle)') },
    { id: 6, callFrame: frame('') },
  ],
  samples: [2, 3, 4, 5, 6],
  timeDeltas: [1000, 2000, 3000, 90_000, 4000],
}

test('a profile becomes a call tree without idle time, and a flame graph', () => {
  const tree = callTree(PROFILE)
  expect(tree).toMatchObject({ name: 'all', total: 10, self: 0 })
  expect(tree.children).toMatchObject([
    { name: 'main', total: 6, self: 1, children: [{ name: 'work @scope/lib', total: 5, self: 5 }] },
    { name: '(anonymous)', total: 4 },
  ])
  expect(hottest(tree, 2)).toEqual([
    { name: 'work @scope/lib', share: 0.5 },
    { name: '(anonymous)', share: 0.4 },
  ])
  const svg = flameGraph({ title: 'a & b', description: 'c < d' }, tree)
  checkWellFormed(svg)
  expect(svg).toContain('work @scope/lib: 50.0 %')
})
