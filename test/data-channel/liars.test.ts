import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import type { Air } from '../../src/adapters/air/air.js'
import { ProximityError } from '../../src/errors.js'
import type { SessionTrace, TraceListener } from '../../src/driver/session-trace.js'
import { streamFramer } from '../../src/framing/stream-framer.js'
import type { HybridClientOptions } from '../../src/client/hybrid-client.js'
import type { AdvertReport, BleScan, BleScanListener, BleScanner } from '../../src/ports/ble.js'
import type {
  AdvertSender,
  DataChannel,
  DataChannelDialer,
  DataChannelObserver,
} from '../../src/ports/data-channel.js'
import { createPair } from '../support/pair.js'
import type { Pair } from '../support/pair.js'
import { BLE, finish, meet, TUNNEL } from './meeting.js'

const [ADVERT_BYTES, NOISE_BYTES] = [20, 81]

const radioOff = new ProximityError('bluetooth-off', 'the radio is off')

/** What a device says to a client that has sent it message 1; or it takes no channel. */
type Behaviour = ((channel: DataChannel) => unknown) | 'takes no channel'

const framed = (bytes: number): Uint8Array => streamFramer().frame(new Uint8Array(bytes).fill(4))

const WRONG: Readonly<Record<string, Behaviour>> = {
  'a message 2 of zeros': channel => channel.send(framed(NOISE_BYTES)),
  'a message 2 that is too short': channel => channel.send(framed(NOISE_BYTES - 1)),
  'an empty message': channel => channel.send(framed(0)),
  'a length that no message has': channel => channel.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff)),
}

/** Devices that send the phone’s advert again, and are heard before it. @returns a scanner near them. */
function liars(air: Air, behaviours: readonly Behaviour[]): BleScanner {
  const froms = behaviours.map((behave, index) => placed(air, index, behave))
  return telling(air.scanner(), (report, tell) => {
    for (const from of froms) tell({ ...report, from })
    tell(report)
  })
}

/** A scanner that tells what it hears in another way. */
function telling(
  scanner: BleScanner,
  advert: (report: AdvertReport, tell: (report: AdvertReport) => void) => void,
): BleScanner {
  return {
    proximity: scanner.proximity,
    scan: listener =>
      scanner.scan({
        started: () => listener.started(),
        failed: error => listener.failed(error),
        advert: report => advert(report, told => listener.advert(told)),
      }),
  }
}

function placed(air: Air, index: number, behave: Behaviour): AdvertSender {
  // The first PSM of each device is that of the phone.
  const device = air.device()
  if (behave !== 'takes no channel')
    device.dataChannelListener.listen({
      started: () => undefined,
      failed: () => undefined,
      accepted: channel => ({
        open: () => undefined,
        bytes: once(() => behave(channel)),
        closed: () => undefined,
        failed: () => undefined,
      }),
    })
  // As `createAir` numbers its devices: those of the pair come after these.
  return { address: `C0:00:00:00:00:0${index}`, addressType: 'random' }
}

function once(act: () => unknown): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}

function nearLiars(behaviours: readonly Behaviour[], client: Partial<HybridClientOptions> = {}): Pair {
  const air = createAir()
  const scanner = liars(air, behaviours)
  return createPair({ scanner, dataChannel: 'auto', ...client }, { dataChannel: 'auto' }, air)
}

test.each(Object.entries(WRONG))(
  'a device that answers message 1 with %s does not keep the phone away',
  async (_, behave) => {
    const meeting = await meet(nearLiars([behave], { dataChannel: 'ble' }))
    expect(await finish(meeting)).toEqual(BLE)
    const steps = meeting.steps('client')
    expect(steps.filter(step => step === 'channel-connecting')).toHaveLength(2)
    expect(steps.filter(step => step === 'qr-shown')).toHaveLength(1)
    expect(steps).not.toContain('tunnel-connecting')
  },
)

test('with ble, a device that sends the advert again and takes no channel does not keep the phone away', async () => {
  const lies = ['takes no channel', 'takes no channel'] as const
  const meeting = await meet(nearLiars(lies, { dataChannel: 'ble' }))
  expect(await finish(meeting)).toEqual(BLE)
  expect(meeting.steps('client').filter(step => step === 'channel-connecting')).toHaveLength(3)

  const crowded = await meet(nearLiars([...lies, lies[0]], { dataChannel: 'ble' }))
  await expect(crowded.connection).rejects.toMatchObject({ code: 'channel-unreachable' })
  expect(crowded.steps('client').filter(step => step === 'channel-connecting')).toHaveLength(3)
})

test('with auto, a device that takes no channel leads to the tunnel at once', async () => {
  const meeting = await meet(nearLiars(['takes no channel']))
  expect(await finish(meeting)).toEqual(TUNNEL)
  expect(meeting.steps('client').filter(step => step === 'channel-connecting')).toHaveLength(1)
})

