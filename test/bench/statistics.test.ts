import { expect, test } from 'vitest'
import { bootstrap, quantile } from '../../bench/harness/statistics.js'

test.each([
  [[5], 0.1, 5],
  [[1, 2, 3, 4, 5], 0.5, 3],
  [[4, 1, 3, 2], 0.5, 2.5],
  [[0, 10], 0.1, 1],
  [[3, 1, 2], 0, 1],
  [[3, 1, 2], 1, 3],
])('the quantile of %j at %d is %d', (numbers, p, expected) => {
  expect(quantile(numbers, p)).toBeCloseTo(expected, 12)
})

test('a quantile leaves its input as it is, and is NaN for an empty list', () => {
  const numbers = [3, 1, 2]
  quantile(numbers, 0.5)
  expect(numbers).toEqual([3, 1, 2])
  expect(quantile([], 0.5)).toBeNaN()
})

test('what does not vary has no range', () => {
  expect(bootstrap(20, () => 7)).toEqual({ value: 7, low: 7, high: 7 })
  expect(bootstrap(1, ([round]) => (round ?? NaN) + 2)).toEqual({ value: 2, low: 2, high: 2 })
})

test('the range encloses the value, is wider where rounds differ more, and is the same each time', () => {
  const estimateOf = (spread: number) =>
    bootstrap(41, drawn =>
      quantile(
        drawn.map(round => 100 + spread * (round % 7)),
        0.5,
      ),
    )
  const [narrow, wide] = [estimateOf(1), estimateOf(10)]
  expect(narrow.low).toBeLessThanOrEqual(narrow.value)
  expect(narrow.high).toBeGreaterThanOrEqual(narrow.value)
  expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low)
  expect(estimateOf(10)).toEqual(wide)
})

test('every round that is drawn is one of those there are, and they are drawn anew', () => {
  const draws: string[] = []
  bootstrap(5, drawn => {
    expect(drawn).toHaveLength(5)
    for (const round of drawn) expect([0, 1, 2, 3, 4]).toContain(round)
    return draws.push(drawn.join())
  })
  expect(new Set(draws).size).toBeGreaterThan(100)
})
