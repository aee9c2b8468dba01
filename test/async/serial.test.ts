import { expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import { Serial } from '../../src/async/serial.js'

test('a task of a serial queue starts when the one before has ended, failed or not', async () => {
  const serial = new Serial()
  const first = deferred<string>()
  const started: string[] = []
  const results = [
    serial.run(() => {
      started.push('first')
      return first.promise
    }),
    serial.run(() => {
      started.push('second')
      throw new Error('second failed')
    }),
    serial.run(() => started.push('third')),
  ]
  const settled = Promise.allSettled(results)
  await Promise.resolve()
  expect(started).toEqual(['first'])
  first.resolve('done')
  expect(await settled).toEqual([
    { status: 'fulfilled', value: 'done' },
    { status: 'rejected', reason: new Error('second failed') },
    { status: 'fulfilled', value: 3 },
  ])
  expect(started).toEqual(['first', 'second', 'third'])
})

test('a serial queue is idle when its last task has ended, and its failure is only the caller’s', async () => {
  const serial = new Serial()
  const task = deferred<undefined>()
  const run = serial.run(() => task.promise)
  let isIdle = false
  const idle = serial.idle().then(() => (isIdle = true))
  await Promise.resolve()
  expect(isIdle).toBe(false)
  task.reject(new Error('failed'))
  await expect(run).rejects.toThrow('failed')
  await idle
  await new Serial().idle()
})