test('a channel that closes before it opens may be a lie, and a radio that this program may not use is none', async () => {
  for (const [fail, dials] of [
    [(observer: DataChannelObserver) => observer.closed(), 2],
    [(observer: DataChannelObserver) => observer.failed(radioOff), 1],
  ] as const) {
    const air = createAir()
    const { dataChannelDialer: inner } = air.device()
    let dialled = 0
    const dataChannelDialer: DataChannelDialer = {
      proximity: 'simulated',
      dial: (to, psm, observer) => {
        dialled += 1
        if (dialled > 1) return inner.dial(to, psm, observer)
        queueMicrotask(() => fail(observer))
        return { send: () => undefined, close: () => Promise.resolve() }
      },
    }
    const scanner = liars(air, ['takes no channel'])
    const pair = createPair({ scanner, dataChannel: 'ble', dataChannelDialer }, { dataChannel: 'ble' }, air)
    const meeting = await meet(pair)
    if (dials === 2) expect(await finish(meeting)).toEqual(BLE)
    else await expect(meeting.connection).rejects.toBe(radioOff)
    expect(dialled).toBe(dials)
  }
})

test('the channel to a device that answered wrongly is closed before another is dialled, and says nothing any more', async () => {
  const air = createAir()
  const [lie = () => undefined] = Object.values(WRONG)
  const words: string[] = []
  const scanner = liars(air, [lie])
  const { dataChannelDialer: inner } = air.device()
  const observers: DataChannelObserver[] = []
  const dataChannelDialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (to, psm, observer) => {
      words.push('dial')
      for (const earlier of observers) {
        earlier.bytes(framed(NOISE_BYTES))
        earlier.open()
        earlier.closed()
        earlier.failed(new ProximityError('channel-lost', 'late'))
      }
      observers.push(observer)
      const channel = inner.dial(to, psm, observer)
      // What goes wrong with the end of a channel that is of no use does not matter.
      const close = async (): Promise<void> => {
        words.push('close')
        await channel.close()
        throw new Error('broken')
      }
      return { send: bytes => channel.send(bytes), close }
    },
  }
  const pair = createPair({ scanner, dataChannel: 'ble', dataChannelDialer }, { dataChannel: 'ble' }, air)
  const meeting = await meet(pair)
  await meeting.connection
  expect(words).toEqual(['dial', 'close', 'dial'])
  expect(await finish(meeting)).toEqual(BLE)
})

test('the third device is the last that is dialled', async () => {
  const [lie = () => undefined] = Object.values(WRONG)
  expect(await finish(await meet(nearLiars([lie, lie], { dataChannel: 'ble' })))).toEqual(BLE)

  const auto = await meet(nearLiars([lie, lie, lie]))
  expect(await finish(auto)).toEqual(TUNNEL)
  expect(auto.steps('client').filter(step => step === 'channel-connecting')).toHaveLength(3)

  const alone = await meet(nearLiars([lie, lie, lie], { dataChannel: 'ble' }))
  await expect(alone.connection).rejects.toMatchObject({ code: 'handshake-failed' })
})

test('after a device that answered wrongly, another is listened for during five seconds', async () => {
  const [lie = () => undefined] = Object.values(WRONG)
  for (const dataChannel of ['auto', 'ble'] as const) {
    const air = createAir()
    const deaf = telling(liars(air, [lie]), (report, tell) => {
      if (report.from?.address.endsWith('00') === true) tell(report)
    })
    let stopped = 0
    const scanner: BleScanner = {
      proximity: 'simulated',
      scan: listener => {
        const scan = deaf.scan(listener)
        const stop = (): Promise<void> => {
          stopped += 1
          return scan.stop()
        }
        return { stop }
      },
    }
    const pair = createPair({ scanner, dataChannel }, { dataChannel: 'auto' }, air)
    const meeting = await meet(pair)
    await pair.clock.advance(4999)
    expect(meeting.steps('client')).not.toContain('tunnel-connecting')
    expect(meeting.steps('client')).not.toContain('closed')
    expect(stopped).toBe(1)
    await pair.clock.advance(1)
    expect(stopped).toBe(2)
    if (dataChannel === 'auto') expect(await finish(meeting)).toEqual(TUNNEL)
    else await expect(meeting.connection).rejects.toMatchObject({ code: 'handshake-failed' })
  }
})

