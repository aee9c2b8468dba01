import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import { airDevice } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import type { AirDevice } from '../../src/adapters/air/air.js'
import type { DataChannel, DataChannelObserver, ListeningDataChannel } from '../../src/ports/data-channel.js'
import { senderOf } from '../support/air-sender.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'

let hub: AirHub
let before = openResources()

beforeEach(async () => {
  before = openResources()
  hub = await serveAirHub({ port: 0 })
})

afterEach(async () => {
  await hub.close()
  await expectNothingMoreOpen(before)
})

interface Heard {
  readonly observer: DataChannelObserver
  readonly bytes: number[]
  readonly opened: Promise<void>
  /** `closed`, or the code of the failure. */
  readonly over: Promise<string>
  /** Settles when so many bytes have come. */
  readonly has: (count: number) => Promise<void>
}

function hearing(): Heard {
  const bytes: number[] = []
  const opened = deferred<undefined>()
  const over = deferred<string>()
  let tell: () => void = () => undefined
  return {
    bytes,
    opened: opened.promise,
    over: over.promise,
    has: count =>
      new Promise(resolve => {
        tell = () => {
          if (bytes.length >= count) resolve()
        }
        tell()
      }),
    observer: {
      open: () => {
        opened.resolve(undefined)
      },
      bytes: chunk => {
        bytes.push(...chunk)
        tell()
      },
      closed: () => {
        over.resolve('closed')
      },
      failed: error => {
        over.resolve(error.code)
      },
    },
  }
}

interface Phone {
  readonly device: AirDevice
  readonly heard: Heard
  readonly listening: ListeningDataChannel
  readonly channel: Promise<DataChannel>
}

/** A phone that listens, and takes what comes. */
async function listeningPhone(accepts = true): Promise<Phone> {
  const device = airDevice(hub.url)
  const heard = hearing()
  const channel = deferred<DataChannel>()
  const started = deferred<number>()
  const listening = device.dataChannelListener.listen({
    started: started.resolve,
    accepted: accepted => {
      channel.resolve(accepted)
      return accepts ? heard.observer : undefined
    },
    failed: started.reject,
  })
  expect(await started.promise).toBe(0x80)
  return { device, heard, listening, channel: channel.promise }
}

test('a channel carries bytes both ways between two devices of a hub, and ends for both', async () => {
  const phone = await listeningPhone()
  const from = await senderOf(phone.device, airDevice(hub.url))
  expect(from?.address).toMatch(/^127\.0\.0\.1:\d+$/)
  const heard = hearing()
  const dialled = airDevice(hub.url).dataChannelDialer.dial(from ?? never(), 0x80, heard.observer)
  await heard.opened
  const sent = Array.from({ length: 65_000 }, (_, index) => index % 251)
  dialled.send(Uint8Array.from(sent))
  const accepted = await phone.channel
  accepted.send(Uint8Array.from(sent.toReversed()))
  await Promise.all([heard.has(sent.length), phone.heard.has(sent.length)])
  expect(phone.heard.bytes).toEqual(sent)
  expect(heard.bytes).toEqual(sent.toReversed())
  await phone.listening.stop()
  dialled.send(Uint8Array.of(7))
  await dialled.close()
  expect(await phone.heard.over).toBe('closed')
  expect(phone.heard.bytes.at(-1)).toBe(7)
  await accepted.close()
})

test('a channel that breaks is channel-lost, on the side that did not break it', async () => {
  const phone = await listeningPhone()
  const { address = '' } = (await senderOf(phone.device, airDevice(hub.url))) ?? {}
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1')
  socket.write(Uint8Array.of(0x80))
  await phone.channel
  socket.resetAndDestroy()
  expect(await phone.heard.over).toBe('channel-lost')
  await phone.listening.stop()
})

