import { describe, expect, it } from 'vitest'
import { firstScanner } from '../../src/adapters/fallback/fallback.js'
import { nobleScanner } from '../../src/adapters/noble/noble.js'
import type { NobleScannerOptions } from '../../src/adapters/noble/noble.js'
import type { HybridError } from '../../src/errors.js'
import type { BleScanner } from '../../src/ports/ble.js'
import { airProbe } from '../support/air-probe.js'
import { FakeAir } from '../support/fake-air.js'
import type { FakeNoble } from '../support/fake-air.js'
import { createPair } from '../support/pair.js'
import { manualClock } from '../support/manual-clock.js'
import type { ManualClock } from '../support/manual-clock.js'

const PAYLOAD = Uint8Array.of(1, 2, 3)

interface Radio {
  readonly air: FakeAir
  readonly noble: FakeNoble
  readonly clock: ManualClock
  readonly scanner: BleScanner
}

function radio(options: NobleScannerOptions = {}): Radio {
  const [air, clock] = [new FakeAir(), manualClock()]
  const noble = air.noble()
  return { air, noble, clock, scanner: nobleScanner({ noble, clock, ...options }) }
}

/** The failure of a scan. */
async function failureOf(scanner: BleScanner, meanwhile: () => void = () => undefined): Promise<HybridError> {
  const failure = new Promise<HybridError>(failed => {
    scanner.scan({ ...airProbe(), failed })
  })
  await turn()
  meanwhile()
  return failure
}

