import { expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import { unlessAborted } from '../../src/async/unless-aborted.js'

test('without an abort it is what the work gives, or what it throws', async () => {
  const { signal } = new AbortController()
  expect(await unlessAborted(signal, () => 'now')).toBe('now')
  expect(await unlessAborted(undefined, () => Promise.resolve('later'))).toBe('later')
  await expect(unlessAborted(signal, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
})

test('a signal that has fired before keeps the work from starting', async () => {
  let hasStarted = false
  const work = (): void => {
    hasStarted = true
  }
  expect(await unlessAborted(AbortSignal.abort(), work)).toBeUndefined()
  expect(hasStarted).toBe(false)
})

test.each([
  ['goes on', (): void => undefined],
  [
    'answers in the same turn',
    (work: { resolve(value: string): void }): void => {
      work.resolve('too late')
    },
  ],
  [
    'fails',
    (work: { reject(error: Error): void }): void => {
      work.reject(new Error('too late'))
    },
  ],
])('an abort ends the wait for work that %s', async (_, then) => {
  const controller = new AbortController()
  const work = deferred<string>()
  const waiting = unlessAborted(controller.signal, () => work.promise)
  controller.abort()
  then(work)
  expect(await waiting).toBeUndefined()
})
