import { describe, expect, it } from 'vitest'
import { blenoAdvertiser } from '../../src/adapters/bleno/bleno.js'
import type { BlenoAdvertiserOptions } from '../../src/adapters/bleno/bleno.js'
import type { BleAdvertiser } from '../../src/ports/ble.js'
import { airProbe } from '../support/air-probe.js'
import { FakeAir } from '../support/fake-air.js'
import type { FakeBleno } from '../support/fake-air.js'
import { manualClock } from '../support/manual-clock.js'
import type { ManualClock } from '../support/manual-clock.js'
import { thrownBy } from '../support/thrown.js'

const ADVERT = Uint8Array.from({ length: 20 }, (_, index) => index)

interface Radio {
  readonly air: FakeAir
  readonly bleno: FakeBleno
  readonly clock: ManualClock
  readonly advertiser: BleAdvertiser
}

function radio(options: BlenoAdvertiserOptions = {}): Radio {
  const [air, clock] = [new FakeAir(), manualClock()]
  const bleno = air.bleno()
  return { air, bleno, clock, advertiser: blenoAdvertiser({ bleno, clock, ...options }) }
}

/** Runs something as if on another system. */
function on<Result>(platform: NodeJS.Platform, act: () => Result): Result {
  const { platform: here } = process
  Object.defineProperty(process, 'platform', { value: platform })
  try {
    return act()
  } finally {
    Object.defineProperty(process, 'platform', { value: here })
  }
}

describe('the bleno advertiser', () => {
  it('is a radio', () => {
    expect(radio().advertiser.proximity).toBe('bluetooth')
  })

  it('fills the 31 bytes of an advert with flags, UUID list and service data, and no scan response', async () => {
    const { bleno, advertiser } = radio()
    const probe = airProbe()
    const advert = advertiser.advertise(ADVERT, probe)
    expect(await probe.next()).toBe('started')
    await advert.stop()
    expect(bleno.sent).toEqual(['020106' + '0303f9ff' + '1716f9ff' + Buffer.from(ADVERT).toString('hex')])
    expect(bleno.calls).toEqual(['startAdvertisingWithEIRData 31 0', 'stopAdvertising'])
  })

  it('refuses a connectable advert without asking bleno', async () => {
    const { bleno, advertiser } = radio()
    const probe = airProbe()
    advertiser.advertise(ADVERT, probe, { connectable: true })
    expect(await probe.next()).toBe('failed capability-missing')
    expect(bleno.calls).toEqual([])
  })

  it('refuses more than 20 bytes without asking bleno', async () => {
    const { bleno, clock, advertiser } = radio()
    const failure = new Promise(failed => {
      advertiser.advertise(new Uint8Array(21), { ...airProbe(), failed })
    })
    expect(await failure).toMatchObject({
      code: 'advert-too-long',
      message: 'bleno sends at most 20 bytes of service data, not 21',
    })
    expect([bleno.calls, clock.alarms()]).toEqual([[], 0])
  })

  it('does not report a refusal after it was stopped', async () => {
    const { advertiser } = radio()
    const probe = airProbe()
    await advertiser.advertise(new Uint8Array(21), probe).stop()
    expect(probe.seen).toEqual([])
  })

  it('sends one advert at a time, and then the next', async () => {
    const { advertiser } = radio()
    const [first, second, third] = [airProbe(), airProbe(), airProbe()]
    const advert = advertiser.advertise(ADVERT, first)
    await first.next()
    advertiser.advertise(ADVERT, second)
    expect(await second.next()).toBe('failed advertise-failed')
    const stopped = advert.stop()
    const next = advertiser.advertise(ADVERT, third)
    expect(await third.next()).toBe('started')
    await stopped
    await next.stop()
  })

  it('drops a device that connects, because that takes the advert off the air', async () => {
    const { bleno, advertiser } = radio()
    const probe = airProbe()
    const advert = advertiser.advertise(ADVERT, probe)
    await probe.next()
    bleno.emit('accept', 'c0:ff:ee:00:00:01')
    expect(bleno.calls.at(-1)).toBe('disconnect')
    await advert.stop()
  })

  it('is refused on macOS, with the reason, unless a bleno is given', () => {
    const error = on('darwin', () => thrownBy(() => blenoAdvertiser()))
    expect(error).toMatchObject({
      code: 'capability-missing',
      message: 'macOS lets no program advertise service data',
    })
    expect(on('darwin', () => radio().advertiser.proximity)).toBe('bluetooth')
  })
})

