import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseReport, ConformCase, Role } from '../../src/conform/case.js'
import { CLIENT_CASES } from '../../src/conform/client/cases.js'
import { PHONE_CASES } from '../../src/conform/phone/cases.js'
import { runCases } from '../../src/conform/run-cases.js'
import { SERVICE_CASES } from '../../src/conform/service/cases.js'
import { buildWithDefects } from './planted/build.js'
import { ALSO_OF_CHANNELS, CHANNEL_DEFECTS } from './planted/channel-defects.js'
import { CLIENT_DEFECTS } from './planted/client-defects.js'
import type { Sighting } from './planted/defect.js'
import { ALSO_OF_LINKS, LINK_DEFECTS } from './planted/link-defects.js'
import { ALSO_OF_PHONES, PHONE_DEFECTS } from './planted/phone-defects.js'
import { SERVICE_DEFECTS } from './planted/service-defects.js'
import { removeFolder } from '../support/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = `${ROOT}node_modules/.cache/fido-hybrid-conform-${process.pid}`
const DRIVER = fileURLToPath(new URL('drivers/own.mjs', import.meta.url))
/** Several cases wait most of their time. */
const JOBS = 3 * availableParallelism()
/** A defect may make a case wait for all of its time. */
const TIMES = { timeoutMs: 20_000, patienceMs: 4000 }
const AMPLE_MS = 60_000

const DEFECTS = [...CLIENT_DEFECTS, ...PHONE_DEFECTS, ...CHANNEL_DEFECTS, ...LINK_DEFECTS, ...SERVICE_DEFECTS]
const SIGHTINGS: readonly Sighting[] = [...DEFECTS, ...ALSO_OF_PHONES, ...ALSO_OF_CHANNELS, ...ALSO_OF_LINKS]
const CASES: Readonly<Partial<Record<Role, readonly ConformCase[]>>> = {
  client: CLIENT_CASES,
  phone: PHONE_CASES,
  service: SERVICE_CASES,
}

let program: string

beforeAll(async () => {
  program = await buildWithDefects(FOLDER, DEFECTS)
})

afterAll(() => removeFolder(FOLDER))

/** Plays cases with our own command, perhaps with a defect. */
function play(
  cases: readonly ConformCase[],
  defect = '',
  timeoutMs = TIMES.timeoutMs,
): Promise<readonly CaseReport[]> {
  const command = [process.execPath, DRIVER, program, defect] as const
  return runCases(cases, { ...TIMES, timeoutMs, command, jobs: JOBS, signal: new AbortController().signal })
}

const failuresOf = (reports: readonly CaseReport[]): readonly string[] =>
  reports.filter(({ passed }) => !passed).map(({ name, seen }) => `${name}: ${seen}`)

test.each(Object.entries(CASES))('our own %s passes all cases', async (_, cases) => {
  const reports = await play(cases, '', AMPLE_MS)
  expect(reports).toHaveLength(cases.length)
  expect(failuresOf(reports).join('\n')).toBe('')
})

describe.concurrent('a planted defect is found by the case that should', () => {
  test.each(SIGHTINGS)('$role: $name ($foundBy)', async ({ name, role, foundBy }) => {
    const cases = (CASES[role] ?? []).filter(each => each.name === foundBy)
    expect(cases).toHaveLength(1)
    expect(failuresOf(await play(cases, name))).toHaveLength(1)
  })
})
