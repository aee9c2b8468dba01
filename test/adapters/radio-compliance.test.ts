import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { airAdvertiser, airScanner } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { lineAdvertiser, stdinScanner } from '../../src/adapters/air/lines.js'
import type { HybridError } from '../../src/errors.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { createAir, radioCompliance, runRadioCompliance } from '../../src/testing.js'
import type { RadioHarness, Transmission } from '../../src/testing.js'

/** Adverts of the air never break, and nothing is too long for it. */
const NO_FAULTS = {
  noAdapter: 'has no adapter',
  powerOff: 'cannot be switched off',
  unauthorise: 'asks nobody',
  removeAdapter: 'has no adapter',
} as const

function suite(name: string, harness: RadioHarness): void {
  describe(name, () => {
    const { cases, omitted } = radioCompliance(harness)
    test('says why a case is left out', () => {
      const reasons = new Set(omitted.flatMap(({ reason }) => reason.split('; ')))
      expect(reasons).toEqual(new Set(Object.values(harness.reasons ?? {})))
    })
    for (const { name: title, run } of cases) test(title, run)
  })
}

let air = createAir()
suite('the air of a process', {
  prepare: () => {
    air = createAir()
    return Promise.resolve()
  },
  makeScanner: () => air.scanner(),
  makeAdvertiser: () => air.advertiser(),
  reasons: {
    ...NO_FAULTS,
    transmit: 'only its advertiser sends',
    addresses: 'has no addresses',
    maxServiceDataBytes: 'holds any length',
  },
})

let hub: AirHub | undefined
const url = (): string => hub?.url ?? 'ws://127.0.0.1:1/air'
const closeHub = async (): Promise<void> => {
  await hub?.close()
}
afterAll(closeHub)

/** A client of the hub of our own making; foreign UUIDs are refused by the hub, which is as good as not heard. */
async function transmitToHub(uuid: string, serviceData: Uint8Array): Promise<Transmission> {
  const socket = new WebSocket(url())
  await once(socket, 'open')
  socket.send(JSON.stringify({ advert: { uuid, data: encodeHex(serviceData) } }))
  return {
    stop: async () => {
      if (socket.readyState === WebSocket.CLOSED) return
      socket.close()
      await once(socket, 'close')
    },
  }
}

const HUB_LOST = { scan: 'ble-scan-failed', advertise: 'advertise-failed' }
suite('the air hub', {
  prepare: async () => {
    hub = await serveAirHub({ port: 0 })
  },
  restore: closeHub,
  makeScanner: () => airScanner(url()),
  makeAdvertiser: () => airAdvertiser(url()),
  transmit: transmitToHub,
  noAdapter: closeHub,
  removeAdapter: closeHub,
  codes: { noAdapter: HUB_LOST, removeAdapter: HUB_LOST },
  reasons: {
    powerOff: 'cannot be switched off',
    unauthorise: 'asks nobody',
    addresses: 'has no addresses',
    maxServiceDataBytes: 'has no advert of 31 bytes',
  },
})

let source = new PassThrough()
suite('lines of text', {
  prepare: () => {
    source = new PassThrough()
    return Promise.resolve()
  },
  makeScanner: () => stdinScanner(source),
  transmit: (uuid, serviceData) => {
    source.write(`${uuid} ${encodeHex(serviceData)}\n`)
    return Promise.resolve({ stop: () => Promise.resolve() })
  },
  removeAdapter: () => {
    source.destroy(new Error('broken'))
    return Promise.resolve()
  },
  codes: { removeAdapter: { scan: 'ble-scan-failed', advertise: 'advertise-failed' } },
  reasons: {
    makeAdvertiser: 'only reads',
    addresses: 'has no addresses',
    maxServiceDataBytes: 'holds any length',
    noAdapter: 'has no adapter',
    powerOff: 'cannot be switched off',
    unauthorise: 'asks nobody',
  },
})

suite('a writer of lines', {
  makeAdvertiser: () => lineAdvertiser(() => undefined),
  reasons: {
    ...NO_FAULTS,
    makeScanner: 'only writes',
    transmit: 'only writes',
    addresses: 'has no addresses',
    maxServiceDataBytes: 'holds any length',
  },
})

test.each([
  ['an air hub', () => airAdvertiser('ws://127.0.0.1:1/air')],
  ['lines of text', () => lineAdvertiser(() => undefined)],
])('%s is connected to by nobody', async (_name, makeAdvertiser) => {
  const failures: string[] = []
  const listener = { started: () => undefined, failed: ({ code }: HybridError) => void failures.push(code) }
  for (const isStopped of [true, false]) {
    const advert = makeAdvertiser().advertise(new Uint8Array(24), listener, { connectable: true })
    if (isStopped) await advert.stop()
    await Promise.resolve()
  }
  expect(failures).toEqual(['capability-missing'])
})

describe('the suite itself', () => {
  test('reports what fails, and why', async () => {
    const harness: RadioHarness = {
      makeScanner: () => ({ proximity: 'simulated', scan: () => ({ stop: () => Promise.resolve() }) }),
      patienceMs: 1,
    }
    const { passed, failed, omitted } = await runRadioCompliance(harness)
    expect(passed).toEqual([])
    expect(failed.map(({ name }) => name)).toContain('scanner: calls nobody before scan() has returned')
    for (const { error } of failed)
      expect(error).toMatchObject({ name: 'AssertionError', expected: 'started' })
    expect(omitted).toContainEqual({ name: 'scanner: no adapter', reason: 'no noAdapter' })
  })
})
