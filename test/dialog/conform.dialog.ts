import { expect, test } from 'vitest'
import { CLIENT_CASES } from '../../src/conform/client/cases.js'
import { casesNamed, conformancePage, outcomesOf, tryClient } from '../peers/support/conformance.js'
import { KEEPS_REPORTS, writePage } from '../peers/support/report.js'
import { chromiumVersion } from './chromium-version.js'

const DRIVER = new URL('conform-client.ts', import.meta.url)
const SAMPLE_MS = 120_000
/** A browser for each case. */
const ALL_MS = 3_600_000

/** Of each chapter some. Chromium wants adverts of exactly 20 bytes, and so fails `advert-suffix`. */
const PASSES = [
  'register',
  'login-allowed',
  'code',
  'phone-ios',
  'message-2-flipped-bit',
  'answer-other-rp',
  'service-status-410',
] as const

test(
  'Chromium’s own dialog, tried by the conformance runner, passes cases of each chapter',
  async () => {
    expect(outcomesOf(await tryClient(DRIVER, casesNamed(PASSES), 1))).toEqual([...PASSES].sort())
  },
  SAMPLE_MS,
)

const keepPage = async (): Promise<void> => {
  const reports = await tryClient(DRIVER, CLIENT_CASES, 1)
  await writePage('chromium-conformance', conformancePage(`Chromium ${chromiumVersion()}`, reports))
}
if (KEEPS_REPORTS) test('a page says what came of all cases', keepPage, ALL_MS)
