import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Message, Variant } from '@jellybrick/dbus-next'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import type { BluezOptions } from '../../src/adapters/bluez/bluez.js'
import { firstAdvertiser } from '../../src/adapters/fallback/fallback.js'
import { airProbe } from '../support/air-probe.js'
import type { AirProbe } from '../support/air-probe.js'
import { connectTo, watchBus } from '../support/bus-monitor.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'
import type { AdvertReport, BleScan } from '../../src/ports/ble.js'
import type { AdvertSender } from '../../src/ports/data-channel.js'

const ADVERT = Uint8Array.from({ length: 20 }, (_each, index) => index)
const ADVERT_WORD = 'fff9 000102030405060708090a0b0c0d0e0f10111213'

/** Answers come within it, and what is tried again is so a few times. */
const SHORT_MS = 300

let bus: PrivateBus
let bluez: MockBluez
let options: BluezOptions

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
  options = { busAddress: bus.address }
})

beforeEach(() => {
  bluez.reset()
})

afterAll(async () => {
  await bluez.stop()
  await bus.stop()
})

/** A scan that hears, on hci1 unless told otherwise. */
async function scanning(
  more: BluezOptions = { adapter: 'hci1' },
): Promise<{ scan: BleScan; probe: AirProbe }> {
  const probe = airProbe()
  const scan = bluezScanner({ ...options, ...more }).scan(probe)
  expect(await probe.next()).toBe('started')
  return { scan, probe }
}

/** What an advert comes to; it is stopped again. */
async function advertised(serviceData: Uint8Array, more: BluezOptions = {}): Promise<string> {
  const probe = airProbe()
  const advert = bluezAdvertiser({ ...options, ...more }).advertise(serviceData, probe)
  const word = await probe.next()
  await advert.stop()
  return word
}

async function scanned(more: BluezOptions = {}): Promise<string> {
  const probe = airProbe()
  const scan = bluezScanner({ ...options, ...more }).scan(probe)
  const word = await probe.next()
  await scan.stop()
  return word
}

