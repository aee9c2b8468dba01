import type { Reporter, TestModule } from 'vitest/node'
import { writeReport } from '../peers/support/report.js'
import type { Cell } from '../peers/support/report.js'
import { chromiumVersion } from './chromium-version.js'

/** Keeps the page of Chromium’s cells, as those of other peers are kept. */
export const chromiumReport: Reporter = {
  async onTestRunEnd(modules: readonly TestModule[]) {
    await writeReport('Chromium', chromiumVersion(), modules.flatMap(cellsIn))
  },
}

function cellsIn(module: TestModule): Cell[] {
  return Array.from(module.children.allTests(), test => {
    const { state } = test.result()
    return { flow: test.fullName.replaceAll(' > ', ': '), result: state === 'pending' ? 'skipped' : state }
  })
}
