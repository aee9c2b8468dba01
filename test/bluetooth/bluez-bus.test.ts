import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { Message } from '@jellybrick/dbus-next'
import { afterEach, describe, expect, it } from 'vitest'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import type { BluezOptions } from '../../src/adapters/bluez/bluez.js'
import { BusConnection } from '../../src/adapters/bluez/bus.js'
import { loadLibrary } from '../../src/adapters/bluez/library.js'
import { BUS, BUS_PATH } from '../../src/adapters/bluez/names.js'
import { airProbe } from '../support/air-probe.js'
import { connectTo } from '../support/bus-monitor.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'
import { useFolderPerTest } from '../support/test-folder.js'

const ADVERT = new Uint8Array(20)
/** Long enough for a bus that answers, and waited for in full where it does not. */
const SHORT_MS = 30

const folder = useFolderPerTest()
let cleanups: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
  cleanups = []
})

/** Kills a bus that has not read yet what a client of it said last. */
async function killUnread(address: string, say: () => void): Promise<void> {
  const asking = await connectTo(address)
  const call = { destination: BUS, path: BUS_PATH, interface: BUS, member: 'GetConnectionUnixProcessID' }
  const reply = await asking.call(new Message({ ...call, signature: 's', body: [BUS] }))
  const pid = Number(reply?.body[0])
  process.kill(pid, 'SIGSTOP')
  say()
  // It is in the socket by then.
  await new Promise(resolve => setImmediate(resolve))
  process.kill(pid, 'SIGKILL')
}

async function privateBus(policy?: string): Promise<PrivateBus> {
  const bus = await startPrivateBus(policy)
  cleanups.push(() => bus.stop())
  return bus
}

/** Something that listens where a bus should be, and the connections to it that are open. */
async function fakeBus(greet: (socket: Socket) => void): Promise<{ address: string; open: Set<Socket> }> {
  const path = folder.at('socket')
  const open = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.on('error', () => undefined).on('close', () => open.delete(socket))
    greet(socket)
  })
  await once(server.listen(path), 'listening')
  cleanups.push(async () => {
    for (const socket of open) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  })
  return { address: `unix:path=${path}`, open }
}

/** What a scan and an advert come to; both are stopped again, and leave no timer behind. */
async function outcomes(options: BluezOptions): Promise<readonly string[]> {
  const before = openResources()
  const [hears, sends] = [airProbe(), airProbe()]
  const scan = bluezScanner(options).scan(hears)
  const advert = bluezAdvertiser(options).advertise(ADVERT, sends)
  const words = [await hears.next(), await sends.next()]
  await Promise.all([scan.stop(), advert.stop()])
  expect([...hears.seen, ...sends.seen]).toEqual(words)
  await expectNothingMoreOpen(before)
  return words
}

function pipes(): number {
  return process.getActiveResourcesInfo().filter(each => each === 'PipeWrap').length
}

describe('without a bus', () => {
  it.each([
    ['a socket that is not there', () => `unix:path=${folder.path}/nothing`],
    ['an address of nobody', () => 'tcp:host=127.0.0.1,port=1'],
    ['a way that is unknown', () => 'carrier:pigeon=1'],
    ['nonsense', () => 'nonsense'],
  ])('Bluetooth is unavailable: %s', async (_name, address) => {
    const before = pipes()
    expect(await outcomes({ busAddress: address() })).toEqual([
      'failed bluetooth-unavailable',
      'failed bluetooth-unavailable',
    ])
    await expect.poll(pipes).toBe(before)
  })

  it('it can be stopped at once', async () => {
    const probe = airProbe()
    await bluezScanner({ busAddress: `unix:path=${folder.path}/nothing` })
      .scan(probe)
      .stop()
    expect(probe.seen).toEqual([])
  })

  it('a call is rejected, also one that comes later', async () => {
    const library = await loadLibrary()
    const ping = { destination: 'a.b', path: '/', interface: 'a.b', member: 'Ping' }
    const lost = await new Promise<BusConnection>(resolve => {
      const connection = new BusConnection(library, `unix:path=${folder.path}/nothing`, {
        signal: () => undefined,
        lost: () => {
          resolve(connection)
        },
      })
    })
    await expect(lost.call(ping)).rejects.toMatchObject({ code: 'bluetooth-unavailable' })
    await lost.close()
  })
})

