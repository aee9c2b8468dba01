import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { within } from '../../src/async/within.js'

const tooLate = (): Error => new Error('too late')

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function after(ms: number): Promise<string> {
  return new Promise(resolve => {
    setTimeout(resolve, ms, 'in time')
  })
}

test.each([
  [99, 'in time'],
  [100, 'in time'],
  [101, 'too late'],
])('a promise that takes %i ms of 100 is %s', async (ms, outcome) => {
  const outcomes = within(100, after(ms), tooLate).catch((error: unknown) => (error as Error).message)
  await vi.advanceTimersByTimeAsync(200)
  expect(await outcomes).toBe(outcome)
})

test('the timer of a limit does not outlive the promise', async () => {
  await within(100, Promise.resolve('at once'), tooLate)
  await expect(within(100, Promise.reject(new Error('failed')), tooLate)).rejects.toThrow('failed')
  expect(vi.getTimerCount()).toBe(0)
})
