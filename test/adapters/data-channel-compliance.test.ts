import { describe, expect, test } from 'vitest'
import { airDevice } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { createAir } from '../../src/adapters/air/air.js'
import { DialledChannel } from '../../src/adapters/l2cap/dialled-channel.js'
import { ListeningSocket } from '../../src/adapters/l2cap/listening-socket.js'
import { WatchedDescriptor } from '../../src/adapters/l2cap/watched-descriptor.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { dataChannelCompliance } from '../../src/testing.js'
import type { DataChannelHarness } from '../../src/testing.js'
import { senderOf } from '../support/air-sender.js'
import { tcpSockets } from '../support/tcp-sockets.js'

function suite(name: string, harness: DataChannelHarness): void {
  describe(name, () => {
    const { cases, omitted } = dataChannelCompliance(harness)
    test('says why a case is left out', () => {
      expect(omitted.map(({ reason }) => reason)).toEqual(Object.values(harness.reasons ?? {}))
    })
    for (const { name: title, run } of cases) test(title, run)
  })
}

let air = createAir()
let [laptop, phone] = [air.device(), air.device()]
suite('the air of a process', {
  prepare: () => {
    air = createAir()
    ;[laptop, phone] = [air.device(), air.device()]
    return Promise.resolve()
  },
  makeDialer: () => laptop.dataChannelDialer,
  makeListener: () => phone.dataChannelListener,
  listenerAddress: () => ({ address: 'C0:00:00:00:00:01', addressType: 'random' }),
  refusedPsm: 0xff,
  absentAddress: { address: 'C0:00:00:00:00:02', addressType: 'random' },
})

let hub: AirHub | undefined
let [near, far] = [airDevice('ws://127.0.0.1:1/air'), airDevice('ws://127.0.0.1:1/air')]
suite('the air of a hub', {
  prepare: async () => {
    hub = await serveAirHub({ port: 0 })
    ;[near, far] = [airDevice(hub.url), airDevice(hub.url)]
  },
  restore: async () => hub?.close(),
  makeDialer: () => near.dataChannelDialer,
  makeListener: () => far.dataChannelListener,
  listenerAddress: async () => {
    const sender = await senderOf(far, near)
    if (sender === undefined) throw new Error('the advert has no sender')
    return sender
  },
  refusedPsm: 0xff,
  absentAddress: { address: '127.0.0.1:1', addressType: 'random' },
})

describe.runIf(process.platform === 'linux')('on Linux', () => {
  const sockets = tcpSockets()
  suite('sockets of the C library', {
    restore: () => {
      expect(WatchedDescriptor.size).toBe(0)
      return Promise.resolve()
    },
    makeDialer: () => ({
      proximity: 'bluetooth',
      dial: (to, psm, observer) => new DialledChannel(sockets, systemClock, observer).dial(to, psm),
    }),
    makeListener: () => ({
      proximity: 'bluetooth',
      listen: listening => new ListeningSocket(sockets, systemClock, listening).listen(),
    }),
    listenerAddress: () => ({ address: String(sockets.port), addressType: 'random' }),
    refusedPsm: 0xff,
    reasons: { absentAddress: 'loopback answers at once' },
  })
})