describe('the scanner', () => {
  it('is marked as Bluetooth', () => {
    expect([bluezScanner().proximity, bluezAdvertiser().proximity]).toEqual(['bluetooth', 'bluetooth'])
  })

  it('asks for LE, for duplicates, and for no UUIDs', async () => {
    const { scan } = await scanning()
    expect(Object.values(bluez.sessions)).toEqual([{ Transport: 'le', DuplicateData: true }])
    await scan.stop()
    // The filter is given back too, or bluetoothd would stop the discovery of others.
    expect(bluez.calls).toEqual([
      'SetDiscoveryFilter',
      'StartDiscovery',
      'StopDiscovery',
      'SetDiscoveryFilter',
    ])
    expect(bluez.sessions).toEqual({})
  })

  it('hears service data of an advert without a list of UUIDs', async () => {
    const { scan, probe } = await scanning()
    bluez.transmit('fff9', ADVERT, { uuids: [] })
    expect(await probe.next()).toBe(ADVERT_WORD)
    await scan.stop()
  })

  it('tells a payload once, however often its sender repeats it', async () => {
    const { scan, probe } = await scanning()
    bluez.transmit('fff9', ADVERT)
    bluez.repeat()
    bluez.transmit('fde2', ADVERT)
    bluez.transmit('fff9', Uint8Array.of(9))
    for (const word of [ADVERT_WORD, ADVERT_WORD.replace('fff9', 'fde2'), 'fff9 09'])
      expect(await probe.next()).toBe(word)
    await scan.stop()
    expect(probe.seen).toHaveLength(4)
  })

  it('says who sent an advert and which adapter heard it, and tells a payload of another sender again', async () => {
    const heard: (AdvertSender | undefined)[] = []
    const adapter = { adapter: '00:AA:01:00:00:01' }
    const first = { address: 'C0:FF:EE:00:00:00', addressType: 'random', ...adapter }
    const second = { ...first, address: 'C0:FF:EE:00:00:02' }
    for (const round of ['new devices', 'devices that bluetoothd knows']) {
      const probe = airProbe()
      const advert = ({ from }: AdvertReport): number => heard.push(from)
      const scan = bluezScanner({ ...options, adapter: 'hci1' }).scan({ ...probe, advert })
      expect(await probe.next(), round).toBe('started')
      bluez.transmit('fff9', ADVERT)
      bluez.transmit('fff9', ADVERT, { address: second.address })
      // It is told after those before it.
      bluez.transmit('fde2', ADVERT)
      await expect.poll(() => heard.length).toBe(3)
      expect(heard.splice(0)).toEqual([first, second, first])
      await scan.stop()
    }
  })

  it('has started before it tells what another’s scan brings meanwhile', async () => {
    const first = await scanning()
    bluez.transmit('fff9', ADVERT)
    expect(await first.probe.next()).toBe(ADVERT_WORD)
    bluez.before('StartDiscovery', () => {
      bluez.repeat()
    })
    const second = await scanning()
    expect(await second.probe.next()).toBe(ADVERT_WORD)
    await Promise.all([first.scan.stop(), second.scan.stop()])
  })

  it('asks for nothing once it is stopped', async () => {
    const probe = airProbe()
    const scan = bluezScanner(options).scan(probe)
    const stopped = new Promise<void>(resolve => {
      bluez.before('GetManagedObjects', () => {
        resolve(scan.stop())
      })
    })
    await stopped
    expect([probe.seen, bluez.calls]).toEqual([[], []])
  })

  it('ignores what bluetoothd remembers', async () => {
    const first = await scanning()
    bluez.transmit('fff9', ADVERT)()
    expect(await first.probe.next()).toBe(ADVERT_WORD)
    await first.scan.stop()
    const second = await scanning()
    bluez.transmit('fff9', Uint8Array.of(9), { address: 'C0:FF:EE:00:00:02' })
    expect(await second.probe.next()).toBe('fff9 09')
    await second.scan.stop()
  })

  it('ignores service data without bytes', async () => {
    const { scan, probe } = await scanning()
    bluez.transmit('fff9', new Uint8Array())
    bluez.transmit('fff9', Uint8Array.of(9))
    expect(await probe.next()).toBe('fff9 09')
    await scan.stop()
  })

  it('hears only its own adapter', async () => {
    const [first, second] = [await scanning({ adapter: 'hci0' }), await scanning({ adapter: 'hci1' })]
    const sends = airProbe()
    const advert = bluezAdvertiser({ ...options, adapter: 'hci0' }).advertise(ADVERT, sends)
    expect(await second.probe.next()).toBe(ADVERT_WORD)
    bluez.transmit('fff9', Uint8Array.of(9))
    expect(await first.probe.next()).toBe('fff9 09')
    await Promise.all([first.scan.stop(), second.scan.stop(), advert.stop()])
  })

  it('takes back every match rule, then leaves the bus', async () => {
    const monitor = await watchBus(bus.address)
    const { scan } = await scanning()
    await scan.stop()
    await monitor.until(({ member, body }) => member === 'NameOwnerChanged' && body[2] === '')
    const rules = (method: string): unknown[] =>
      monitor.seen.flatMap(({ member, body }) => (member === method ? [body[0]] : [])).sort()
    expect(rules('AddMatch')).toHaveLength(5)
    expect(rules('RemoveMatch')).toEqual(rules('AddMatch'))
    const order = monitor.seen.map(({ member }) => member)
    expect(order.lastIndexOf('RemoveMatch')).toBeGreaterThan(order.indexOf('StopDiscovery'))
    monitor.close()
  })

  it('believes only bluetoothd', async () => {
    const { scan, probe } = await scanning()
    const [destination = ''] = Object.keys(bluez.sessions).map(key => key.replace(/^.* /, ''))
    const stranger = await connectTo(bus.address)
    const tell = (path: string, of: string, name: string, signature: string, body: unknown[]): void => {
      const signal = Message.newSignal(path, of, name, signature, body)
      signal.destination = destination
      stranger.send(signal)
    }
    const removed = ['/org/bluez/hci1', ['org.bluez.Adapter1']]
    tell('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', 'oas', removed)
    const data = { '0000fff9-0000-1000-8000-00805f9b34fb': new Variant('ay', Buffer.from(ADVERT)) }
    const device = { 'org.bluez.Device1': { ServiceData: new Variant('a{sv}', data) } }
    const added = ['/org/bluez/hci1/dev_C0_FF_EE_00_00_09', device]
    tell('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', 'oa{sa{sv}}', added)
    const gone = ['org.bluez', ':1.1', '']
    tell('/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameOwnerChanged', 'sss', gone)
    await stranger.call(
      new Message({ destination, path: '/', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' }),
    )
    bluez.transmit('fff9', Uint8Array.of(9))
    expect(await probe.next()).toBe('fff9 09')
    stranger.disconnect()
    await scan.stop()
  })
})

describe('the adapter', () => {
  it('is the first that is switched on', async () => {
    bluez.setPowered('hci0', false)
    const { scan } = await scanning({})
    expect(Object.keys(bluez.sessions)).toEqual([expect.stringMatching(/^hci1 /)])
    await scan.stop()
  })

  it('is not there under that name', async () => {
    const more = { adapter: 'hci7', startTimeoutMs: SHORT_MS }
    expect(await scanned(more)).toBe('failed bluetooth-unavailable')
    expect(await advertised(ADVERT, more)).toBe('failed bluetooth-unavailable')
  })

  it('is switched off, though another is on', async () => {
    bluez.setPowered('hci1', false)
    expect(await scanned({ adapter: 'hci1', startTimeoutMs: SHORT_MS })).toBe('failed bluetooth-off')
  })

  it('cannot advertise', async () => {
    for (const name of ['hci0', 'hci1']) bluez.addAdapter(name, { advertising: false })
    expect(await advertised(ADVERT)).toBe('failed capability-missing')
  })

  it('is lost only when it is ours', async () => {
    const { scan, probe } = await scanning({ adapter: 'hci1' })
    bluez.setPowered('hci0', false)
    bluez.removeAdapter('hci0')
    bluez.transmit('fff9', ADVERT)
    expect(await probe.next()).toBe(ADVERT_WORD)
    await scan.stop()
  })
})

describe('the advertiser', () => {
  it('broadcasts the UUID and its service data, and nothing else', async () => {
    const probe = airProbe()
    const advert = bluezAdvertiser(options).advertise(ADVERT, probe)
    expect(await probe.next()).toBe('started')
    expect(Object.values(bluez.adverts)).toEqual([
      {
        address: '00:AA:01:00:00:00',
        connectable: false,
        uuids: ['fff9'],
        serviceData: { fff9: Buffer.from(ADVERT) },
      },
    ])
    await advert.stop()
    expect(bluez.adverts).toEqual({})
    expect(bluez.calls).toEqual(['RegisterAdvertisement', 'UnregisterAdvertisement'])
  })

  it('sends a connectable advert with the suffix of a data channel in 28 bytes, without a list of UUIDs', async () => {
    const probe = airProbe()
    const serviceData = new Uint8Array(24).fill(7)
    const advert = bluezAdvertiser(options).advertise(serviceData, probe, { connectable: true })
    expect(await probe.next()).toBe('started')
    expect(Object.values(bluez.adverts)).toMatchObject([
      { connectable: true, uuids: [], serviceData: { fff9: Buffer.from(serviceData) } },
    ])
    await advert.stop()
  })

  it.each([
    [27, 'started'],
    [28, 'failed advert-too-long'],
  ])('holds %i bytes in a connectable advert, extended or not: %s', async (length, word) => {
    bluez.addAdapter('hci0', { extended: true })
    const probe = airProbe()
    const advert = firstAdvertiser(bluezAdvertiser(options)).advertise(new Uint8Array(length), probe, {
      connectable: true,
    })
    expect(await probe.next()).toBe(word)
    await advert.stop()
  })

  it.each([24, 200, 243])('sends %i bytes where the adapter has extended adverts', async length => {
    bluez.addAdapter('hci0', { extended: true })
    expect(await advertised(new Uint8Array(length))).toBe('started')
  })

  it('refuses 244 bytes even there, and does not ask', async () => {
    bluez.addAdapter('hci0', { extended: true })
    expect(await advertised(new Uint8Array(244))).toBe('failed advert-too-long')
    expect(bluez.calls).toEqual([])
  })

  it('fails when the service sees it as too long', async () => {
    bluez.refuse('org.bluez.Error.InvalidLength')
    expect(await advertised(ADVERT)).toBe('failed advert-too-long')
  })

  it('fails when the adapter has no room for one more', async () => {
    const running = Array.from({ length: 5 }, () => {
      const probe = airProbe()
      return { probe, advert: bluezAdvertiser(options).advertise(ADVERT, probe) }
    })
    for (const { probe } of running) expect(await probe.next()).toBe('started')
    expect(await advertised(ADVERT)).toBe('failed advertise-failed')
    await Promise.all(running.map(({ advert }) => advert.stop()))
    expect(bluez.adverts).toEqual({})
  })

  it('shows the advert only to bluetoothd when it introspects', async () => {
    const probe = airProbe()
    const advert = bluezAdvertiser(options).advertise(ADVERT, probe)
    expect(await probe.next()).toBe('started')
    const [destination = '', path = ''] = Object.keys(bluez.adverts).join().split(' ')
    const stranger = await connectTo(bus.address)
    const release = { destination, path, interface: 'org.bluez.LEAdvertisement1', member: 'Release' }
    await expect(stranger.call(new Message(release))).rejects.toMatchObject({
      type: 'org.freedesktop.DBus.Error.UnknownMethod',
    })
    stranger.disconnect()
    await advert.stop()
    expect(probe.seen).toEqual(['started'])
  })
})

describe('what D-Bus answers', () => {
  it.each([
    ['org.bluez.Error.NotReady', 'bluetooth-off'],
    ['org.bluez.Error.NotAuthorized', 'bluetooth-unauthorised'],
    ['org.freedesktop.DBus.Error.AccessDenied', 'bluetooth-unauthorised'],
    ['org.freedesktop.DBus.Error.ServiceUnknown', 'bluetooth-unavailable'],
    ['org.freedesktop.DBus.Error.Spawn.ChildExited', 'bluetooth-unavailable'],
    ['org.freedesktop.systemd1.NoSuchUnit', 'bluetooth-unavailable'],
    ['org.freedesktop.DBus.Error.UnknownObject', 'bluetooth-lost'],
  ])('%s means %s', async (name, code) => {
    bluez.refuse(name)
    const more = { startTimeoutMs: SHORT_MS }
    expect(await scanned(more)).toBe(`failed ${code}`)
    expect(await advertised(ADVERT, more)).toBe(`failed ${code}`)
  })

  it('may be something else', async () => {
    bluez.refuse('org.bluez.Error.Failed', 'some reason')
    expect(await scanned()).toBe('failed ble-scan-failed')
    expect(await advertised(ADVERT)).toBe('failed advertise-failed')
  })
})
