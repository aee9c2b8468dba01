import { describe, expect, it } from 'vitest'
import { firstScanner } from '../../src/adapters/fallback/fallback.js'
import { airProbe } from '../support/air-probe.js'
import { createPair } from '../support/pair.js'
import { PAYLOAD, radio, turn } from '../support/noble-radio.js'

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

  it('says who sent an advert, and tells a payload of another sender again', async () => {
    const { noble, scanner } = radio()
    const probe = airProbe()
    const heard: unknown[] = []
    const scan = scanner.scan({ ...probe, advert: ({ from }) => heard.push(from) })
    await probe.next()
    const advertisement = { serviceData: [{ uuid: 'fff9', data: Buffer.from(PAYLOAD) }] }
    for (const sender of [
      { address: 'c0:ff:ee:00:00:01', addressType: 'random' },
      { address: 'c0:ff:ee:00:00:01', addressType: 'random' },
      { address: 'c0:ff:ee:00:00:02', addressType: 'public' },
      { address: '', addressType: 'unknown' },
      { address: '6a2b1c3d4e5f', addressType: 'random' },
    ])
      noble.emit('discover', { ...sender, advertisement })
    expect(heard).toEqual([
      { address: 'C0:FF:EE:00:00:01', addressType: 'random' },
      { address: 'C0:FF:EE:00:00:02', addressType: 'public' },
      undefined,
    ])
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
