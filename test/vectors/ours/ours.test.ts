import { describe, expect, test } from 'vitest'
import { index, vectorFiles } from '../files.js'
import { spoiltFiles } from '../spoilt.js'
import type { VectorFile } from '../files.js'
import { ADVERTS } from './adverts.js'
import { CODES } from './codes.js'
import { LINKS } from './links.js'
import { Given } from './operation.js'
import type { Fields, Operation } from './operation.js'
import { TRAFFIC } from './traffic.js'

/** What the entries `wire`, `noise` and `session` compute, by FILE.GROUP. */
const OPERATIONS: Readonly<Record<string, Operation>> = { ...CODES, ...ADVERTS, ...LINKS, ...TRAFFIC }

/** Groups that no entry computes, and where they are checked. */
const NOT_HERE: Readonly<Record<string, string>> = {
  'device-request.requests': 'no entry has it: test/digital/device-request.test.ts',
  'noise.initialStates': 'a state does not show its hash: test/noise/handshake-state.test.ts',
  'pin-uv-auth-protocol.agreements': 'no entry has it: test/ctap/pin-uv-auth-protocol.test.ts',
  'pin-uv-auth-protocol.secrets': 'no entry has it: test/ctap/pin-uv-auth-protocol.test.ts',
  'post-handshake.revision0': 'refused, not read: test/message/post-handshake.test.ts',
  'tunnel-path.statuses': 'a service answers so: test/service/admission.test.ts',
}

/** Fields that no entry shows. The keys of traffic show in the frames that they seal. */
const NOT_SHOWN: Readonly<Record<string, readonly string[]>> = {
  'chromium-156.sessions': ['clientToPhoneKey', 'phoneToClientKey', 'credential'],
  'derive.seedToKey': ['publicKeyCompressed'],
  'frames.sealed': ['nonce', 'aad', 'frame'],
  'linking.handshakes': ['hashAfterMessage1', 'initiatorToResponderKey', 'responderToInitiatorKey'],
  'linking.updates': ['map'],
  'noise.handshakes': ['hashAfterMessage1', 'initiatorToResponderKey', 'responderToInitiatorKey'],
  'trace-ios.sessions': ['clientToPhoneKey', 'phoneToClientKey', 'clientDataJSON', 'rpId'],
  'worked-example.adverts': ['adStructure'],
  'worked-example.handshakes': ['clientToPhoneKey', 'phoneToClientKey'],
}

type Case = VectorFile['groups'][string]['cases'][number]

interface Outcome {
  readonly output?: Fields
  readonly error?: string
}

/** What the library makes of a case, as it would stand in the file; what is not shown is left out on both sides. */
function outcomesOf(path: string, { input, output = {} }: Case): Outcome {
  const operation = OPERATIONS[path]
  try {
    const all = operation?.(new Given(input as Fields), new Given(output as Fields)) ?? {}
    return { output: Object.fromEntries(Object.keys(output).map(name => [name, all[name]])) }
  } catch (error) {
    return { error: String((error as { code?: unknown }).code ?? error) }
  }
}

function expectedOf(path: string, { output, error }: Case, found: Outcome): Outcome {
  if (output === undefined) return error === undefined ? {} : { error }
  const hidden = (NOT_SHOWN[path] ?? []).filter(name => found.output?.[name] === undefined)
  return { output: { ...output, ...Object.fromEntries(hidden.map(name => [name, undefined])) } }
}

const groups = [...vectorFiles].flatMap(([file, { groups: all }]) =>
  Object.entries(all).map(([name, { cases }]) => [`${file.replace('.json', '')}.${name}`, cases] as const),
)

test('each group is computed, or checked elsewhere', () => {
  const known = [...Object.keys(OPERATIONS), ...Object.keys(NOT_HERE)]
  expect(groups.map(([path]) => path).toSorted()).toEqual(known.toSorted())
})

describe.each(groups.filter(([path]) => path in OPERATIONS))('%s', (path, cases) => {
  test.each(cases)('$name', vector => {
    const found = outcomesOf(path, vector)
    expect(found).toEqual(expectedOf(path, vector, found))
  })
})

test('every change is found, except in members that are not shown', () => {
  const missed = spoiltFiles().flatMap(({ file, content }) =>
    Object.entries((content as VectorFile).groups).flatMap(([name, { cases }]) => {
      const path = `${file.replace('.json', '')}.${name}`
      if (!(path in OPERATIONS)) return []
      return cases.filter(isTakenFor(path)).map(vector => `${path}: ${vector.name}`)
    }),
  )
  expect(missed).toEqual([])
  expect(index.files).toHaveLength(vectorFiles.size)
})

/** Whether a spoilt case passes for right, though what is spoilt is shown. */
function isTakenFor(path: string): (vector: Case) => boolean {
  return vector => {
    const spoilt = /\((\w+)(?:, \d+)?\)$/.exec(vector.name)?.[1] ?? ''
    if (NOT_SHOWN[path]?.includes(spoilt) === true) return false
    const found = outcomesOf(path, vector)
    return JSON.stringify(found) === JSON.stringify(expectedOf(path, vector, found))
  }
}
