import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Message } from '@jellybrick/dbus-next'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import type { BluezOptions } from '../../src/adapters/bluez/bluez.js'
import { airProbe } from '../support/air-probe.js'
import type { AirProbe } from '../support/air-probe.js'
import { pass, settled } from '../support/bluez-time.js'
import { connectTo } from '../support/bus-monitor.js'
import { manualClock } from '../support/manual-clock.js'
import type { ManualClock } from '../support/manual-clock.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'

const ADVERT = Uint8Array.from({ length: 20 }, (_each, index) => index)
const ADVERT_WORD = 'fff9 000102030405060708090a0b0c0d0e0f10111213'
const IN_PROGRESS = ['org.bluez.Error.InProgress', 'Operation already in progress'] as const

interface Use {
  readonly stop: () => Promise<void>
  readonly probe: AirProbe
}

interface Role {
  /** The last call of a start. */
  readonly method: string
  readonly failure: string
  readonly use: (options: BluezOptions) => Use
}

const ROLES: Readonly<Record<string, Role>> = {
  scanner: {
    method: 'StartDiscovery',
    failure: 'ble-scan-failed',
    use: options => {
      const probe = airProbe()
      const scan = bluezScanner(options).scan(probe)
      return { probe, stop: () => scan.stop() }
    },
  },
  advertiser: {
    method: 'RegisterAdvertisement',
    failure: 'advertise-failed',
    use: options => {
      const probe = airProbe()
      const advert = bluezAdvertiser(options).advertise(ADVERT, probe)
      return { probe, stop: () => advert.stop() }
    },
  },
}

let bus: PrivateBus
let bluez: MockBluez
let clock: ManualClock
let running: Use[]

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
})

beforeEach(() => {
  bluez.reset()
  clock = manualClock()
  running = []
})

/** Nothing is left of a use: no connection, so no match rule and no advert; no discovery, no alarm. */
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()))
  expect(clock.alarms()).toBe(0)
  await expect.poll(() => [bluez.sessions, bluez.adverts]).toEqual([{}, {}])
  await expect.poll(connections).toBe(2)
})

afterAll(async () => {
  await bluez.stop()
  await bus.stop()
})

/** How many there are on the bus: the mock, and the one that asks. */
async function connections(): Promise<number> {
  const asking = await connectTo(bus.address)
  const names = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', member: 'ListNames' }
  const reply = await asking.call(new Message({ ...names, interface: 'org.freedesktop.DBus' }))
  asking.disconnect()
  const all: unknown = reply?.body[0]
  return Array.isArray(all) ? all.filter(name => String(name).startsWith(':')).length : 0
}

function use(role: Role, more: BluezOptions = {}): AirProbe {
  const options = { busAddress: bus.address, adapter: 'hci1', clock, ...more }
  const started = role.use(options)
  running.push(started)
  return started.probe
}

async function inUse(role: Role, more: BluezOptions = {}): Promise<AirProbe> {
  const probe = use(role, more)
  expect(await probe.next()).toBe('started')
  return probe
}

/** Until the first try has met a setback. */
async function heldUp(role: Role, more: BluezOptions = {}): Promise<AirProbe> {
  const probe = use(role, more)
  await expect.poll(() => clock.next(), { interval: 1 }).toBe(100)
  return probe
}

