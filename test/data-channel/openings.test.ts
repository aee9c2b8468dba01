import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import type { BleScan, BleScanListener, BleScanner } from '../../src/ports/ble.js'
import type { DataChannelDialer } from '../../src/ports/data-channel.js'
import { createPair } from '../support/pair.js'
import { BLE, finish, meet, TUNNEL } from './meeting.js'

/** A scanner whose scans stop when they are released. */
function stoppingLate(inner: BleScanner): { readonly scanner: BleScanner; readonly release: () => void } {
  let release: () => void = () => undefined
  const scan = (listener: BleScanListener): BleScan => {
    const running = inner.scan(listener)
    return { stop: () => new Promise(resolve => (release = () => void running.stop().then(resolve))) }
  }
  return { scanner: { proximity: inner.proximity, scan }, release: () => release() }
}

test('a channel that never opens is given up for the tunnel after ten seconds', async () => {
  let closed = 0
  const close = (): Promise<void> => {
    closed += 1
    return Promise.resolve()
  }
  const dataChannelDialer = {
    proximity: 'simulated',
    dial: () => ({ send: () => undefined, close }),
  } as const
  const pair = createPair({ dataChannel: 'auto', dataChannelDialer }, { dataChannel: 'auto' })
  const meeting = await meet(pair)
  await pair.clock.advance(9999)
  expect(meeting.steps('client')).not.toContain('tunnel-connecting')
  await pair.clock.advance(1)
  expect(await finish(meeting)).toEqual(TUNNEL)
  expect(closed).toBe(1)
})

test('a channel is not dialled any more once the tunnel is used, however long the scan took to stop', async () => {
  const air = createAir()
  const { scanner, release } = stoppingLate(air.scanner())
  let dials = 0
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: () => {
      dials += 1
      return { send: () => undefined, close: () => Promise.resolve() }
    },
  }
  const pair = createPair({ scanner, dataChannel: 'auto', dataChannelDialer }, { dataChannel: 'auto' }, air)
  const meeting = await meet(pair)
  await pair.clock.advance(10_000)
  await meeting.connection
  release()
  expect(await finish(meeting)).toEqual(TUNNEL)
  expect(dials).toBe(0)
})

test('a channel that never opens is not given up for the tunnel when the time of the whole ceremony is over', async () => {
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: () => ({ send: () => undefined, close: () => Promise.resolve() }),
  }
  const pair = createPair({ dataChannel: 'auto', dataChannelDialer }, { dataChannel: 'auto' })
  const meeting = await meet(pair, { timeouts: { ceremonyMs: 10_000 } })
  await pair.clock.advance(10_000)
  await expect(meeting.connection).rejects.toMatchObject({ code: 'channel-unreachable' })
  expect(meeting.steps('client')).not.toContain('tunnel-connecting')
})

test('the channel is dialled when the scan has stopped, and not after the ceremony was given up meanwhile', async () => {
  const air = createAir()
  const { scanner, release } = stoppingLate(air.scanner())
  let dials = 0
  const { dataChannelDialer } = air.device()
  const counted: typeof dataChannelDialer = {
    proximity: 'simulated',
    dial: (...args) => {
      dials += 1
      return dataChannelDialer.dial(...args)
    },
  }
  const client = { scanner, dataChannel: 'ble', dataChannelDialer: counted } as const
  const pair = createPair(client, { dataChannel: 'ble' }, air)
  const meeting = await meet(pair)
  await pair.clock.advance(1)
  expect([dials, meeting.steps('client').includes('channel-connecting')]).toEqual([0, true])
  release()
  expect(await finish(meeting)).toEqual(BLE)
  expect(dials).toBe(1)

  const controller = new AbortController()
  const second = await meet(pair, { signal: controller.signal })
  await pair.clock.advance(1)
  controller.abort()
  release()
  await expect(second.connection).rejects.toMatchObject({ code: 'aborted' })
  await pair.clock.advance(1)
  expect(dials).toBe(1)
})
