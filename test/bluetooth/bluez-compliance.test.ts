import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import { radioCompliance } from '../../src/testing.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'

/** What is away stays so here. */
const IMPATIENCE = { startTimeoutMs: 1000, maxInterruptionMs: 100 }

let bus: PrivateBus
let bluez: MockBluez

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
})

afterAll(async () => {
  await bluez.stop()
  await bus.stop()
})

function done(act: () => void): () => Promise<void> {
  return () => {
    act()
    return Promise.resolve()
  }
}

function forBoth(act: (adapter: string) => void): () => Promise<void> {
  return done(() => {
    for (const adapter of ['hci0', 'hci1']) act(adapter)
  })
}

const { cases, omitted } = radioCompliance({
  prepare: done(() => {
    bluez.reset()
  }),
  // After a failure it is the end of the connection that clears up.
  restore: () => expect.poll(() => [bluez.sessions, bluez.adverts]).toEqual([{}, {}]),
  makeScanner: () => bluezScanner({ adapter: 'hci1', busAddress: bus.address, ...IMPATIENCE }),
  makeAdvertiser: () => bluezAdvertiser({ adapter: 'hci0', busAddress: bus.address, ...IMPATIENCE }),
  transmit: (uuid, serviceData, options) => {
    const stop = bluez.transmit(uuid, serviceData, options)
    return Promise.resolve({ stop: done(stop) })
  },
  addresses: true,
  maxServiceDataBytes: 23,
  noAdapter: forBoth(adapter => {
    bluez.removeAdapter(adapter)
  }),
  powerOff: forBoth(adapter => {
    bluez.setPowered(adapter, false)
  }),
  unauthorise: done(() => {
    bluez.refuse('org.bluez.Error.NotAuthorized')
  }),
  removeAdapter: forBoth(adapter => {
    bluez.removeAdapter(adapter)
  }),
})

describe('BlueZ', () => {
  test('has all powers', () => {
    expect(omitted).toEqual([])
  })

  for (const { name, run } of cases) test(name, run)
})
