import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { deferred } from '../../src/async/deferred.js'
import { ProximityError } from '../../src/errors.js'
import type { DataChannel, DataChannelDialer, DataChannelListener } from '../../src/ports/data-channel.js'
import { createPair } from '../support/pair.js'
import { BLE, finish, meet } from './meeting.js'

const broken = new Error('broken')
const breaks = (): never => {
  throw broken
}

test('a dialer that throws ends the ceremony with its reason', async () => {
  const air = createAir()
  const dataChannelDialer: DataChannelDialer = { proximity: 'simulated', dial: breaks }
  const pair = createPair({ dataChannel: 'auto', dataChannelDialer }, { dataChannel: 'auto' }, air)
  const { connection } = await meet(pair)
  await expect(connection).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'dataChannelDialer.dial threw',
    cause: broken,
  })
})

test('a listener that throws ends the ceremony with its reason, its own where it is one of ours', async () => {
  const ours = new ProximityError('channel-unreachable', 'no socket')
  const throwing = (error: Error): DataChannelListener => ({
    proximity: 'simulated',
    listen: () => {
      throw error
    },
  })
  const phone = (error: Error): ReturnType<typeof createPair> =>
    createPair({ dataChannel: 'ble' }, { dataChannel: 'ble', dataChannelListener: throwing(error) })
  await expect((await meet(phone(broken))).served).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'dataChannelListener.listen threw',
  })
  await expect((await meet(phone(ours))).served).rejects.toBe(ours)
})

test('a channel that cannot send ends the ceremony with its reason', async () => {
  const air = createAir()
  const { dataChannelDialer: inner } = air.device()
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (...args) => ({ ...bound(inner.dial(...args)), send: breaks }),
  }
  const pair = createPair({ dataChannel: 'ble', dataChannelDialer }, { dataChannel: 'ble' }, air)
  const { connection } = await meet(pair)
  await expect(connection).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'dataChannel.send threw',
  })
})

test.each<[string, () => Promise<void>]>([
  ['rejects', () => Promise.reject(broken)],
  ['throws', breaks],
])('a channel or a listener whose end %s does not harm a ceremony that succeeds', async (_, end) => {
  const air = createAir()
  const [laptop, phone] = [air.device(), air.device()]
  const ending = async (channel: { close(): Promise<void> }): Promise<void> => {
    await channel.close()
    await end()
  }
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (...args) => {
      const channel = laptop.dataChannelDialer.dial(...args)
      return { ...bound(channel), close: () => ending(channel) }
    },
  }
  const dataChannelListener: DataChannelListener = {
    proximity: 'simulated',
    listen: listening => {
      const inUse = phone.dataChannelListener.listen(listening)
      return { stop: () => ending({ close: () => inUse.stop() }) }
    },
  }
  const pair = createPair(
    { dataChannel: 'ble', dataChannelDialer, scanner: laptop.scanner },
    { dataChannel: 'ble', dataChannelListener, advertiser: phone.advertiser },
    air,
  )
  expect(await finish(await meet(pair))).toEqual(BLE)
})

test('a ceremony is over when its channels have closed', async () => {
  const air = createAir()
  const { dataChannelDialer: inner } = air.device()
  const closing = deferred<undefined>()
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (...args) => {
      const channel = inner.dial(...args)
      return { ...bound(channel), close: () => channel.close().then(() => closing.promise) }
    },
  }
  const pair = createPair({ dataChannel: 'ble', dataChannelDialer }, { dataChannel: 'ble' }, air)
  const { connection, served } = await meet(pair)
  await (await connection).call(Uint8Array.of(1))
  let isOver = false
  const over = (await connection).close().then(() => (isOver = true))
  await served
  await pair.clock.advance(1)
  expect(isOver).toBe(false)
  closing.resolve(undefined)
  await over
})

test('what a port reports after the end is not heard', async () => {
  const air = createAir()
  const { dataChannelDialer: inner } = air.device()
  const late: (() => void)[] = []
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (to, psm, observer) => {
      late.push(
        () => observer.bytes(Uint8Array.of(0, 0, 0, 1, 9)),
        () => observer.closed(),
        () => observer.failed(new ProximityError('channel-lost', 'late')),
      )
      return inner.dial(to, psm, observer)
    },
  }
  const pair = createPair({ dataChannel: 'ble', dataChannelDialer }, { dataChannel: 'ble' }, air)
  const meeting = await meet(pair)
  expect(await finish(meeting)).toEqual(BLE)
  const steps = meeting.steps('client')
  for (const report of late) report()
  expect(meeting.steps('client')).toEqual(steps)
})

function bound(channel: DataChannel): DataChannel {
  return { send: bytes => channel.send(bytes), close: () => channel.close() }
}
