import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import type { AirDevice } from '../../src/adapters/air/air.js'
import type { DataChannel, DataChannelObserver } from '../../src/ports/data-channel.js'

interface Heard extends DataChannelObserver {
  readonly events: string[]
  readonly received: number[]
}

function hearing(): Heard {
  const events: string[] = []
  const received: number[] = []
  return {
    events,
    received,
    open: () => events.push('open'),
    bytes: chunk => received.push(...chunk),
    closed: () => events.push('closed'),
    failed: error => events.push(error.code),
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}

interface Listener {
  readonly psm: () => number | undefined
  readonly channels: DataChannel[]
  readonly stop: () => Promise<void>
}

function listening(device: AirDevice, observer?: DataChannelObserver): Listener {
  let heardPsm: number | undefined
  const channels: DataChannel[] = []
  const use = device.dataChannelListener.listen({
    started: psm => (heardPsm = psm),
    accepted: channel => {
      channels.push(channel)
      return observer
    },
    failed: error => {
      throw error
    },
  })
  return { psm: () => heardPsm, channels, stop: () => use.stop() }
}

test('an advert says which device sent it, and each device has an address of its own', async () => {
  const air = createAir()
  const [laptop, phone, other] = [air.device(), air.device(), air.device()]
  const heard: unknown[] = []
  laptop.scanner.scan({
    started: () => undefined,
    advert: ({ from }) => heard.push(from),
    failed: () => undefined,
  })
  for (const { advertiser } of [phone, other])
    advertiser.advertise(new Uint8Array(24), { started: () => undefined, failed: () => undefined })
  await settled()
  expect(heard).toEqual([
    { address: 'C0:00:00:00:00:01', addressType: 'random' },
    { address: 'C0:00:00:00:00:02', addressType: 'random' },
  ])
})

test('bytes arrive whole and in order, both ways, however they are cut, and a close ends both', async () => {
  const air = createAir()
  const [near, far] = [hearing(), hearing()]
  const device = air.device()
  const { psm, channels } = listening(device, far)
  await settled()
  expect(psm()).toBe(0x80)
  const from = { address: 'C0:00:00:00:00:00', addressType: 'random' } as const
  const channel = air.device().dataChannelDialer.dial(from, 0x80, near)
  await settled()
  expect(near.events).toEqual(['open'])
  const sent = Array.from({ length: 2000 }, (_, index) => index % 251)
  channel.send(Uint8Array.from(sent))
  channels[0]?.send(Uint8Array.from(sent.toReversed()))
  await settled()
  expect(far.received).toEqual(sent)
  expect(near.received).toEqual(sent.toReversed())
  await channel.close()
  await settled()
  channels[0]?.send(Uint8Array.of(1))
  await settled()
  expect([near.events, far.events]).toEqual([['open'], ['closed']])
  expect(near.received).toHaveLength(2000)
})

test.each([
  ['another PSM', 0x81, 0, false],
  ['another address', 0x80, 1, false],
  ['a listener that refuses', 0x80, 0, true],
])('%s is channel-unreachable', async (_name, psm, address, refuses) => {
  const air = createAir()
  listening(air.device(), refuses ? undefined : hearing())
  const near = hearing()
  const from = { address: `C0:00:00:00:00:0${address}`, addressType: 'random' } as const
  air.device().dataChannelDialer.dial(from, psm, near)
  await settled()
  expect(near.events).toEqual(['channel-unreachable'])
})

test('a device listens at several PSMs, and gives one back when it stops', async () => {
  const device = createAir().device()
  const first = listening(device)
  const second = listening(device)
  await settled()
  expect([first.psm(), second.psm()]).toEqual([0x80, 0x81])
  await first.stop()
  const third = listening(device)
  await settled()
  expect(third.psm()).toBe(0x80)
})

test('a device that listens at every PSM says so, and listens again once there is one', async () => {
  const device = createAir().device()
  const all = Array.from({ length: 0x80 }, () => listening(device))
  const codes: string[] = []
  const oneMore = (): void => {
    device.dataChannelListener.listen({
      started: psm => codes.push(String(psm)),
      accepted: () => undefined,
      failed: ({ code }) => codes.push(code),
    })
  }
  oneMore()
  expect(codes).toEqual([])
  await settled()
  expect(all.at(-1)?.psm()).toBe(0xff)
  await all[3]?.stop()
  oneMore()
  await settled()
  expect(codes).toEqual(['advertise-failed', '131'])
})
