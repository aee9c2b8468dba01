import { describe, expect, test } from 'vitest'
import { CLIENT_CASES } from '../../src/conform/client/cases.js'
import { PHONE_CASES } from '../../src/conform/phone/cases.js'
import { SERVICE_CASES } from '../../src/conform/service/cases.js'
import type { ConformCase } from '../../src/conform/case.js'

const CATALOGUES: readonly (readonly [string, readonly ConformCase[]])[] = [
  ['client', CLIENT_CASES],
  ['phone', PHONE_CASES],
  ['service', SERVICE_CASES],
]

describe.each(CATALOGUES)('the cases of a %s', (_, cases) => {
  test('have names of their own, of letters, digits and hyphens', () => {
    const names = cases.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter(name => !/^[a-z0-9-]+$/.test(name))).toEqual([])
  })

  test('say what is to be seen', () => {
    for (const { about, expected } of cases) expect([about, expected]).toEqual([/\w/, /\w/].map(fits))
  })
})

const fits = (pattern: RegExp): unknown => expect.stringMatching(pattern)
