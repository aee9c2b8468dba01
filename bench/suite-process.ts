import { measureGroup } from './harness/group.js'
import type { BenchContext } from './harness/group.js'
import type { SuiteReport } from './harness/suite-run.js'
import { FULL_PACE, QUICK_PACE } from './harness/rounds.js'
import { SUITES } from './suites.js'

// What `run.ts` starts for each suite, so that none runs on what another has compiled or left as garbage:
// `node suite-process.js NAME quick|full`.
const [, , name = '', pace = ''] = process.argv
process.once('SIGINT', () => process.exit())
process.once('disconnect', () => process.exit())

const quick = pace === 'quick'
const context: BenchContext = {
  quick,
  group: async spec => {
    const group = await measureGroup(name, spec, quick ? QUICK_PACE : FULL_PACE)
    await tell({ group })
    return group
  },
  omit: omission => void tell({ omission }),
}

try {
  const suite = await SUITES.find(entry => entry.name === name)?.load()
  if (suite === undefined) throw new Error(`there is no suite ${name}`)
  await suite.measure(context)
} catch (error) {
  await tell({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}
process.disconnect()

function tell(report: SuiteReport): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined) throw new Error('nobody listens')
    process.send(report, undefined, undefined, () => resolve())
  })
}