describe('a bleno that does not work', () => {
  it.each([
    ['unsupported', 'bluetooth-unavailable'],
    ['unauthorized', 'bluetooth-unauthorised'],
  ])('is %s: %s, though it says so before it lets anybody listen', async (state, code) => {
    const { air, bleno, advertiser } = radio()
    air.state = state
    const probe = airProbe()
    const advert = advertiser.advertise(ADVERT, probe)
    expect(await probe.next()).toBe(`failed ${code}`)
    await advert.stop()
    expect([bleno.calls, air.listeners]).toEqual([[], []])
  })

  it.each([['event'], ['callback']] as const)('says by %s that it cannot advertise', async failure => {
    const { bleno, clock, air, advertiser } = radio()
    bleno.failure = failure
    const error = await new Promise(failed => {
      advertiser.advertise(ADVERT, { ...airProbe(), failed })
    })
    expect(error).toMatchObject({ code: 'advertise-failed', cause: { message: 'Command Disallowed' } })
    await expect.poll(() => [clock.alarms(), air.listeners]).toEqual([0, []])
  })

  it.each([
    ['win32', 'bluetooth-unavailable', /for 5000 ms$/],
    ['darwin', 'bluetooth-unauthorised', /Privacy & Security/],
    ['linux', 'bluetooth-unauthorised', /setcap/],
  ] as const)('is silent until the start limit on %s: %s', async (platform, code, message) => {
    const { air, clock, advertiser } = radio()
    air.state = undefined
    const failure = new Promise<Error>(failed => {
      advertiser.advertise(ADVERT, { ...airProbe(), failed })
    })
    await new Promise(setImmediate)
    on(platform, () => {
      clock.advance(5000)
    })
    const error = await failure
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
  })

  it.each([
    ['poweredOff', 'bluetooth-off'],
    ['resetting', 'bluetooth-lost'],
  ])('becomes %s in the middle, and may come back within 5000 ms: else %s', async (state, code) => {
    for (const isBack of [true, false]) {
      const { air, bleno, clock, advertiser } = radio()
      const probe = airProbe()
      const advert = advertiser.advertise(ADVERT, probe)
      await probe.next()
      air.change(state)
      clock.advance(4999)
      if (isBack) air.change('poweredOn')
      await new Promise(setImmediate)
      clock.advance(1)
      expect(probe.seen).toEqual(['started', `interrupted ${code}`, isBack ? 'resumed' : `failed ${code}`])
      expect(bleno.sent).toHaveLength(isBack ? 2 : 1)
      await advert.stop()
      expect([clock.alarms(), air.listeners]).toEqual([0, []])
    }
  })

  it.each([
    ['unauthorized', 'bluetooth-unauthorised'],
    ['unsupported', 'bluetooth-lost'],
  ])('becomes %s in the middle: %s, and can be used again', async (state, code) => {
    const { air, advertiser } = radio()
    const [probe, again] = [airProbe(), airProbe()]
    const advert = advertiser.advertise(ADVERT, probe)
    await probe.next()
    air.change(state)
    expect(probe.seen).toEqual(['started', `failed ${code}`])
    await advert.stop()
    air.change('poweredOn')
    const next = advertiser.advertise(ADVERT, again)
    expect(await again.next()).toBe('started')
    await next.stop()
  })
})
