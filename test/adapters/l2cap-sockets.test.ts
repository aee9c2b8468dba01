import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import koffi from 'koffi'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DialledChannel } from '../../src/adapters/l2cap/dialled-channel.js'
import { ListeningSocket } from '../../src/adapters/l2cap/listening-socket.js'
import type { SocketKind } from '../../src/adapters/l2cap/socket-kind.js'
import { loadSystemCalls } from '../../src/adapters/l2cap/system-calls.js'
import type { SystemCalls } from '../../src/adapters/l2cap/system-calls.js'
import { WatchedDescriptor } from '../../src/adapters/l2cap/watched-descriptor.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { deferred } from '../../src/async/deferred.js'
import { turn } from '../../src/async/turn.js'
import type { Clock } from '../../src/ports/clock.js'
import type { DataChannel, DataChannelObserver, ListeningDataChannel } from '../../src/ports/data-channel.js'
import { hearing } from '../support/heard-channel.js'
import type { Heard } from '../support/heard-channel.js'
import { manualClock } from '../support/manual-clock.js'
import { fillBacklog, TCP_PSM, tcpSockets } from '../support/tcp-sockets.js'

describe.runIf(process.platform === 'linux')('sockets', () => {
  const openDescriptors = (): number => readdirSync('/proc/self/fd').length
  const threads = (): number => readdirSync('/proc/self/task').length
  const stops: (() => Promise<unknown>)[] = []
  let before = 0

  beforeEach(async () => {
    await loadSystemCalls()
    // libuv and the test runner have their own by the second reading.
    before = openDescriptors()
  })

  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()))
    await expect.poll(() => WatchedDescriptor.size).toBe(0)
    expect(openDescriptors()).toBe(before)
  })

  interface Accepted {
    readonly channel: DataChannel
    readonly heard: Heard
  }

  interface Listener {
    readonly kind: SocketKind
    readonly dial: (observer: DataChannelObserver, clock?: Clock) => DataChannel
    readonly accepted: Accepted[]
    /** The channel that was taken as the first after so many others. */
    readonly taken: (before?: number) => Promise<Accepted>
    readonly listening: ListeningDataChannel
  }

  async function listen(clock: Clock = systemClock, wrap = (kind: SocketKind) => kind): Promise<Listener> {
    const sockets = tcpSockets()
    const kind = wrap(sockets)
    const accepted: Accepted[] = []
    let wake = (): void => undefined
    const started = deferred<number>()
    const listening = new ListeningSocket(kind, clock, {
      started: started.resolve,
      failed: started.reject,
      accepted: channel => {
        const heard = hearing()
        accepted.push({ channel, heard })
        stops.push(() => channel.close())
        wake()
        return heard.observer
      },
    }).listen()
    stops.push(() => listening.stop())
    await started.promise
    return {
      kind,
      accepted,
      taken: async (before = 0) => {
        for (;;) {
          const next = accepted[before]
          if (next !== undefined) return next
          await new Promise<void>(resolve => (wake = resolve))
        }
      },
      listening,
      dial: (observer, dialClock = systemClock) => {
        const to = { address: String(sockets.port), addressType: 'random' } as const
        const channel = new DialledChannel(kind, dialClock, observer).dial(to, TCP_PSM)
        stops.push(() => channel.close())
        return channel
      },
    }
  }

  test('a phone that does not answer is unreachable after 8,000 ms, and not before', async () => {
    const backlog = await fillBacklog()
    stops.push(() => backlog.close())
    const [clock, heard] = [manualClock(), hearing()]
    const to = { address: String(backlog.port), addressType: 'random' } as const
    new DialledChannel(tcpSockets(), clock, heard.observer).dial(to, TCP_PSM)
    await expect.poll(() => WatchedDescriptor.size).toBe(1)
    clock.advance(7999)
    await turn()
    expect(heard.words).toEqual([])
    clock.advance(1)
    expect(heard.words).toEqual(['channel-unreachable'])
    expect([WatchedDescriptor.size, clock.alarms()]).toEqual([0, 0])
  })

  test('a dial that is given up leaves no socket, whether it had begun or not', async () => {
    const backlog = await fillBacklog()
    stops.push(() => backlog.close())
    const to = { address: String(backlog.port), addressType: 'random' } as const
    for (const hasBegun of [false, true]) {
      const [clock, heard] = [manualClock(), hearing()]
      const channel = new DialledChannel(tcpSockets(), clock, heard.observer).dial(to, TCP_PSM)
      if (hasBegun) await expect.poll(() => WatchedDescriptor.size).toBe(1)
      await channel.close()
      await channel.close()
      await turn()
      expect([WatchedDescriptor.size, clock.alarms(), heard.words]).toEqual([0, 0, []])
    }
  })

  test('a client that closes waits 2,000 ms for the phone to close, and not longer', async () => {
    const clock = manualClock()
    const { dial, taken } = await listen()
    const heard = hearing()
    const channel = dial(heard.observer, clock)
    await heard.until('open')
    const phone = await taken()
    let isClosed = false
    void channel.close().then(() => (isClosed = true))
    clock.advance(1999)
    await turn()
    expect(isClosed).toBe(false)
    clock.advance(1)
    await turn()
    expect([isClosed, clock.alarms()]).toEqual([true, 0])
    await phone.heard.until('closed')
  })

  test('a channel that the phone closes first sets no alarm that outlives it', async () => {
    const clock = manualClock()
    const { dial, taken } = await listen()
    const heard = hearing()
    const channel = dial(heard.observer, clock)
    await heard.until('open')
    const phone = await taken()
    await Promise.all([channel.close(), phone.channel.close()])
    expect(clock.alarms()).toBe(0)
  })

  test('the length of a packet is asked for every 50 ms until it is known', async () => {
    const clock = manualClock()
    let limit = 22
    const { dial } = await listen(systemClock, kind => ({ ...kind, sendLimit: () => limit }))
    const heard = hearing()
    dial(heard.observer, clock)
    await expect.poll(() => clock.next()).toBe(50)
    clock.advance(49)
    expect([heard.words, clock.next()]).toEqual([[], 1])
    clock.advance(1)
    expect(heard.words).toEqual([])
    limit = 23
    clock.advance(50)
    expect(heard.words).toEqual(['open'])
  })

  test('a channel whose packets have no known length opens after two seconds, and one that is closed meanwhile does not', async () => {
    const clock = manualClock()
    const { dial } = await listen(systemClock, kind => ({ ...kind, sendLimit: () => 22 }))
    const [heard, given] = [hearing(), hearing()]
    dial(heard.observer, clock)
    await expect.poll(() => clock.next()).toBe(50)
    for (let look = 0; look < 39; look++) clock.advance(50)
    expect(heard.words).toEqual([])
    clock.advance(50)
    expect(heard.words).toEqual(['open'])
    const channel = dial(given.observer, clock)
    await expect.poll(() => clock.next()).toBe(50)
    await channel.close()
    expect(clock.alarms()).toBe(0)
    expect(given.words).toEqual([])
  })

  test('a channel that is closed says nothing of what comes afterwards', async () => {
    const { dial, taken } = await listen()
    const heard = hearing()
    const channel = dial(heard.observer)
    await heard.until('open')
    const phone = await taken()
    const closed = channel.close()
    phone.channel.send(new Uint8Array(81))
    await Promise.all([closed, phone.channel.close()])
    expect([heard.bytes(), heard.words]).toEqual([0, ['open']])
  })

  test('a phone that goes before it has read everything is a lost channel', async () => {
    const backlog = await fillBacklog(0)
    const heard = hearing()
    const to = { address: String(backlog.port), addressType: 'random' } as const
    const channel = new DialledChannel(tcpSockets(), systemClock, heard.observer).dial(to, TCP_PSM)
    await heard.until('open')
    // The kernel takes some of it.
    channel.send(new Uint8Array(4 * 1024 * 1024))
    await turn()
    await turn()
    await backlog.close()
    await heard.until('channel-lost')
  })

  test('a packet is as long as the link says, and no longer', async () => {
    const sent: number[] = []
    const { dial, taken } = await listen(systemClock, kind => ({
      ...kind,
      sendLimit: (calls, descriptor) => {
        const send = calls.send.bind(calls)
        if (!Object.hasOwn(calls, 'send'))
          calls.send = (to, bytes) => {
            sent.push(bytes.length)
            return send(to, bytes)
          }
        return kind.sendLimit(calls, descriptor)
      },
    }))
    const heard = hearing()
    const channel = dial(heard.observer)
    await heard.until('open')
    channel.send(new Uint8Array(2500))
    channel.send(new Uint8Array())
    channel.send(new Uint8Array(1))
    await (await taken()).heard.untilBytes(2501)
    const calls = await loadSystemCalls()
    Reflect.deleteProperty(calls, 'send')
    expect(sent).toEqual([1000, 1000, 500, 1])
  })

  test('what the phone does not read yet waits, and comes whole once it does', async () => {
    const { dial, taken } = await listen()
    const heard = hearing()
    const channel = dial(heard.observer)
    await heard.until('open')
    for (let part = 0; part < 3; part++) channel.send(new Uint8Array(1024 * 1024))
    const phone = await taken()
    await phone.heard.untilBytes(3 * 1024 * 1024)
    expect(phone.heard.bytes()).toBe(3 * 1024 * 1024)
    expect(heard.words).toEqual(['open'])
  })

  test('a phone that reads nothing loses its channel before it fills the memory', async () => {
    const backlog = await fillBacklog(0)
    stops.push(() => backlog.close())
    const heard = hearing()
    const to = { address: String(backlog.port), addressType: 'random' } as const
    const channel = new DialledChannel(tcpSockets(), systemClock, heard.observer).dial(to, TCP_PSM)
    await heard.until('open')
    // The kernel takes some of it.
    channel.send(new Uint8Array(4 * 1024 * 1024))
    await turn()
    expect(heard.words).toEqual(['open'])
    channel.send(new Uint8Array(16 * 1024 * 1024))
    await heard.until('channel-lost')
  })

  test('a listener that is stopped at once does not begin', async () => {
    const words: string[] = []
    const listening = new ListeningSocket(tcpSockets(), systemClock, {
      started: () => words.push('started'),
      failed: () => words.push('failed'),
      accepted: () => undefined,
    }).listen()
    await listening.stop()
    await turn()
    expect([WatchedDescriptor.size, words]).toEqual([0, []])
  })

  test('a listener has eight channels at a time, and closes a ninth at once', async () => {
    const { dial, accepted, taken } = await listen()
    const all = Array.from({ length: 8 }, hearing)
    for (const { observer } of all) dial(observer)
    await taken(7)
    const ninth = hearing()
    dial(ninth.observer)
    await ninth.until('closed')
    expect(accepted.length).toBe(8)
    await accepted[0]?.channel.close()
    const tenth = hearing()
    dial(tenth.observer)
    await taken(8)
  })

  test('200 channels leave no descriptor and no thread', async () => {
    const { dial, taken, listening } = await listen()
    const threadsBefore = threads()
    for (let count = 0; count < 200; count++) {
      const heard = hearing()
      const channel = dial(heard.observer)
      await heard.until('open')
      channel.send(new Uint8Array(81))
      const phone = await taken(count)
      await phone.heard.untilBytes(81)
      await Promise.all([channel.close(), phone.channel.close()])
    }
    await listening.stop()
    expect([WatchedDescriptor.size, openDescriptors(), threads()]).toEqual([0, before, threadsBefore])
  })

  describe('a watched descriptor', () => {
    const socketPair = koffi.load(null).func('int socketpair(int, int, int, _Out_ int *)') as (
      ...args: unknown[]
    ) => number

    async function pair(): Promise<{ calls: SystemCalls; near: number; far: number }> {
      const calls = await loadSystemCalls()
      const ends = [0, 0]
      // AF_UNIX, SOCK_STREAM, not blocking
      expect(socketPair(1, 1 | 0o4000, 0, ends)).toBe(0)
      const [near = 0, far = 0] = ends
      return { calls, near, far }
    }

    test('tells in a turn of its own, only what it is waited for, and nothing once it is closed', async () => {
      const { calls, near, far } = await pair()
      let told = 0
      const watch = calls.watch(near, () => told++)
      calls.send(far, Uint8Array.of(1))
      await turn()
      await turn()
      expect(told).toBe(0)
      watch.wait({ readable: true, writable: false })
      await expect.poll(() => told).toBeGreaterThan(0)
      watch.wait({ readable: false, writable: false })
      await turn()
      const toldBefore = told
      await turn()
      await turn()
      expect(told).toBe(toldBefore)
      watch.wait({ readable: false, writable: true })
      await expect.poll(() => told).toBeGreaterThan(toldBefore)
      watch.wake()
      watch.close()
      watch.close()
      const toldAtClose = told
      watch.wait({ readable: true, writable: true })
      watch.wake()
      await turn()
      await turn()
      expect(told).toBe(toldAtClose)
      for (const descriptor of [near, far]) calls.close(descriptor)
    })

    test('goes on when nothing refers to it', async () => {
      const { calls, near, far } = await pair()
      let stop = (): void => undefined
      const told = deferred<undefined>()
      const start = (): void => {
        const watch = calls.watch(near, () => {
          stop = () => watch.close()
          told.resolve(undefined)
        })
        watch.wait({ readable: true, writable: false })
      }
      start()
      setFlagsFromString('--expose-gc')
      const collect = runInNewContext('gc') as () => void
      for (let time = 0; time < 3; time++) {
        collect()
        await turn()
      }
      calls.send(far, Uint8Array.of(1))
      await told.promise
      stop()
      for (const descriptor of [near, far]) calls.close(descriptor)
    })
  })
})
