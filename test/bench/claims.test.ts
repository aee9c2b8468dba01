import { expect, test } from 'vitest'
import { checkClaim } from '../../bench/harness/group.js'
import { compareResults } from '../../bench/harness/comparison.js'
import { resultOf } from './result-of.js'

const steady = (cost: number): number[] => Array.from({ length: 20 }, () => cost)
const SAMPLES = new Map([
  ['ours', steady(2)],
  ['bare', steady(1)],
  ['start', steady(0.5)],
])

test.each([
  [
    { of: 'ours', against: 'bare', atLeast: 0.5 },
    { measure: 'speed', value: 0.5, limit: 0.5, met: true },
  ],
  [
    { of: 'ours', against: 'bare', atLeast: 0.6 },
    { measure: 'speed', value: 0.5, limit: 0.6, met: false },
  ],
  [
    { of: 'ours', against: 'bare', atMost: 2 },
    { measure: 'cost', value: 2, limit: 2, met: true },
  ],
  [
    { of: 'ours', against: 'bare', atMost: 1.9 },
    { measure: 'cost', value: 2, limit: 1.9, met: false },
  ],
  [
    { of: 'ours', against: 'bare', over: 'start', atMost: 3 },
    { measure: 'cost', value: 3, met: true },
  ],
] as const)('%j', (claim, expected) => {
  expect(checkClaim(claim, SAMPLES)).toEqual([expect.objectContaining(expected)])
})

test('without a limit nothing is met or missed, and what was not measured is passed over', () => {
  const [told] = checkClaim({ of: 'ours', against: 'bare' }, SAMPLES)
  expect(told).toMatchObject({ measure: 'speed', value: 0.5 })
  expect(told).not.toHaveProperty('met')
  expect(checkClaim({ of: 'ours', against: 'absent', atLeast: 1 }, SAMPLES)).toEqual([])
})

const ratio = (value: number, spread: number, measure: 'speed' | 'cost' = 'speed') => ({
  of: 'ours',
  against: 'bare',
  measure,
  value,
  low: value - spread,
  high: value + spread,
})

test.each([
  ['within noise', ratio(1, 0.1), ratio(1.15, 0.1)],
  ['better', ratio(1, 0.1), ratio(1.3, 0.1)],
  ['worse', ratio(1, 0.1), ratio(0.7, 0.1)],
  ['worse', ratio(1, 0.1, 'cost'), ratio(1.3, 0.1, 'cost')],
  ['better', ratio(1, 0.1, 'cost'), ratio(0.7, 0.1, 'cost')],
  ['within noise', ratio(1, 0.001), ratio(1.03, 0.001)],
] as const)('%s', (verdict, before, after) => {
  expect(compareResults(resultOf([before]), resultOf([after]))).toEqual([
    expect.objectContaining({ verdict, before, after }),
  ])
})

test('only what both runs have is compared', () => {
  const other = { ...ratio(1, 0), of: 'another' }
  expect(compareResults(resultOf([ratio(1, 0)]), resultOf([other]))).toEqual([])
})
