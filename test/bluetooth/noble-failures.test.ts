import { describe, expect, it } from 'vitest'
import { airProbe } from '../support/air-probe.js'
import { failureOf, PAYLOAD, radio, turn } from '../support/noble-radio.js'

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

  it('ends with the first interruption where none is allowed', async () => {
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