/** Lets a fake that has been asked answer. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(() => setImmediate(resolve)))
}

describe('the noble scanner', () => {
  it('is a radio', () => {
    expect(radio().scanner.proximity).toBe('bluetooth')
  })

  it('scans without UUID filter and with duplicates', async () => {
    const { noble, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
    expect(noble.calls).toEqual(['startScanning [[],true]', 'stopScanning'])
  })

  it.each([
    ['fff9', 'fff9'],
    ['FFF9', 'fff9'],
    ['0000fff9', 'fff9'],
    ['0000fff9-0000-1000-8000-00805f9b34fb', 'fff9'],
    ['0000FDE200001000800000805F9B34FB', 'fde2'],
  ])('knows the UUID %s', async (spelling, uuid) => {
    const { air, scanner } = radio()
    air.transmit(spelling, PAYLOAD)
    const probe = airProbe()
    const scan = scanner.scan(probe)
    expect([await probe.next(), await probe.next()]).toEqual(['started', `${uuid} 010203`])
    await scan.stop()
  })

  it.each([['feaa'], ['0001fff9'], ['1234fff9-0000-1000-8000-00805f9b34fb'], ['fff90000'], ['']])(
    'ignores the UUID %j',
    async spelling => {
      const { air, scanner } = radio()
      air.transmit(spelling, PAYLOAD)
      air.transmit('fff9', Uint8Array.of(4))
      const probe = airProbe()
      const scan = scanner.scan(probe)
      expect([await probe.next(), await probe.next()]).toEqual(['started', 'fff9 04'])
      await scan.stop()
    },
  )

  it.each([
    [undefined],
    [{}],
    [{ advertisement: {} }],
    [{ advertisement: { serviceData: [null, {}, { uuid: 'fff9' }, { uuid: 'fff9', data: '0102' }] } }],
  ])('ignores the peripheral %j', async peripheral => {
    const { noble, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    noble.emit('discover', peripheral)
    expect(probe.seen).toEqual(['started'])
    await scan.stop()
  })

  it('tells each payload once, under either UUID', async () => {
    const { air, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    for (const uuid of ['fff9', 'fde2', 'fff9']) air.transmit(uuid, PAYLOAD)
    air.transmit('fff9', Uint8Array.of(4))
    expect(probe.seen).toEqual(['started', 'fff9 010203', 'fde2 010203', 'fff9 04'])
    await scan.stop()
  })

  it('forgets payloads before they fill the memory', async () => {
    const { air, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    for (let each = 0; each < 1024; each++) air.transmit('fff9', Uint8Array.of(each >> 8, each & 0xff))
    air.transmit('fff9', Uint8Array.of(0, 0))
    expect(probe.seen).toHaveLength(1025)
    air.transmit('fff9', PAYLOAD)
    air.transmit('fff9', Uint8Array.of(0, 0))
    expect(probe.seen.slice(1025)).toEqual(['fff9 010203', 'fff9 0000'])
    await scan.stop()
  })

  it('shares one noble among its scans until the last one ends', async () => {
    const { air, noble, scanner } = radio()
    const [first, second] = [airProbe(), airProbe()]
    const scans = [scanner.scan(first), scanner.scan(second)]
    expect([await first.next(), await second.next()]).toEqual(['started', 'started'])
    await scans[0]?.stop()
    const third = airProbe()
    scans.push(scanner.scan(third))
    expect(await third.next()).toBe('started')
    air.transmit('fff9', PAYLOAD)
    expect([first.seen, second.seen, third.seen]).toEqual([
      ['started'],
      ['started', 'fff9 010203'],
      ['started', 'fff9 010203'],
    ])
    await Promise.all(scans.map(scan => scan.stop()))
    expect(noble.calls).toEqual(['startScanning [[],true]', 'stopScanning'])
  })

  it('lets the listener stop inside of a call', async () => {
    const { air, scanner } = radio()
    const [outer, inner] = [airProbe(), airProbe()]
    const stops: Promise<void>[] = []
    const first = scanner.scan({
      ...outer,
      advert: report => {
        outer.advert(report)
        stops.push(first.stop(), second.stop())
      },
    })
    const second = scanner.scan(inner)
    await inner.next()
    air.transmit('fff9', PAYLOAD)
    await Promise.all(stops)
    expect([outer.seen, inner.seen]).toEqual([['started', 'fff9 010203'], ['started']])
  })

  it('scans again a while after somebody else has ended the scan', async () => {
    const { noble, clock, air, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    noble.interrupt()
    expect(noble.calls).toHaveLength(1)
    clock.advance(1000)
    await turn()
    air.transmit('fff9', PAYLOAD)
    expect([noble.calls, probe.seen]).toEqual([
      ['startScanning [[],true]', 'startScanning [[],true]'],
      ['started', 'fff9 010203'],
    ])
    await scan.stop()
    expect(clock.alarms()).toBe(0)
  })
})

describe('what a scan has heard', () => {
  it('is told by number, with service data and without', async () => {
    const { air, noble, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    expect(scan.tally?.()).toEqual({ adverts: 0, withServiceData: 0 })
    noble.emit('discover', { advertisement: { serviceData: [] } })
    noble.emit('discover', { advertisement: {} })
    expect(scan.tally?.()).toEqual({ adverts: 2, withServiceData: 0 })
    air.transmit('feaa', PAYLOAD)
    expect(scan.tally?.()).toEqual({ adverts: 3, withServiceData: 1 })
    await scan.stop()
  })

  it('tells a client whose phone was not heard that its radio hands on no service data', async () => {
    for (const [discovery, isDeaf] of [
      [{ advertisement: { serviceData: [] } }, true],
      [{ advertisement: { serviceData: [{ uuid: 'feaa', data: PAYLOAD }] } }, false],
      [undefined, false],
    ] as const) {
      const { noble, scanner } = radio()
      const { client, clock } = createPair({ scanner: firstScanner(scanner) })
      const failed = client.connect({ onQr: () => undefined }).catch((error: unknown) => error)
      await turn()
      if (discovery !== undefined) for (let each = 0; each < 37; each++) noble.emit('discover', discovery)
      await clock.advance(400_000)
      expect(await failed).toMatchObject({
        code: 'advert-timeout',
        stage: 'advert',
        message: expect.stringMatching(
          isDeaf ? /heard 37 adverts, and no service data/ : /advert$/,
        ) as string,
        cure: expect.stringContaining(isDeaf ? '@stoprocent/noble' : 'switch Bluetooth on') as string,
      })
    }
  })
})

describe('a noble that does not work', () => {
  it.each([
    ['unsupported', 'bluetooth-unavailable'],
    ['unauthorized', 'bluetooth-unauthorised'],
  ])('is %s: %s, at once', async (state, code) => {
    const { air, noble, scanner } = radio()
    air.state = state
    expect(await failureOf(scanner)).toMatchObject({ code })
    expect([noble.calls, air.listeners]).toEqual([[], []])
  })

  it('is off: says so when it has had time to think again', async () => {
    const { air, clock, scanner } = radio()
    air.state = 'poweredOff'
    const probe = airProbe()
    scanner.scan(probe)
    await turn()
    clock.advance(1499)
    expect(probe.seen).toEqual([])
    clock.advance(1)
    expect(probe.seen).toEqual(['failed bluetooth-off'])
  })

  it('is off, and then says why', async () => {
    const { air, scanner } = radio()
    air.state = 'poweredOff'
    expect(
      await failureOf(scanner, () => {
        air.change('unsupported')
      }),
    ).toMatchObject({ code: 'bluetooth-unavailable' })
  })

  it('is off, and then on', async () => {
    const { air, clock, scanner } = radio()
    air.state = 'poweredOff'
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await turn()
    air.change('poweredOn')
    expect(await probe.next()).toBe('started')
    clock.advance(300)
    expect(probe.seen).toEqual(['started'])
    await scan.stop()
  })

  it('throws when it is started', async () => {
    const { noble, scanner } = radio()
    noble.habit = 'throws'
    const error = await failureOf(scanner)
    expect(error).toMatchObject({ code: 'bluetooth-unavailable', cause: { code: 'ENODEV' } })
  })

  it('is silent, as without permission, until the start limit', async () => {
    const { air, clock, scanner } = radio()
    air.state = undefined
    const error = await failureOf(scanner, () => {
      clock.advance(5000)
    })
    expect(error).toMatchObject({ code: 'bluetooth-unauthorised' })
    expect(error.message).toContain('said nothing about the adapter for 5000 ms')
    expect([clock.alarms(), air.listeners]).toEqual([0, []])
  })

  it('is on but does not scan, until the start limit', async () => {
    const { noble, clock, scanner } = radio({ startTimeoutMs: 100 })
    noble.habit = 'dead'
    expect(
      await failureOf(scanner, () => {
        clock.advance(100)
      }),
    ).toMatchObject({ code: 'ble-scan-failed' })
    expect(noble.calls).toEqual(['startScanning [[],true]', 'stopScanning'])
  })

  it('never comes to a stop: is left to itself', async () => {
    const { noble, clock, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    noble.habit = 'dead'
    const stopped = scan.stop()
    clock.advance(1000)
    await stopped
    expect(clock.alarms()).toBe(0)
  })

  it.each([
    ['unauthorized', 'bluetooth-unauthorised'],
    ['unsupported', 'bluetooth-lost'],
  ])('becomes %s in the middle: %s, for all scans', async (state, code) => {
    const { air, clock, scanner } = radio()
    const probes = [airProbe(), airProbe()]
    const scans = probes.map(probe => scanner.scan(probe))
    for (const probe of probes) await probe.next()
    air.change(state)
    air.change('poweredOn')
    air.transmit('fff9', PAYLOAD)
    expect(probes.map(({ seen }) => seen)).toEqual(probes.map(() => ['started', `failed ${code}`]))
    await Promise.all(scans.map(scan => scan.stop()))
    expect([clock.alarms(), air.listeners]).toEqual([0, []])
  })

  it.each([
    ['poweredOff', 'bluetooth-off'],
    ['resetting', 'bluetooth-lost'],
    ['unknown', 'bluetooth-lost'],
  ])(
    'becomes %s in the middle, and may come back within 5000 ms: else %s, for all scans',
    async (state, code) => {
      for (const isBack of [true, false]) {
        const { air, noble, clock, scanner } = radio()
        const probes = [airProbe(), airProbe()]
        const scans = probes.map(probe => scanner.scan(probe))
        for (const probe of probes) await probe.next()
        air.change(state)
        noble.interrupt()
        const late = airProbe()
        scans.push(scanner.scan(late))
        clock.advance(4999)
        await turn()
        if (isBack) air.change('poweredOn')
        await turn()
        clock.advance(1)
        air.transmit('fff9', PAYLOAD)
        const end = isBack ? ['resumed', 'fff9 010203'] : [`failed ${code}`]
        for (const probe of probes) expect(probe.seen).toEqual(['started', `interrupted ${code}`, ...end])
        expect(late.seen).toEqual(isBack ? ['started', 'fff9 010203'] : [`failed ${code}`])
        await Promise.all(scans.map(scan => scan.stop()))
        expect([clock.alarms(), air.listeners]).toEqual([0, []])
      }
    },
  )

  it('says at the end of an interruption what it said last', async () => {
    const { air, clock, scanner } = radio({ maxInterruptionMs: 100 })
    const probe = airProbe()
    scanner.scan(probe)
    await probe.next()
    air.change('resetting')
    clock.advance(99)
    air.change('poweredOff')
    clock.advance(1)
    expect(probe.seen).toEqual(['started', 'interrupted bluetooth-lost', 'failed bluetooth-off'])
  })

  it.each(['unsupported', 'unauthorized'])('is away and then %s: an error at once', async state => {
    const { air, clock, scanner } = radio()
    const probe = airProbe()
    scanner.scan(probe)
    await probe.next()
    air.change('poweredOff')
    air.change(state)
    expect(probe.seen.slice(0, 2)).toEqual(['started', 'interrupted bluetooth-off'])
    expect(probe.seen[2]).toMatch(/^failed /)
    expect(clock.alarms()).toBe(0)
  })

  it('ends with the first interruption where none is wanted', async () => {
    const { air, scanner } = radio({ maxInterruptionMs: 0 })
    const probe = airProbe()
    scanner.scan(probe)
    await probe.next()
    air.change('poweredOff')
    expect(probe.seen).toEqual(['started', 'failed bluetooth-off'])
  })

  it('can be stopped while it is away', async () => {
    const { air, clock, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    air.change('poweredOff')
    await scan.stop()
    expect([clock.alarms(), air.listeners]).toEqual([0, []])
    air.change('poweredOn')
    expect(probe.seen).toEqual(['started', 'interrupted bluetooth-off'])
  })

  it('does not scan again when it is back: an error when the time is up', async () => {
    const { air, noble, clock, scanner } = radio()
    const probe = airProbe()
    scanner.scan(probe)
    await probe.next()
    air.change('poweredOff')
    noble.habit = 'dead'
    air.change('poweredOn')
    clock.advance(5000)
    expect(probe.seen.at(-1)).toBe('failed bluetooth-off')
  })

  it('goes off while it is starting, and on again', async () => {
    const { air, noble, clock, scanner } = radio()
    noble.habit = 'dead'
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await turn()
    air.change('poweredOff')
    noble.habit = 'well'
    clock.advance(1499)
    air.change('poweredOn')
    expect(await probe.next()).toBe('started')
    clock.advance(5000)
    expect(probe.seen).toEqual(['started'])
    await scan.stop()
  })

  it('is not asked to scan while it is away, though its scan had ended just before', async () => {
    const { air, noble, clock, scanner } = radio()
    const probe = airProbe()
    const scan = scanner.scan(probe)
    await probe.next()
    noble.interrupt()
    air.change('poweredOff')
    clock.advance(1000)
    expect([noble.calls.length, probe.seen]).toEqual([1, ['started', 'interrupted bluetooth-off']])
    await scan.stop()
  })

  it('goes off before it says that it scans: that does not count as a start', async () => {
    const { air, noble, clock, scanner } = radio()
    noble.prependOnceListener('stateChange', () => {
      queueMicrotask(() => air.change('poweredOff'))
    })
    const probe = airProbe()
    scanner.scan(probe)
    await turn()
    expect([noble.calls, probe.seen]).toEqual([['startScanning [[],true]'], []])
    clock.advance(1500)
    expect(probe.seen).toEqual(['failed bluetooth-off'])
  })

  it('works again afterwards', async () => {
    const { air, clock, scanner } = radio()
    air.state = 'unauthorized'
    await failureOf(scanner)
    air.change('poweredOn')
    const probe = airProbe()
    const scan = scanner.scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
    expect(clock.alarms()).toBe(0)
  })
})
