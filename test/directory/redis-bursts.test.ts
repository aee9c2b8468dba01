import { describe, expect, it, vi } from 'vitest'
import { Lanes } from '../../src/adapters/redis/lanes.js'
import { Subscriptions } from '../../src/adapters/redis/subscriptions.js'
import { deferred } from '../../src/async/deferred.js'
import type { Deferred } from '../../src/async/deferred.js'
import { turn } from '../../src/async/turn.js'

describe('lanes', () => {
  it.each([1, 2, 5])('run %i tasks at a time, in the order of the calls', async count => {
    const lanes = new Lanes(count)
    const begun: Deferred<number>[] = []
    const results = Array.from({ length: 5 }, () =>
      lanes.run(() => {
        begun.push(deferred<number>())
        return begun[begun.length - 1]?.promise ?? Promise.reject(new Error('unreachable'))
      }),
    )
    for (let at = 0; at < results.length; at++) {
      if (at === 0) expect(begun).toEqual([])
      await turn()
      expect(begun).toHaveLength(Math.min(at + count, results.length))
      begun[at]?.resolve(at)
      expect(await results[at]).toBe(at)
    }
  })

  it('go on after a task that fails', async () => {
    const lanes = new Lanes(1)
    const failed = lanes.run(() => Promise.reject(new Error('no')))
    const next = lanes.run(() => Promise.resolve('yes'))
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('yes')
    expect(await lanes.run(() => Promise.resolve('again'))).toBe('again')
  })
})

const topics = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `line.${at}`)

/** A connection whose commands are answered when a test says so. */
function slowConnection() {
  const commands: string[] = []
  let answer = deferred<number>()
  const command =
    (name: string) =>
    (...channels: unknown[]): Promise<number> => {
      commands.push(`${name} ${channels.length}: ${String(channels[0])}`)
      answer = deferred()
      return answer.promise
    }
  const connection = {
    subscribe: vi.fn(command('subscribe')),
    unsubscribe: vi.fn(command('unsubscribe')),
  }
  return {
    commands,
    connection,
    answer: async () => {
      answer.resolve(0)
      await turn()
    },
    refuse: async () => {
      answer.reject(new Error('lost'))
      await turn()
    },
  }
}

describe('subscriptions', () => {
  it('of one moment go in few commands, one after the other', async () => {
    const { commands, connection, answer } = slowConnection()
    const subscriptions = new Subscriptions(connection, error => expect.unreachable(String(error)))
    for (const topic of topics(2)) subscriptions.add(topic)
    expect(commands).toEqual([])
    const restored = subscriptions.restore()
    expect(commands).toEqual([])
    await turn()
    expect(commands).toEqual(['subscribe 2: fh:line.0'])
    for (const topic of topics(1001)) subscriptions.add(topic)
    await turn()
    expect(commands.slice(1)).toEqual([])
    await answer()
    expect(commands.slice(1)).toEqual(['subscribe 1000: fh:line.0'])
    await answer()
    expect(commands.slice(2)).toEqual(['subscribe 1: fh:line.1000'])
    await answer()
    await restored
    subscriptions.add('members')
    await turn()
    expect(commands.slice(3)).toEqual(['subscribe 1: fh:members'])
  })

  it('that change back and forth are told as they are in the end', async () => {
    const { commands, connection, answer } = slowConnection()
    const subscriptions = new Subscriptions(connection, error => expect.unreachable(String(error)))
    const [one = '', two = '', three = ''] = topics(3)
    subscriptions.add(one)
    const restored = subscriptions.restore()
    await turn()
    subscriptions.remove(one)
    subscriptions.add(two)
    subscriptions.add(three)
    subscriptions.remove(three)
    await answer()
    expect(commands.slice(1)).toEqual(['subscribe 1: fh:line.1'])
    await answer()
    expect(commands.slice(2)).toEqual(['unsubscribe 2: fh:line.0'])
    await answer()
    await restored
    expect(commands).toHaveLength(3)
    expect([one, two, three].map(topic => subscriptions.has(topic))).toEqual([false, true, false])
  })

  it('of a lost connection are told to the next, all of them', async () => {
    const { commands, connection, answer, refuse } = slowConnection()
    const failed = vi.fn()
    const subscriptions = new Subscriptions(connection, failed)
    subscriptions.add('members')
    void subscriptions.restore()
    await turn()
    await answer()
    for (const topic of topics(3)) subscriptions.add(topic)
    await turn()
    for (const topic of topics(9)) subscriptions.add(topic)
    subscriptions.lose()
    await refuse()
    expect(failed).toHaveBeenCalledTimes(1)
    expect(commands).toHaveLength(2)
    subscriptions.add('revoked')
    await turn()
    expect(commands).toHaveLength(2)
    void subscriptions.restore()
    await turn()
    expect(commands.slice(2)).toEqual(['subscribe 11: fh:members'])
  })
})