test('a PSM at which the phone does not listen, and a phone that refuses, open no channel', async () => {
  for (const [psm, accepts] of [
    [0x81, true],
    [0x80, false],
  ] as const) {
    const phone = await listeningPhone(accepts)
    const from = (await senderOf(phone.device, airDevice(hub.url))) ?? never()
    const heard = hearing()
    const dialled = airDevice(hub.url).dataChannelDialer.dial(from, psm, heard.observer)
    expect(await heard.over).toBe('channel-unreachable')
    expect(await Promise.race([heard.opened, Promise.resolve('not opened')])).toBe('not opened')
    await Promise.all([dialled.close(), phone.listening.stop()])
  }
})

test('a phone that has stopped listening, or an address of another kind, is channel-unreachable', async () => {
  const phone = await listeningPhone()
  const from = (await senderOf(phone.device, airDevice(hub.url))) ?? never()
  await phone.listening.stop()
  expect(await senderOf(phone.device, airDevice(hub.url))).toBeUndefined()
  for (const address of [
    from.address,
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '10.0.0.1:80',
    'C0:00:00:00:00:01',
  ]) {
    const heard = hearing()
    const dialled = airDevice(hub.url).dataChannelDialer.dial({ ...from, address }, 0x80, heard.observer)
    expect(await heard.over).toBe('channel-unreachable')
    await dialled.close()
  }
})

test('a dial that is given up at once says nothing and leaves nothing', async () => {
  const phone = await listeningPhone()
  const from = (await senderOf(phone.device, airDevice(hub.url))) ?? never()
  const heard = hearing()
  await airDevice(hub.url).dataChannelDialer.dial(from, 0x80, heard.observer).close()
  await phone.listening.stop()
  expect(await Promise.race([heard.over, heard.opened, Promise.resolve('nothing')])).toBe('nothing')
})

test('the ninth channel at a time is turned away', async () => {
  const phone = await listeningPhone()
  const from = (await senderOf(phone.device, airDevice(hub.url))) ?? never()
  const port = Number(from.address.split(':')[1])
  const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  const ninth = hearing()
  const dialled = airDevice(hub.url).dataChannelDialer.dial(from, 0x80, ninth.observer)
  expect(await ninth.over).toBe('channel-unreachable')
  for (const socket of sockets) socket.destroy()
  await Promise.all([dialled.close(), phone.listening.stop()])
})

test('who has said nothing is cut off when the phone stops listening, and is not taken any more', async () => {
  const phone = await listeningPhone()
  const port = Number((await senderOf(phone.device, airDevice(hub.url)))?.address.split(':')[1])
  const [mute, late] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  await Promise.all([once(mute, 'connect'), once(late, 'connect')])
  late.write(Uint8Array.of(0x80))
  const cut = [mute, late].map(
    socket =>
      new Promise(resolve =>
        socket
          .on('error', () => undefined)
          .on('close', resolve)
          .resume(),
      ),
  )
  await phone.listening.stop()
  await Promise.all(cut)
  expect(await Promise.race([phone.channel, Promise.resolve('not taken')])).toBe('not taken')
})

test('of two listeners of a device, the one that goes on is named by adverts', async () => {
  const device = airDevice(hub.url)
  const listen = async (): Promise<ListeningDataChannel> => {
    const started = deferred<number>()
    const { observer } = hearing()
    const use = device.dataChannelListener.listen({
      started: started.resolve,
      accepted: () => observer,
      failed: started.reject,
    })
    await started.promise
    return use
  }
  const first = await listen()
  const ofFirst = await senderOf(device, airDevice(hub.url))
  const second = await listen()
  const ofSecond = await senderOf(device, airDevice(hub.url))
  expect(ofSecond).not.toEqual(ofFirst)
  await first.stop()
  expect(await senderOf(device, airDevice(hub.url))).toEqual(ofSecond)
  const third = await listen()
  await third.stop()
  expect(await senderOf(device, airDevice(hub.url))).toEqual(ofSecond)
  await second.stop()
  expect(await senderOf(device, airDevice(hub.url))).toBeUndefined()
})

function never(): never {
  throw new Error('the advert has no sender')
}