/** A client near a liar, whose radio is not to be had for a second scan. */
function nearLiarOnce(
  dataChannel: 'auto' | 'ble',
  scanAgain: (listener: BleScanListener) => BleScan,
): { readonly pair: Pair; readonly scans: () => number } {
  const air = createAir()
  const [lie = () => undefined] = Object.values(WRONG)
  const near = liars(air, [lie])
  let scans = 0
  const scanner: BleScanner = {
    proximity: near.proximity,
    scan: listener => (scans++ === 0 ? near.scan(listener) : scanAgain(listener)),
  }
  return { pair: createPair({ scanner, dataChannel }, { dataChannel: 'auto' }, air), scans: () => scans }
}

test('a radio that fails once another device is to be listened for leaves the tunnel, where that is allowed', async () => {
  const fail = (listener: BleScanListener): BleScan => {
    queueMicrotask(() => listener.failed(radioOff))
    return { stop: () => Promise.resolve() }
  }
  const auto = nearLiarOnce('auto', fail)
  expect(await finish(await meet(auto.pair))).toEqual(TUNNEL)
  expect(auto.scans()).toBe(2)
  const alone = nearLiarOnce('ble', fail)
  await expect((await meet(alone.pair)).connection).rejects.toBe(radioOff)
  expect(alone.scans()).toBe(2)
})

test('a radio that throws then ends the ceremony, and the session with it', async () => {
  const { pair } = nearLiarOnce('auto', () => {
    throw radioOff
  })
  const outputs: string[] = []
  const step: TraceListener['step'] = (_input, wanted) => outputs.push(...wanted.map(({ type }) => type))
  const trace: SessionTrace = { begin: () => ({ step, progress: () => undefined }) }
  await expect((await meet(pair, { trace })).connection).rejects.toBe(radioOff)
  expect(outputs).toContain('closed')
})

test('with ble, after a lie, adverts that lead nowhere are lies, too', async () => {
  const air = createAir()
  const [lie = () => undefined] = Object.values(WRONG)
  const from = placed(air, 0, lie)
  const scanner = telling(air.scanner(), (report, tell) => {
    const bare = report.serviceData.subarray(0, ADVERT_BYTES)
    for (const each of [
      { ...report, from },
      { ...report, serviceData: bare },
      { ...report, from: undefined },
    ])
      tell(each)
    tell(report)
  })
  const pair = createPair({ scanner, dataChannel: 'ble' }, { dataChannel: 'ble' }, air)
  expect(await finish(await meet(pair))).toEqual(BLE)
})

test('with auto, after a lie, an advert that names no channel leads to the tunnel', async () => {
  const air = createAir()
  const [lie = () => undefined] = Object.values(WRONG)
  const from = placed(air, 0, lie)
  const scanner = telling(air.scanner(), (report, tell) => {
    tell({ ...report, from })
    tell({ ...report, serviceData: report.serviceData.subarray(0, ADVERT_BYTES) })
  })
  const pair = createPair({ scanner, dataChannel: 'auto' }, { dataChannel: 'auto' }, air)
  expect(await finish(await meet(pair))).toEqual(TUNNEL)
})

test.each<[string, (report: AdvertReport) => AdvertReport, string]>([
  [
    'that names none',
    report => ({ ...report, serviceData: report.serviceData.subarray(0, ADVERT_BYTES) }),
    'its advert names none',
  ],
  [
    'whose sender the radio does not tell',
    report => ({ ...report, from: undefined }),
    'its sender is unknown',
  ],
])('with ble, an advert %s says so; with auto, it leads to the tunnel', async (_, change, why) => {
  for (const dataChannel of ['auto', 'ble'] as const) {
    const air = createAir()
    const scanner = telling(air.scanner(), (report, tell) => tell(change(report)))
    const meeting = await meet(createPair({ scanner, dataChannel }, { dataChannel: 'auto' }, air))
    if (dataChannel === 'auto') expect(await finish(meeting)).toEqual(TUNNEL)
    else
      await expect(meeting.connection).rejects.toMatchObject({
        code: 'channel-unreachable',
        message: `there is no data channel to the phone: ${why}`,
      })
    expect(meeting.steps('client')).toContain('advert-seen')
  }
})

test.each<[string, Behaviour, string]>([
  ['closes', channel => channel.close(), 'peer-closed'],
  [
    'closes within a message',
    channel => {
      channel.send(framed(NOISE_BYTES).subarray(0, 50))
      return channel.close()
    },
    'channel-lost',
  ],
])(
  'a channel that %s after message 1 is a lost connection, and the tunnel is not asked',
  async (_, behave, code) => {
    const meeting = await meet(nearLiars([behave]))
    await expect(meeting.connection).rejects.toMatchObject({ code })
    expect(meeting.steps('client')).not.toContain('tunnel-connecting')
  },
)

test('a device that says nothing is a handshake that timed out', async () => {
  const pair = nearLiars([() => undefined])
  const meeting = await meet(pair)
  await pair.clock.advance(15_000)
  await expect(meeting.connection).rejects.toMatchObject({ code: 'handshake-timeout' })
})