describe.each(Object.entries(ROLES))('the %s', (name, role) => {
  describe('at its start', () => {
    it('asks again when BlueZ says once that it is at something', async () => {
      bluez.refuseNext(role.method, IN_PROGRESS)
      const probe = await heldUp(role)
      clock.advance(100)
      expect(await probe.next()).toBe('started')
      expect(bluez.calls.filter(call => call === role.method)).toHaveLength(2)
    })

    it('asks after pauses that grow, then keep to 500 ms', async () => {
      bluez.refuse(...IN_PROGRESS)
      await heldUp(role)
      const pauses: number[] = []
      for (let each = 0; each < 5; each++) {
        pauses.push(clock.next())
        await pass(clock, clock.next())
      }
      expect(pauses).toEqual([100, 200, 400, 500, 500])
    })

    it.each([
      [...IN_PROGRESS, role.failure],
      ['org.bluez.Error.NotReady', 'Resource Not Ready', 'bluetooth-off'],
      ['org.bluez.Error.Busy', 'busy', role.failure],
      ['org.bluez.Error.Failed', 'Device or resource busy', role.failure],
      ['org.bluez.Error.Failed', 'Operation already in progress', role.failure],
    ])('%s (%s) may last as long as the start: %s', async (type, text, code) => {
      for (const [startTimeoutMs, more] of [
        [5000, {}],
        [1234, { startTimeoutMs: 1234 }],
      ] as const) {
        bluez.refuse(type, text)
        const probe = await heldUp(role, more)
        await pass(clock, startTimeoutMs - 1)
        expect(probe.seen).toEqual([])
        await pass(clock, 1)
        expect(await probe.next()).toBe(`failed ${code}`)
      }
    })

    it.each([
      ['just before the end', 4999],
      ['in the beginning', 1],
    ])('is tried when BlueZ is ready %s', async (_when, ms) => {
      bluez.refuse(...IN_PROGRESS)
      const probe = await heldUp(role)
      await pass(clock, ms)
      bluez.relent()
      await pass(clock, 5000 - ms)
      expect(probe.seen).toEqual(['started'])
    })

    it('is not asked again what is refused for good', async () => {
      bluez.refuseNext(role.method, IN_PROGRESS, ['org.bluez.Error.NotAuthorized'])
      const probe = await heldUp(role)
      clock.advance(100)
      expect(await probe.next()).toBe('failed bluetooth-unauthorised')
    })

    it.each([
      ['off', () => bluez.setPowered('hci1', false), () => bluez.setPowered('hci1', true), 'bluetooth-off'],
      ['gone', () => bluez.removeAdapter('hci1'), () => bluez.addAdapter('hci1'), 'bluetooth-unavailable'],
    ])('waits for an adapter that is %s, for 1500 ms', async (_how, lose, restore, code) => {
      lose()
      const late = await heldUp(role)
      await pass(clock, 1499)
      expect(late.seen).toEqual([])
      await pass(clock, 1)
      expect(await late.next()).toBe(`failed ${code}`)
      const timely = await heldUp(role)
      await pass(clock, 1499)
      restore()
      await pass(clock, 1)
      expect(await timely.next()).toBe('started')
    })

    it('may lose the adapter in the middle of it', async () => {
      bluez.before(role.method, () => {
        bluez.removeAdapter('hci1')
        bluez.before(role.method, () => undefined)
      })
      const probe = use(role)
      await expect.poll(() => clock.next(), { interval: 1 }).toBe(100)
      bluez.addAdapter('hci1')
      await pass(clock, 100)
      expect(probe.seen).toEqual(['started'])
    })

    it('can be stopped between two tries', async () => {
      bluez.refuse(...IN_PROGRESS)
      const probe = await heldUp(role)
      await Promise.all(running.splice(0).map(({ stop }) => stop()))
      const calls = bluez.calls.length
      expect(clock.alarms()).toBe(0)
      clock.advance(10_000)
      await settled(clock)
      expect([probe.seen, bluez.calls.length]).toEqual([[], calls])
    })
  })

  const AWAY: Readonly<Record<string, readonly [lose: () => unknown, restore: () => unknown, code: string]>> =
    {
      'the adapter is unplugged': [
        () => bluez.removeAdapter('hci1'),
        () => bluez.addAdapter('hci1'),
        'bluetooth-lost',
      ],
      'the adapter is switched off': [
        () => bluez.setPowered('hci1', false),
        () => bluez.setPowered('hci1', true),
        'bluetooth-off',
      ],
      'bluetoothd is restarted': [
        () => bluez.stop(),
        async () => {
          bluez = await MockBluez.start(bus.address)
        },
        'bluetooth-lost',
      ],
    }

  describe.each(Object.entries(AWAY))('when %s', (_what, [lose, restore, code]) => {
    it.each([[200], [300], [4999]])('goes on after %i ms', async ms => {
      const probe = await inUse(role)
      await lose()
      expect(await probe.next()).toBe(`interrupted ${code}`)
      await pass(clock, ms)
      expect(probe.seen).toHaveLength(2)
      await restore()
      await pass(clock, 5000 - ms)
      expect(await probe.next()).toBe('resumed')
      if (name === 'scanner') {
        bluez.transmit('fff9', ADVERT)
        expect(await probe.next()).toBe(ADVERT_WORD)
      } else {
        expect(Object.values(bluez.adverts)).toMatchObject([{ serviceData: { fff9: Buffer.from(ADVERT) } }])
      }
      await Promise.all(running.splice(0).map(({ stop }) => stop()))
      expect(probe.seen).toHaveLength(name === 'scanner' ? 4 : 3)
    })

    it.each([
      [5000, {}],
      [321, { maxInterruptionMs: 321 }],
      [50, { maxInterruptionMs: 50 }],
    ])('gives up after %i ms, and leaves it at that', async (ms, more) => {
      const probe = await inUse(role, more)
      await lose()
      expect(await probe.next()).toBe(`interrupted ${code}`)
      await pass(clock, ms - 1)
      expect(probe.seen).toHaveLength(2)
      await pass(clock, 1)
      expect(await probe.next()).toBe(`failed ${code}`)
      await restore()
      clock.advance(10_000)
      await settled(clock)
      expect([probe.seen.length, clock.alarms()]).toEqual([3, 0])
    })

    it('gives up at once where interruptions are not wanted', async () => {
      const probe = await inUse(role, { maxInterruptionMs: 0 })
      await lose()
      expect(await probe.next()).toBe(`failed ${code}`)
      await restore()
    })

    it('can be stopped meanwhile', async () => {
      const probe = await inUse(role)
      await lose()
      expect(await probe.next()).toBe(`interrupted ${code}`)
      await settled(clock)
      await Promise.all(running.splice(0).map(({ stop }) => stop()))
      expect(clock.alarms()).toBe(0)
      await restore()
      expect(probe.seen).toEqual(['started', `interrupted ${code}`])
    })

    it('may find BlueZ busy when it is back', async () => {
      const probe = await inUse(role)
      await lose()
      expect(await probe.next()).toBe(`interrupted ${code}`)
      await restore()
      bluez.refuseNext(role.method, IN_PROGRESS, ['org.bluez.Error.NotReady'], ['org.bluez.Error.Failed'])
      await pass(clock, 1000)
      expect(await probe.next()).toBe('resumed')
    })

    it('gives up at once when it may not use the radio any more', async () => {
      const probe = await inUse(role)
      await lose()
      expect(await probe.next()).toBe(`interrupted ${code}`)
      await restore()
      bluez.refuse('org.bluez.Error.NotAuthorized')
      await pass(clock, 100)
      expect(await probe.next()).toBe('failed bluetooth-unauthorised')
    })

    it('survives that again and again', async () => {
      const probe = await inUse(role)
      for (let each = 0; each < 3; each++) {
        await lose()
        expect(await probe.next()).toBe(`interrupted ${code}`)
        await pass(clock, 3000)
        await restore()
        await pass(clock, 500)
        expect(await probe.next()).toBe('resumed')
      }
    })
  })

  it('takes another adapter when its own comes back under another name, unless it has to be that one', async () => {
    const [any, own] = [await inUse(role, { adapter: undefined }), await inUse(role, { adapter: 'hci0' })]
    bluez.removeAdapter('hci1')
    bluez.removeAdapter('hci0')
    for (const probe of [any, own]) expect(await probe.next()).toBe('interrupted bluetooth-lost')
    bluez.addAdapter('hci2')
    await pass(clock, 4999)
    expect([any.seen.at(-1), own.seen.at(-1)]).toEqual(['resumed', 'interrupted bluetooth-lost'])
    await pass(clock, 1)
    expect(await own.next()).toBe('failed bluetooth-lost')
  })
})

