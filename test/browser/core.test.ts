import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as noise from '../../src/noise.js'
import * as session from '../../src/session.js'
import * as wire from '../../src/wire.js'
import { cases } from '../support/cases.js'
import type { FixtureFile } from '../support/cases.js'
import { fixture } from '../support/fixture.js'
import { providers } from '../support/providers.js'
import { speakCeremony } from './page/ceremony.js'
import type { Outcome } from './page/suites.js'
import { useChromium } from './support/chromium.js'
import { buildCoreScripts, ROOMS_IN_PAGES, suitesOf } from './support/core-scripts.js'
import { servePage } from './support/page-server.js'
import type { PageServer } from './support/page-server.js'
import { NOT_OF_THE_CORE, VECTOR_CHECKS } from './support/vector-checks.js'
import type { VectorCheck } from './support/vector-checks.js'

/** Tests of the core that ask something of Node: its crypto, its Buffer, its inspection of objects, a snapshot. */
const ONLY_IN_NODE = [
  'test/advert/advert-key.test: keeps a copy of the key, prints as [redacted] and is of no use once destroyed',
  'test/advert/eid.test: is read into copies, from a Buffer too',
  'test/advert/sealed-advert.test: gives copies, of a Buffer too',
  'test/cbor/cbor.test: gives fresh, plain byte strings and leaves the input as it is',
  'test/cbor/encode.test: writes subclasses of Map, Array and Uint8Array like their bases',
  'test/crypto/hkdf.test: copies, does not print, and wipes',
  'test/crypto/hkdf.test: ends when destroyed',
  'test/crypto/provider.test: authenticates with keys and messages of any length as the reference does',
  'test/crypto/provider.test: checks the tags of many messages with one key, cut ones too',
  'test/crypto/provider.test: prints its keys as [redacted]',
  'test/ctap/cose-key.test: of an Ed25519 key is what Node writes',
  'test/ctap/cose-key.test: of an RSA key of 512 bits is what Node writes',
  'test/ctap/cose-key.test: of an RSA key of 1024 bits is what Node writes',
  'test/ctap/cose-key.test: of an RSA key of 2048 bits is what Node writes',
  'test/handshake/handshake.test: finishes once only, and not after destroy',
  'test/handshake/sealed-traffic.test: is of no use once destroyed, and prints as [redacted]',
  'test/noise/cipher-state.test: is of no use once destroyed',
  'test/noise/handshake-state.test: prints as [redacted]',
  'test/qr/payload.test: takes points in a Buffer and leaves them alone',
  'test/session/linking.test: takes it at place 0',
  'test/session/linking.test: takes it at place 1',
  'test/session/linking.test: takes it at place 2',
  'test/session/states.test: the drawn states are the table',
]
const REASON = /^(?:only in Node: |Buffer is not defined$|The snapshot state )/

const chromium = useChromium()
let server: PageServer

beforeAll(async () => {
  server = await servePage(await buildCoreScripts())
})
afterAll(() => server.close())

const ran = new Map<string, Promise<readonly Outcome[]>>()

/** Runs the tests of a room in a page, once. */
function outcomesOf(room: string): Promise<readonly Outcome[]> {
  const outcomes = ran.get(room) ?? runInPage(suitesOf(room))
  ran.set(room, outcomes)
  return outcomes
}

async function runInPage(suites: readonly string[]): Promise<readonly Outcome[]> {
  const page = await chromium.open(server.url)
  return page.evaluate(`runSuites(${JSON.stringify(suites)})`)
}

const nameOf = ({ suite, name }: Outcome): string => `${suite}: ${name}`

describe.each(ROOMS_IN_PAGES)('in a page, the tests of the room %s', room => {
  test('pass, but for those that need Node', async () => {
    const outcomes = await outcomesOf(room)
    const others = outcomes.filter(({ state }) => state !== 'pass')
    const failed = others.filter(({ errors }) => !errors.every(error => REASON.test(error)))
    expect(failed).toEqual([])
    const expected = ONLY_IN_NODE.filter(name => name.startsWith(`test/${room}/`))
    expect(others.map(nameOf).sort()).toEqual(expected.sort())
    const suites = new Set(outcomes.map(({ suite }) => suite))
    expect([...suites].sort()).toEqual(suitesOf(room))
  })
})

describe('every vector is checked in a page', () => {
  test.each(VECTOR_CHECKS)('$suite: $name, of $of', async ({ suite, name, of }: VectorCheck) => {
    const outcomes = await outcomesOf(suite.split('/')[1] ?? '')
    const passed = outcomes.filter(
      outcome => outcome.suite === suite && outcome.state === 'pass' && name.test(outcome.name),
    )
    expect(passed).toHaveLength(of.map(countVectors).reduce((sum, count) => sum + count))
  })

  test('no list of vectors is left out', () => {
    const checked = new Set([...VECTOR_CHECKS.flatMap(({ of }) => of), ...NOT_OF_THE_CORE])
    const left = listsOfVectors().filter(([name, list]) => !checked.has(name) && !checked.has(list))
    expect(left).toEqual([])
  })
})

/** FIXTURE and FIXTURE.GROUP of all that there are. */
function listsOfVectors(): readonly (readonly [string, string])[] {
  const names = readdirSync(new URL('../../fixtures', import.meta.url)).filter(name => name.endsWith('.json'))
  return names.flatMap(file => {
    const name = file.slice(0, -'.json'.length)
    return Object.keys(fixture<Partial<FixtureFile>>(name).groups ?? {}).map(
      group => [name, `${name}.${group}`] as const,
    )
  })
}

function countVectors(path: string): number {
  const [name = '', group = ''] = path.split('.')
  return cases(name, group).length
}

test.each(Object.entries({ wire, noise, session }))(
  'the entry %s offers a page what it offers Node',
  async (name, entry) => {
    const page = await chromium.open(server.url)
    const offered = await page.evaluate<string[]>(`import('/${name}.js').then(Object.keys)`)
    expect(offered.sort()).toEqual(Object.keys(entry).sort())
  },
)

test('a ceremony between both sessions in a page has the bytes that it has in Node', async () => {
  const page = await chromium.open(server.url)
  const spoken = await page.evaluate<string[]>('speakCeremony()')
  expect(spoken.map(line => line.split(' ', 2).join(' '))).toEqual([
    'client shows',
    'phone dial',
    'phone advertise',
    'client dial',
    'client send',
    'phone send',
    'phone send',
    'client send',
    'phone send',
    'client send',
    'phone closed',
    'client closed',
  ])
  for (const crypto of providers) expect(spoken).toEqual(speakCeremony(crypto))
})
