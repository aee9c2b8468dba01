import { countOutcomes, reportOf } from './outcomes.js'
import type { Outcome } from './outcomes.js'
import { runPlaywright } from './playwright-report.js'

/** The parts of Vitest’s JSON report that are read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly VitestResult[]
  }[]
}

interface VitestResult {
  readonly fullName: string
  readonly status: 'passed' | 'failed' | 'pending'
  readonly failureMessages: readonly string[] | null
}

/** `examples/e2e` in Vitest’s browser mode; its own loader of configurations knows no names of tsconfig.json. */
async function runBrowserMode(): Promise<readonly Outcome[]> {
  const vitest = ['--import', 'tsx', 'node_modules/vitest/vitest.mjs', 'run', '--configLoader', 'native']
  const reporter = ['--reporter', 'json', '--outputFile', 'REPORT']
  const args = [...vitest, '--config', 'examples/e2e/vitest/vitest.config.ts', ...reporter]
  const { testResults } = (await reportOf(args)) as VitestReport
  return testResults.flatMap(({ message, assertionResults }) => {
    if (assertionResults.length === 0) throw new Error(message)
    return assertionResults.map(outcomeOf)
  })
}

function outcomeOf({ fullName, status, failureMessages }: VitestResult): Outcome {
  return {
    name: `Vitest’s browser mode › ${fullName}`,
    status: status === 'pending' ? 'skipped' : status,
    message: failureMessages?.join('\n') ?? '',
  }
}

countOutcomes([...(await runPlaywright('examples/e2e')), ...(await runBrowserMode())])
