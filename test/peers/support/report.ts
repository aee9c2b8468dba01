import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { RunnerTestSuite } from 'vitest'

/** One flow with one peer. */
export interface Cell {
  /** Headings and the test’s own words, from the outermost. */
  readonly flow: string
  readonly result: 'passed' | 'failed' | 'skipped'
}

const FOLDER = fileURLToPath(new URL('../reports/', import.meta.url))

/** The tests of a suite, those inside its headings too. */
export function cellsOf(suite: Readonly<Pick<RunnerTestSuite, 'tasks'>>, heading = ''): Cell[] {
  return suite.tasks.flatMap(task => {
    const flow = heading + task.name
    if (task.type === 'suite') return cellsOf(task, `${flow}: `)
    return [{ flow, result: resultOf(task.result?.state) }]
  })
}

function resultOf(state: string | undefined): Cell['result'] {
  if (state === 'pass') return 'passed'
  return state === 'fail' ? 'failed' : 'skipped'
}

/** The page of a run in Markdown. @param day `YYYY-MM-DD`. */
export function reportPage(peer: string, version: string, day: string, cells: readonly Cell[]): string {
  const rows = [{ flow: 'flow', result: 'result' }, ...cells]
  const widthOf = (column: keyof Cell): number => Math.max(...rows.map(row => row[column].length))
  const row = (flow: string, result: string, fill = ' '): string =>
    `| ${flow.padEnd(widthOf('flow'), fill)} | ${result.padEnd(widthOf('result'), fill)} |`
  const count = (wanted: Cell['result']): number => cells.filter(({ result }) => result === wanted).length
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''
  return [
    `# ${peer} ${version}`,
    '',
    `Run on ${day}: ${count('passed')} of ${cells.length} cells passed${skipped}.`,
    '',
    row('flow', 'result'),
    row('', '', '-'),
    ...cells.map(({ flow, result }) => row(flow, result)),
    '',
  ].join('\n')
}

/** Whether pages of runs are kept: the environment has `PEER_REPORTS=1`. */
export const KEEPS_REPORTS: boolean = process.env['PEER_REPORTS'] === '1'

/** Keeps the page of a run in `test/peers/reports/` where pages are kept. */
export async function writeReport(peer: string, version: string, cells: readonly Cell[]): Promise<void> {
  if (KEEPS_REPORTS) await writePage(fileName(peer), reportPage(peer, version, today(), cells))
}

/** @param name without its ending. */
export async function writePage(name: string, page: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}${name}.md`, page)
}

/** `YYYY-MM-DD`, UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10)

function fileName(peer: string): string {
  return (peer.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-')
}
