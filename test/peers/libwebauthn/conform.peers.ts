import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CaseReport, ConformCase, Level } from '../../../src/conform/case.js'
import { CLIENT_CASES } from '../../../src/conform/client/cases.js'
import { runCases } from '../../../src/conform/run-cases.js'
import { KEEPS_REPORTS, today, writePage } from '../support/report.js'
import { compile, lockedVersion } from './program.js'
import { lackingForLibwebauthn } from './requirements.js'

const DRIVER = fileURLToPath(new URL('conform-client.ts', import.meta.url))
const COMMAND = [process.execPath, '--import', 'tsx', DRIVER] as const
const LEVELS: readonly Level[] = ['must', 'should', 'may']
/** All of them take minutes. */
const ALL_MS = 900_000

/** Of each chapter some. */
const PASSES = [
  'register',
  'login',
  'login-allowed',
  'client-data',
  'counters',
  'advert-suffix',
  'phone-ios',
  'message-2-flipped-bit',
  'introduction-flipped-bit',
  'type-unknown',
  'answer-bomb-depth',
  'service-status-410',
] as const
/** What libwebauthn leaves to the relying party, and a plaintext with the type in front of the padding. */
const FAILS = ['padding', 'answer-other-rp', 'login-answer-other-credential'] as const

function play(cases: readonly ConformCase[]): Promise<readonly CaseReport[]> {
  const jobs = 2 * availableParallelism()
  const times = { timeoutMs: 60_000, patienceMs: 4000 }
  return runCases(cases, { ...times, command: COMMAND, jobs, signal: new AbortController().signal })
}

const named = (names: readonly string[]): readonly ConformCase[] =>
  CLIENT_CASES.filter(({ name }) => names.includes(name))

const outcomes = (reports: readonly CaseReport[]): readonly string[] =>
  reports.map(({ name, passed, seen }) => (passed ? name : `${name}: ${seen}`)).sort()

/** What did not pass, of how many. */
function page(reports: readonly CaseReport[]): string {
  const counts = LEVELS.map(level => {
    const ofLevel = reports.filter(each => each.level === level)
    return `${ofLevel.filter(({ passed }) => passed).length} of ${ofLevel.length} _${level}_`
  })
  const failed = reports.filter(({ passed }) => !passed)
  return [
    `# libwebauthn ${lockedVersion('libwebauthn')}, tried by \`fido-hybrid conform client\``,
    '',
    `Run on ${today()}: passed ${counts.join(', ')}. What did not pass:`,
    ...failed.flatMap(({ level, name, section, about, seen }) => [
      '',
      `- \`${name}\` (${level}, section ${section}): the client ${about}. Seen: ${seen}.`,
    ]),
    '',
  ].join('\n')
}

const lacks = lackingForLibwebauthn()

const skipped = lacks === undefined ? '' : `, skipped: ${lacks}`

describe.skipIf(skipped !== '')(`libwebauthn, tried by the conformance runner${skipped}`, () => {
  beforeAll(() => compile())

  test('some cases of each chapter pass', async () => {
    expect(outcomes(await play(named(PASSES)))).toEqual([...PASSES].sort())
  })

  test('what it is known to do otherwise is found', async () => {
    const found = outcomes(await play(named(FAILS)))
    expect(found.map(outcome => outcome.replace(/:.*/s, ' fails'))).toEqual(
      [...FAILS].map(name => `${name} fails`).sort(),
    )
  })

  const keepPage = async (): Promise<void> =>
    writePage('libwebauthn-conformance', page(await play(CLIENT_CASES)))
  if (KEEPS_REPORTS) test('a page says what came of all cases', keepPage, ALL_MS)
})
