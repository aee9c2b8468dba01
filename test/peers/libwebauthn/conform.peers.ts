import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, test } from 'vitest'
import { CLIENT_CASES } from '../../../src/conform/client/cases.js'
import { casesNamed, conformancePage, outcomesOf, tryClient } from '../support/conformance.js'
import { KEEPS_REPORTS, writePage } from '../support/report.js'
import { compile, lockedVersion } from './program.js'
import { lackingForLibwebauthn } from './requirements.js'

const DRIVER = new URL('conform-client.ts', import.meta.url)
const JOBS = 2 * availableParallelism()
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

const lacks = lackingForLibwebauthn()

const skipped = lacks === undefined ? '' : `, skipped: ${lacks}`

describe.skipIf(skipped !== '')(`libwebauthn, tried by the conformance runner${skipped}`, () => {
  beforeAll(() => compile())

  test('some cases of each chapter pass', async () => {
    expect(outcomesOf(await tryClient(DRIVER, casesNamed(PASSES), JOBS))).toEqual([...PASSES].sort())
  })

  test('what it is known to do otherwise is found', async () => {
    const found = outcomesOf(await tryClient(DRIVER, casesNamed(FAILS), JOBS))
    expect(found.map(outcome => outcome.replace(/:.*/s, ' fails'))).toEqual(
      [...FAILS].map(name => `${name} fails`).sort(),
    )
  })

  const keepPage = async (): Promise<void> => {
    const reports = await tryClient(DRIVER, CLIENT_CASES, JOBS)
    const page = conformancePage(`libwebauthn ${lockedVersion('libwebauthn')}`, reports)
    await writePage('libwebauthn-conformance', page)
  }
  if (KEEPS_REPORTS) test('a page says what came of all cases', keepPage, ALL_MS)
})
