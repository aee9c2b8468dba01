import { expect, test } from 'vitest'
import { decodeSuffix } from '../../src/advert/suffix.js'
import { deferred } from '../../src/async/deferred.js'
import { createAir } from '../../src/adapters/air/air.js'
import type { Air } from '../../src/adapters/air/air.js'
import { streamFramer } from '../../src/framing/stream-framer.js'
import type { DataChannel, DataChannelDialer } from '../../src/ports/data-channel.js'
import { createPair } from '../support/pair.js'
import type { Pair } from '../support/pair.js'
import { BLE, finish, meet } from './meeting.js'
import type { Meeting } from './meeting.js'

/** A stranger’s end of a channel to the phone. */
interface Stranger {
  readonly channel: DataChannel
  readonly opened: () => boolean
  readonly closed: () => boolean
}

interface Scene {
  readonly pair: Pair
  readonly meeting: Meeting
  /** One more stranger dials the phone. */
  readonly dial: () => Stranger
  /** Lets the phone’s client dial. */
  readonly admit: () => void
}

/** A phone that advertises, strangers that hear it, and a client that dials later. */
async function scene(): Promise<Scene> {
  const air = createAir()
  const admitted = deferred<undefined>()
  const client = { dataChannel: 'ble', dataChannelDialer: slow(air, admitted.promise) } as const
  const pair = createPair(client, { dataChannel: 'ble' }, air)
  const meeting = await meet(pair)
  const dial = await strangerNear(air)
  return { pair, meeting, dial, admit: () => admitted.resolve(undefined) }
}

function slow(air: Air, admitted: Promise<unknown>): DataChannelDialer {
  const { dataChannelDialer: inner } = air.device()
  return {
    proximity: 'simulated',
    dial: (to, psm, observer) => {
      let channel: DataChannel | undefined
      void admitted.then(() => (channel = inner.dial(to, psm, observer)))
      return {
        send: bytes => channel?.send(bytes),
        close: () => channel?.close() ?? Promise.resolve(),
      }
    },
  }
}

function strangerNear(air: Air): Promise<() => Stranger> {
  const { scanner, dataChannelDialer } = air.device()
  return new Promise(resolve => {
    scanner.scan({
      started: () => undefined,
      failed: () => undefined,
      advert: ({ from, serviceData }) => {
        const { psm } = decodeSuffix(serviceData.subarray(20))
        if (from !== undefined && psm !== undefined) resolve(() => reach(dataChannelDialer, from, psm))
      },
    })
  })
}

function reach(
  dialer: DataChannelDialer,
  to: Parameters<DataChannelDialer['dial']>[0],
  psm: number,
): Stranger {
  const heard = { open: false, closed: false }
  const channel = dialer.dial(to, psm, {
    open: () => (heard.open = true),
    bytes: () => undefined,
    closed: () => (heard.closed = true),
    failed: () => (heard.closed = true),
  })
  return { channel, opened: () => heard.open, closed: () => heard.closed }
}

const framed = (bytes: number): Uint8Array => streamFramer().frame(new Uint8Array(bytes).fill(4))

test.each<[string, Uint8Array]>([
  ['81 bytes of nonsense', framed(81)],
  ['80 bytes', framed(80)],
  ['an empty message', framed(0)],
  ['a length that no message has', Uint8Array.of(0x00, 0x10, 0x00, 0x01)],
])('a stranger that sends %s to the phone is closed, and the phone serves its client', async (_, bytes) => {
  const { pair, meeting, dial, admit } = await scene()
  const stranger = dial()
  await pair.clock.advance(0)
  stranger.channel.send(bytes)
  await pair.clock.advance(0)
  expect(stranger.closed()).toBe(true)
  admit()
  expect(await finish(meeting)).toEqual(BLE)
  expect(meeting.steps('authenticator').filter(step => step === 'channel-connected')).toHaveLength(1)
})

test('four strangers may wait, for five seconds each; the fifth is closed at once', async () => {
  const { pair, meeting, dial, admit } = await scene()
  const strangers = [1, 2, 3, 4, 5].map(() => dial())
  await pair.clock.advance(0)
  expect(strangers.map(({ opened, closed }) => [opened(), closed()])).toEqual([
    [true, false],
    [true, false],
    [true, false],
    [true, false],
    [true, true],
  ])
  await pair.clock.advance(4999)
  expect(strangers.filter(({ closed }) => closed())).toHaveLength(1)
  await pair.clock.advance(1)
  expect(strangers.filter(({ closed }) => closed())).toHaveLength(5)
  admit()
  expect(await finish(meeting)).toEqual(BLE)
})

test('strangers that go by themselves make room, a thousand times', async () => {
  const { pair, meeting, dial, admit } = await scene()
  for (let count = 0; count < 1000; count++) {
    const { channel } = dial()
    await pair.clock.advance(0)
    channel.send(Uint8Array.of(0, 0))
    void channel.close()
    await pair.clock.advance(0)
  }
  admit()
  expect(await finish(meeting)).toEqual(BLE)
})

test('strangers that wait are closed when the client is there, and others are refused from then on', async () => {
  const { pair, meeting, dial, admit } = await scene()
  const stranger = dial()
  await pair.clock.advance(0)
  admit()
  await meeting.connection
  expect(stranger.closed()).toBe(true)
  const late = dial()
  await pair.clock.advance(0)
  expect([late.opened(), late.closed()]).toEqual([false, true])
  expect(await finish(meeting)).toEqual(BLE)
  expect(pair.clock.pending).toBe(0)
})

test('a client that goes after message 1 within a message is a lost channel', async () => {
  const air = createAir()
  const { dataChannelDialer: inner } = air.device()
  const cutting: DataChannelDialer = {
    proximity: 'simulated',
    dial: (to, psm, observer) => {
      const channel = inner.dial(to, psm, observer)
      let sent = 0
      return {
        close: () => channel.close(),
        send: bytes => {
          sent += 1
          channel.send(sent === 1 ? bytes : bytes.subarray(0, 7))
          if (sent > 1) void channel.close()
        },
      }
    },
  }
  const pair = createPair({ dataChannel: 'ble', dataChannelDialer: cutting }, { dataChannel: 'ble' }, air)
  const { connection, served } = await meet(pair)
  void (await connection).call(Uint8Array.of(1)).catch(() => undefined)
  await expect(served).rejects.toMatchObject({ code: 'channel-lost' })
  await (await connection).close()
})
