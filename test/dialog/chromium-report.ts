import { execFileSync } from 'node:child_process'
import type { Reporter, TestModule } from 'vitest/node'
import { findProgram, PAGE_PROGRAMS } from '../../src/testing/page-programs.js'
import { writeReport } from '../peers/support/report.js'
import type { Cell } from '../peers/support/report.js'

/** Keeps the page of Chromium’s cells, as those of other peers are kept. */
export const chromiumReport: Reporter = {
  async onTestRunEnd(modules: readonly TestModule[]) {
    const browser = findProgram(PAGE_PROGRAMS.browser, process.env['PATH'])
    const told = execFileSync(browser, ['--version'], { encoding: 'utf8' })
    await writeReport('Chromium', /[\d.]+/.exec(told)?.[0] ?? '', modules.flatMap(cellsIn))
  },
}

function cellsIn(module: TestModule): Cell[] {
  return Array.from(module.children.allTests(), test => {
    const { state } = test.result()
    return { flow: test.fullName.replaceAll(' > ', ': '), result: state === 'pending' ? 'skipped' : state }
  })
}
