import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Leftovers } from '../../src/page/dialog/leftovers.js'

const EVENTS = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const
const listeners = (): readonly number[] => EVENTS.map(event => process.listenerCount(event))

let undone: string[]
let before: readonly number[]
let leftovers: Leftovers

beforeEach(() => {
  undone = []
  before = listeners()
  leftovers = new Leftovers()
  for (const name of ['folder', 'screen', 'bus'])
    leftovers.add(
      () => undone.push(`${name} at once`),
      () => Promise.resolve().then(() => undone.push(`${name} gently`)),
    )
})

afterEach(async () => {
  vi.restoreAllMocks()
  await leftovers.end()
})

/** Has the newest listener hear it: those of the test runner have plans of their own. */
function tell(event: (typeof EVENTS)[number]): void {
  const told = process.listeners(event as NodeJS.Signals).at(-1)
  told?.(event as NodeJS.Signals)
}

test('it is undone gently, last first, and once', async () => {
  expect(listeners()).toEqual(before.map(count => count + 1))
  await leftovers.end()
  await leftovers.end()
  expect(undone).toEqual(['bus gently', 'screen gently', 'folder gently'])
  expect(listeners()).toEqual(before)
})

test('one that fails keeps nothing else from being undone', async () => {
  const failure = new Error('busy')
  leftovers.add(
    () => undefined,
    () => Promise.reject(failure),
  )
  await expect(leftovers.end()).rejects.toBe(failure)
  expect(undone).toEqual(['bus gently', 'screen gently', 'folder gently'])
  expect(listeners()).toEqual(before)
})

test('one that fails at once keeps nothing else from being undone, and the process its status', () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  vi.spyOn(process, 'listenerCount').mockReturnValue(0)
  leftovers.add(() => {
    throw new Error('busy')
  })
  tell('SIGTERM')
  expect(undone).toEqual(['bus at once', 'screen at once', 'folder at once'])
  expect(exit.mock.calls).toEqual([[143]])
})

test('at the end of the process it is undone at once', async () => {
  tell('exit')
  expect(undone).toEqual(['bus at once', 'screen at once', 'folder at once'])
  expect(listeners()).toEqual(before)
  await leftovers.end()
  expect(undone).toHaveLength(3)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s undoes it at once and ends the process with %i', (signal, status) => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  vi.spyOn(process, 'listenerCount').mockReturnValue(0)
  tell(signal)
  expect(undone).toEqual(['bus at once', 'screen at once', 'folder at once'])
  expect(exit.mock.calls).toEqual([[status]])
})

test('a signal that the program itself listens to does not end the process', () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  vi.spyOn(process, 'listenerCount').mockReturnValue(1)
  tell('SIGTERM')
  expect(undone).toHaveLength(3)
  expect(exit).not.toHaveBeenCalled()
})