describe('a bus', () => {
  it('that never says anything makes Bluetooth unavailable in time, and its connection is closed', async () => {
    const { address, open } = await fakeBus(socket => socket.resume())
    const before = pipes()
    expect(await outcomes({ busAddress: address, startTimeoutMs: SHORT_MS })).toEqual([
      'failed bluetooth-unavailable',
      'failed bluetooth-unavailable',
    ])
    // Its own ends are open still: it does not answer hanging up either.
    await expect.poll(pipes).toBe(before + open.size)
    expect(open.size).toBe(2)
  })

  it('that never says anything can be left while starting', async () => {
    const { address } = await fakeBus(socket => socket.resume())
    const probe = airProbe()
    const scan = bluezScanner({ busAddress: address, startTimeoutMs: SHORT_MS }).scan(probe)
    await new Promise(resolve => setImmediate(resolve))
    await scan.stop()
    expect(probe.seen).toEqual([])
  })

  it('that does not let us in means that we are not authorised', async () => {
    const { address } = await fakeBus(socket =>
      socket.once('data', () => socket.write('REJECTED EXTERNAL\r\n')),
    )
    expect(await outcomes({ busAddress: address })).toEqual([
      'failed bluetooth-unauthorised',
      'failed bluetooth-unauthorised',
    ])
  })

  it('that hangs up makes Bluetooth unavailable', async () => {
    const { address } = await fakeBus(socket => socket.resume().end())
    expect(await outcomes({ busAddress: address })).toEqual([
      'failed bluetooth-unavailable',
      'failed bluetooth-unavailable',
    ])
  })

  it('without BlueZ makes Bluetooth unavailable', async () => {
    const { address } = await privateBus()
    expect(await outcomes({ busAddress: address })).toEqual([
      'failed bluetooth-unavailable',
      'failed bluetooth-unavailable',
    ])
  })

  it('whose policy forbids BlueZ means that we are not authorised', async () => {
    const bus = await privateBus(
      '<allow send_destination="*"/><deny send_destination="org.bluez"/><allow receive_sender="*"/><allow own="*"/>',
    )
    const bluez = await MockBluez.start(bus.address)
    expect(await outcomes({ busAddress: bus.address })).toEqual([
      'failed bluetooth-unauthorised',
      'failed bluetooth-unauthorised',
    ])
    await bluez.stop()
  })
})

describe('bluetoothd', () => {
  it.each(['GetManagedObjects', 'StartDiscovery'])('may never answer %s', async method => {
    const bus = await privateBus()
    const bluez = await MockBluez.start(bus.address)
    bluez.silence(method)
    const probe = airProbe()
    const scan = bluezScanner({ busAddress: bus.address, startTimeoutMs: SHORT_MS }).scan(probe)
    expect(await probe.next()).toBe('failed bluetooth-unavailable')
    await scan.stop()
    await bluez.stop()
  })

  it.each(['StopDiscovery', 'UnregisterAdvertisement'])('may never answer %s', async method => {
    const bus = await privateBus()
    const bluez = await MockBluez.start(bus.address)
    bluez.silence(method)
    const options = { busAddress: bus.address, startTimeoutMs: 1500 }
    expect(await outcomes(options)).toEqual(['started', 'started'])
    await bluez.stop()
  })

  it.each<[string, (bluez: MockBluez, bus: PrivateBus) => Promise<void>]>([
    ['bluetoothd', bluez => bluez.stop()],
    ['the bus', (_, bus) => bus.stop()],
    [
      'a bus that has not read everything',
      (bluez, bus) => killUnread(bus.address, () => bluez.setPowered('hci0', true)),
    ],
  ])('may go away in the middle: %s', async (_, goAway) => {
    const bus = await privateBus()
    const bluez = await MockBluez.start(bus.address)
    const [hears, sends] = [airProbe(), airProbe()]
    const options = { busAddress: bus.address, maxInterruptionMs: SHORT_MS }
    const scan = bluezScanner(options).scan(hears)
    const advert = bluezAdvertiser(options).advertise(ADVERT, sends)
    expect([await hears.next(), await sends.next()]).toEqual(['started', 'started'])
    await goAway(bluez, bus)
    for (const probe of [hears, sends])
      expect([await probe.next(), await probe.next()]).toEqual([
        'interrupted bluetooth-lost',
        'failed bluetooth-lost',
      ])
    await Promise.all([scan.stop(), advert.stop()])
  })
})
