import { describe, expect, test } from 'vitest'
import { blenoAdvertiser } from '../../src/adapters/bleno/bleno.js'
import { nobleScanner } from '../../src/adapters/noble/noble.js'
import { radioCompliance } from '../../src/testing.js'
import { FakeAir } from '../support/fake-air.js'

let air = new FakeAir()

function done(act: () => void): () => Promise<void> {
  return () => {
    act()
    return Promise.resolve()
  }
}

function adapter(state: string): () => Promise<void> {
  return done(() => {
    air.change(state)
  })
}

const { cases, omitted } = radioCompliance({
  prepare: done(() => {
    air = new FakeAir()
  }),
  restore: done(() => {
    expect(air.listeners).toEqual([])
  }),
  makeScanner: () => nobleScanner({ noble: air.noble(), maxInterruptionMs: 100 }),
  makeAdvertiser: () => blenoAdvertiser({ bleno: air.bleno(), maxInterruptionMs: 100 }),
  transmit: (uuid, serviceData) => Promise.resolve({ stop: done(air.transmit(uuid, serviceData)) }),
  // A fake tells no addresses: nothing that an adapter for noble does depends on them.
  addresses: true,
  maxServiceDataBytes: 20,
  noAdapter: adapter('unsupported'),
  powerOff: adapter('poweredOff'),
  unauthorise: adapter('unauthorized'),
  removeAdapter: adapter('resetting'),
})

describe('noble and bleno', () => {
  test('have all powers', () => {
    expect(omitted).toEqual([])
  })

  for (const { name, run } of cases) test(name, run)
})
