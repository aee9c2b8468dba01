import { reportOf } from './outcomes.js'
import type { Outcome } from './outcomes.js'

/** The parts of Playwright’s JSON report that are read here. */
interface Report {
  readonly suites: readonly ReportedSuite[]
  /** Of no test, such as a web server that does not start. */
  readonly errors: readonly ReportedError[]
}

interface ReportedSuite {
  readonly title: string
  readonly suites?: readonly ReportedSuite[]
  readonly specs: readonly ReportedSpec[]
}

interface ReportedSpec {
  readonly title: string
  readonly tests: readonly ReportedTest[]
}

interface ReportedTest {
  readonly projectName: string
  /** `flaky`: passed when it was tried again. */
  readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
  readonly results: readonly ReportedResult[]
}

interface ReportedResult {
  readonly errors: readonly ReportedError[]
  readonly attachments: readonly ReportedAttachment[]
}

interface ReportedError {
  readonly message?: string
}

/** Something that a test leaves for people to look at. */
interface ReportedAttachment {
  readonly name: string
  readonly contentType: string
  /** Base64. */
  readonly body?: string
}

/** A test of Playwright, and what it left. */
export interface PlaywrightOutcome extends Outcome {
  readonly attachments: readonly ReportedAttachment[]
}

const STATUS = { expected: 'passed', unexpected: 'failed', flaky: 'failed', skipped: 'skipped' } as const

/** Runs the tests of a configuration. @throws Error where the run itself fails. */
export async function runPlaywright(folder: string): Promise<readonly PlaywrightOutcome[]> {
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--config', folder, '--reporter', 'json']
  const { suites, errors } = (await reportOf(args)) as Report
  if (errors.length > 0) throw new Error(messageOf(errors))
  return suites.flatMap(outcomesIn)
}

function outcomesIn({ title, suites = [], specs }: ReportedSuite): readonly PlaywrightOutcome[] {
  const own = specs.flatMap(spec => spec.tests.map(test => outcomeOf(spec.title, test)))
  return [...own, ...suites.flatMap(outcomesIn)].map(outcome => ({
    ...outcome,
    name: `${title} › ${outcome.name}`,
  }))
}

function outcomeOf(title: string, { projectName, status, results }: ReportedTest): PlaywrightOutcome {
  return {
    name: projectName === '' ? title : `${title} (${projectName})`,
    status: STATUS[status],
    message: messageOf(results.flatMap(({ errors }) => errors)),
    attachments: results.flatMap(({ attachments }) => attachments),
  }
}

function messageOf(errors: readonly ReportedError[]): string {
  return errors.map(({ message = '' }) => message).join('\n')
}
