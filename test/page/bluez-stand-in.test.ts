import { Message } from '@jellybrick/dbus-next'
import type { MessageBus } from '@jellybrick/dbus-next'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bluezScanner } from '../../src/adapters/bluez/bluez.js'
import { ADAPTER, BLUEZ, DEVICE, OBJECT_MANAGER, PROPERTIES } from '../../src/adapters/bluez/names.js'
import { unwrappedVariant } from '../../src/adapters/bluez/values.js'
import { BluezStandIn } from '../../src/page/dialog/bluez-stand-in.js'
import { airProbe } from '../support/air-probe.js'
import { connectTo, watchBus } from '../support/bus-monitor.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'

const ADVERT = Uint8Array.from({ length: 20 }, (_, at) => at)
const ADAPTER_PATH = '/org/bluez/hci0'
const FIRST_DEVICE = `${ADAPTER_PATH}/dev_C0_FF_EE_00_00_01`

let bus: PrivateBus
let standIn: BluezStandIn
let client: MessageBus

beforeEach(async () => {
  bus = await startPrivateBus()
  standIn = await BluezStandIn.start(bus.address)
  client = await connectTo(bus.address)
})

afterEach(async () => {
  client.disconnect()
  await standIn.stop()
  await bus.stop()
})

async function call(path: string, ofInterface: string, member: string): Promise<unknown> {
  const message = new Message({ destination: BLUEZ, path, interface: ofInterface, member })
  return (await client.call(message))?.body[0]
}

/** Objects by their path, properties by their name, without the types that D-Bus gives them. */
async function tree(): Promise<unknown> {
  return plain(await call('/', OBJECT_MANAGER, 'GetManagedObjects'))
}

function plain(value: unknown): unknown {
  const bare = unwrappedVariant(value)
  if (typeof bare !== 'object' || bare === null || ArrayBuffer.isView(bare)) return bare
  if (Array.isArray(bare)) return bare.map(plain)
  return Object.fromEntries(Object.entries(bare).map(([name, member]) => [name, plain(member)]))
}

/** Puts the advert on the air. @returns what takes it off again. */
function advertise(): { stop(): Promise<void> } {
  const probe = airProbe()
  const advert = standIn.advertiser().advertise(ADVERT, probe)
  expect(probe.seen).toEqual(['started'])
  return advert
}

test('there is one adapter, which is switched on, and a device for each advert on the air', async () => {
  const adapter = { [ADAPTER]: { Address: '00:AA:01:00:00:00', Powered: true, Discovering: false } }
  expect(await tree()).toEqual({ [ADAPTER_PATH]: adapter })
  const [first, second] = [advertise(), advertise()]
  expect(Object.keys((await tree()) as object)).toEqual([
    ADAPTER_PATH,
    FIRST_DEVICE,
    FIRST_DEVICE.replace(/1$/, '2'),
  ])
  await first.stop()
  await first.stop()
  await second.stop()
  expect(await tree()).toEqual({ [ADAPTER_PATH]: adapter })
})

test('a listener is told what comes, what is there already, and what goes', async () => {
  const monitor = await watchBus(bus.address)
  const advert = advertise()
  await monitor.until(({ member }) => member === 'InterfacesAdded')
  await call(ADAPTER_PATH, ADAPTER, 'StartDiscovery')
  await monitor.until(({ member }) => member === 'PropertiesChanged')
  await advert.stop()
  await monitor.until(({ member }) => member === 'InterfacesRemoved')
  const signals = monitor.seen.filter(({ member }) => /^Interfaces|^Prop/.test(member))
  const heard = { RSSI: -42, ServiceData: { '0000fff9-0000-1000-8000-00805f9b34fb': Buffer.from(ADVERT) } }
  expect(signals.map(({ path, interface: of, body }) => [path, of, plain(body)])).toMatchObject([
    ['/', OBJECT_MANAGER, [FIRST_DEVICE, { [DEVICE]: { ...heard, Adapter: ADAPTER_PATH } }]],
    [FIRST_DEVICE, PROPERTIES, [DEVICE, heard, []]],
    ['/', OBJECT_MANAGER, [FIRST_DEVICE, [DEVICE]]],
  ])
  monitor.close()
})

test.each([
  ['/', OBJECT_MANAGER, 'SetDiscoveryFilter'],
  [ADAPTER_PATH, ADAPTER, 'RemoveDevice'],
  [FIRST_DEVICE, DEVICE, 'Connect'],
])('at %s, %s there is no method %s', async (path, ofInterface, member) => {
  await expect(call(path, ofInterface, member)).rejects.toMatchObject({
    type: 'org.freedesktop.DBus.Error.UnknownMethod',
  })
})

test.each(['SetDiscoveryFilter', 'StartDiscovery', 'StopDiscovery'])('%s is answered', async member => {
  expect(await call(ADAPTER_PATH, ADAPTER, member)).toBeUndefined()
})

test('our own scanner hears an advert', async () => {
  const probe = airProbe()
  const scan = bluezScanner({ busAddress: bus.address }).scan(probe)
  expect(await probe.next()).toBe('started')
  const advert = advertise()
  expect(await probe.next()).toBe(`fff9 ${Buffer.from(ADVERT).toString('hex')}`)
  await Promise.all([scan.stop(), advert.stop()])
})
