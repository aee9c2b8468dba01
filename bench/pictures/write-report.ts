import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchResult } from '../harness/result.js'
import { drawPlots } from './plots.js'
import { renderReport } from './report-page.js'
import { MARKERS, replaceResults, resultTables } from './results-page.js'

/** What a page without words of its own starts with. */
const NEW_PAGE = `# Results\n\n${MARKERS.join('\n')}\n`

/**
 * Writes `report.html`, `plots/*.svg` and the tables of `RESULTS.md` into a folder; pictures are of the first result.
 * @returns the paths of what was written.
 */
export function writeReport(results: readonly BenchResult[], folder: string): string[] {
  const [first] = results
  if (first === undefined) throw new Error('there is no result to report')
  const page = join(folder, 'RESULTS.md')
  const files = new Map([
    [join(folder, 'report.html'), renderReport(results)],
    [page, replaceResults(existsSync(page) ? readFileSync(page, 'utf8') : NEW_PAGE, resultTables(results))],
    ...Array.from(drawPlots(first), ([name, svg]) => [join(folder, 'plots', name), `${svg}\n`] as const),
  ])
  mkdirSync(join(folder, 'plots'), { recursive: true })
  for (const [path, text] of files) writeFileSync(path, text)
  return [...files.keys()]
}
