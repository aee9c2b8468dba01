import { describe, expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { DialledChannel } from '../../src/adapters/l2cap/dialled-channel.js'
import { ListeningSocket } from '../../src/adapters/l2cap/listening-socket.js'
import { WatchedDescriptor } from '../../src/adapters/l2cap/watched-descriptor.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { dataChannelCompliance } from '../../src/testing.js'
import type { DataChannelHarness } from '../../src/testing.js'
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
