import { describe, expect, it } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import type { BleAdvertiser, BleScanner } from '../../src/ports/ble.js'
import { airProbe } from '../support/air-probe.js'
import type { AirProbe } from '../support/air-probe.js'

const ADVERT = Uint8Array.of(1, 2, 3)

interface Radio {
  readonly scanner: BleScanner
  readonly advertiser: BleAdvertiser
}

function radio(): Radio {
  const air = createAir()
  return { scanner: air.scanner(), advertiser: air.advertiser() }
}

/** Lets what was queued in this turn happen. */
async function settle(...probes: readonly AirProbe[]): Promise<readonly (readonly string[])[]> {
  await Promise.resolve()
  return probes.map(probe => probe.seen)
}

describe('the air', () => {
  it('is marked as simulated', () => {
    const { scanner, advertiser } = radio()
    expect([scanner.proximity, advertiser.proximity]).toEqual(['simulated', 'simulated'])
  })

  it('calls no listener before the handle is returned', () => {
    const { scanner, advertiser } = radio()
    const [hears, sends] = [airProbe(), airProbe()]
    scanner.scan(hears)
    advertiser.advertise(ADVERT, sends)
    expect([hears.seen, sends.seen]).toEqual([[], []])
  })

  it('carries an advert to every scanner, in whatever order they start', async () => {
    const { scanner, advertiser } = radio()
    const [early, late, sends] = [airProbe(), airProbe(), airProbe()]
    scanner.scan(early)
    await settle()
    advertiser.advertise(ADVERT, sends)
    await settle()
    scanner.scan(late)
    expect(await settle(early, late, sends)).toEqual([
      ['started', 'fff9 010203'],
      ['started', 'fff9 010203'],
      ['started'],
    ])
  })

  it('keeps its own copy and gives each scanner one', async () => {
    const { scanner, advertiser } = radio()
    const second = airProbe()
    scanner.scan({
      ...airProbe(),
      advert: ({ serviceData }) => {
        serviceData.fill(9)
      },
    })
    scanner.scan(second)
    const bytes = Uint8Array.from(ADVERT)
    advertiser.advertise(bytes, airProbe())
    bytes.fill(0)
    expect(await settle(second)).toEqual([['started', 'fff9 010203']])
  })

  it('carries nothing that has stopped', async () => {
    const { scanner, advertiser } = radio()
    const [hears, sends] = [airProbe(), airProbe()]
    const advertisement = advertiser.advertise(ADVERT, sends)
    await settle()
    await advertisement.stop()
    await advertisement.stop()
    scanner.scan(hears)
    expect(await settle(hears, sends)).toEqual([['started'], ['started']])
  })

  it('tells nothing to a scan that has stopped', async () => {
    const { scanner, advertiser } = radio()
    const [stopped, running] = [airProbe(), airProbe()]
    const scan = scanner.scan(stopped)
    scanner.scan(running)
    await settle()
    await scan.stop()
    await scan.stop()
    advertiser.advertise(ADVERT, airProbe())
    expect(await settle(stopped, running)).toEqual([['started'], ['started', 'fff9 010203']])
  })

  it('can be stopped while starting', async () => {
    const { scanner, advertiser } = radio()
    const [hears, sends] = [airProbe(), airProbe()]
    await Promise.all([scanner.scan(hears).stop(), advertiser.advertise(ADVERT, sends).stop()])
    expect(await settle(hears, sends)).toEqual([[], []])
  })

  it('lets a scan stop an advert in the middle of its round', async () => {
    const { scanner, advertiser } = radio()
    const second = airProbe()
    const sends = airProbe()
    scanner.scan({
      ...airProbe(),
      advert: () => {
        void advertisement.stop()
      },
    })
    scanner.scan(second)
    await settle()
    const advertisement = advertiser.advertise(ADVERT, sends)
    expect(await settle(second, sends)).toEqual([['started'], ['started']])
  })

  it('keeps several scans of one listener apart', async () => {
    const { scanner, advertiser } = radio()
    const probe = airProbe()
    const first = scanner.scan(probe)
    scanner.scan(probe)
    await settle()
    await first.stop()
    advertiser.advertise(ADVERT, airProbe())
    expect(await settle(probe)).toEqual([['started', 'started', 'fff9 010203']])
  })

  it('is not shared between two', async () => {
    const probe = airProbe()
    radio().scanner.scan(probe)
    radio().advertiser.advertise(ADVERT, airProbe())
    expect(await settle(probe)).toEqual([['started']])
  })
})