it('a scan tells no advert twice, though it is heard again after an interruption', async () => {
  const scanner = ROLES['scanner']
  if (scanner === undefined) throw new TypeError('a role has gone')
  const probe = await inUse(scanner)
  bluez.transmit('fff9', ADVERT)
  expect([await probe.next()]).toEqual([ADVERT_WORD])
  bluez.setPowered('hci1', false)
  expect(await probe.next()).toBe('interrupted bluetooth-off')
  bluez.setPowered('hci1', true)
  await pass(clock, 100)
  expect(await probe.next()).toBe('resumed')
  bluez.repeat()
  bluez.transmit('fff9', Uint8Array.of(9))
  expect(await probe.next()).toBe('fff9 09')
})

it('an advert that the service takes off the air is put there again', async () => {
  const advertiser = ROLES['advertiser']
  if (advertiser === undefined) throw new TypeError('a role has gone')
  const probe = await inUse(advertiser)
  for (const key of Object.keys(bluez.adverts)) bluez.release(key)
  expect(await probe.next()).toBe('interrupted bluetooth-lost')
  expect(bluez.adverts).toEqual({})
  await pass(clock, 100)
  expect(await probe.next()).toBe('resumed')
  expect(Object.values(bluez.adverts)).toHaveLength(1)
})
