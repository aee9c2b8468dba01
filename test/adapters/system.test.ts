import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { isLoopback } from '../../src/ports/loopback.js'

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  it('counts milliseconds from somewhere, and seconds from 1970', () => {
    vi.setSystemTime(1_700_000_000_999)
    const start = systemClock.now()
    vi.advanceTimersByTime(250)
    expect(systemClock.now() - start).toBe(250)
    expect(systemClock.epochSeconds()).toBe(1_700_000_001)
  })

  it('rings once, at or after the moment', () => {
    const alarm = vi.fn()
    systemClock.setAlarm(systemClock.now() + 100, alarm)
    vi.advanceTimersByTime(99)
    expect(alarm).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    vi.advanceTimersByTime(1000)
    expect(alarm).toHaveBeenCalledTimes(1)
  })

  it('rings soon for a moment that has passed', () => {
    const alarm = vi.fn()
    systemClock.setAlarm(systemClock.now() - 5, alarm)
    expect(alarm).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(alarm).toHaveBeenCalledTimes(1)
  })

  it('rings not before a moment that is further away than a timer can wait', () => {
    const alarm = vi.fn()
    const delay = 2 ** 31 + 5
    systemClock.setAlarm(systemClock.now() + delay, alarm)
    vi.advanceTimersByTime(delay - 1)
    expect(alarm).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(alarm).toHaveBeenCalledTimes(1)
  })

  it('does not ring when cancelled, before and after it waits anew', () => {
    const alarm = vi.fn()
    systemClock.setAlarm(systemClock.now() + 100, alarm)()
    const cancel = systemClock.setAlarm(systemClock.now() + 2 ** 31 + 5, alarm)
    vi.advanceTimersByTime(2 ** 31)
    cancel()
    vi.advanceTimersByTime(1000)
    expect(alarm).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('an alarm keeps the process alive until it is cancelled', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length
  const before = timers()
  const cancel = systemClock.setAlarm(systemClock.now() + 3_600_000, () => undefined)
  expect(timers()).toBe(before + 1)
  cancel()
  expect(timers()).toBe(before)
})

describe('systemRandom', () => {
  it.each([0, 1, 32, 65_536, 150_000])('gives %d bytes', length => {
    expect(systemRandom.bytes(length)).toHaveLength(length)
  })

  it('gives others each time, to the end', () => {
    const [first, second] = [systemRandom.bytes(100_000), systemRandom.bytes(100_000)]
    expect(first.subarray(-32)).not.toEqual(second.subarray(-32))
    expect(first.subarray(0, 32)).not.toEqual(second.subarray(0, 32))
  })
})

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.255.0.9', '::1', '[::1]', 'localhost', 'LOCALHOST'])('takes %s', name => {
    expect(isLoopback(name)).toBe(true)
  })

  it.each([
    '',
    '10.0.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '0.0.0.0',
    '::',
    '1270.0.0.1',
    '::2',
  ])('refuses %s', name => {
    expect(isLoopback(name)).toBe(false)
  })
})
