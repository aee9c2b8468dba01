import { describe, expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { firstAdvertiser, firstScanner } from '../../src/adapters/fallback/fallback.js'
import { ProximityError, TunnelError, UnsupportedError } from '../../src/errors.js'
import type { HybridError } from '../../src/errors.js'
import type { BleAdvertiser, BleScanner } from '../../src/ports/ble.js'
import type { Finding } from '../../src/ports/finding.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { createPair } from '../support/pair.js'

const soon = (report: () => void): { stop: () => Promise<void> } => {
  queueMicrotask(report)
  return { stop: () => Promise.resolve() }
}
const brokenScanner = (error: HybridError): BleScanner => ({
  proximity: 'bluetooth',
  scan: listener => soon(() => listener.failed(error)),
})
const brokenAdvertiser = (error: HybridError): BleAdvertiser => ({
  proximity: 'bluetooth',
  advertise: (_, listener) => soon(() => listener.failed(error)),
})
const brokenDialer = (error: TunnelError): TunnelDialer => ({
  dial: (_, listener) => {
    queueMicrotask(() => listener.failed(error))
    return { send: () => undefined, close: () => Promise.resolve() }
  },
})

const off = new ProximityError('bluetooth-off', 'hci0 is switched off')
const absent = new ProximityError('bluetooth-unavailable', 'no adapter')
const verdicts = (findings: readonly Finding[]): string[] =>
  findings.map(({ check, ok, code }) => `${check} ${ok ? 'ok' : (code ?? '')}`)

describe('ready() tells what each role would meet', () => {
  test('all is well in a lab', async () => {
    const { client, phone } = createPair()
    const well = ['radio ok', 'tunnel-service ok', 'clock ok']
    expect(verdicts(await client.ready())).toEqual(well)
    expect(verdicts(await phone.ready())).toEqual(well)
  })

  test('each trouble with its code and its cure', async () => {
    const untrusted = new TunnelError('tunnel-untrusted', 'self-signed')
    const clock = new VirtualClock(0)
    const trouble = { dialer: brokenDialer(untrusted), clock }
    const { client, phone } = createPair(
      { ...trouble, scanner: brokenScanner(off) },
      { ...trouble, advertiser: brokenAdvertiser(absent) },
    )
    const findings = await client.ready()
    expect(verdicts(findings)).toEqual([
      'radio bluetooth-off',
      'tunnel-service tunnel-untrusted',
      'clock tunnel-untrusted',
    ])
    expect(verdicts(await phone.ready())[0]).toBe('radio bluetooth-unavailable')
    for (const { cure } of findings) expect(cure).toMatch(/\.$/)
  })

  test.each([400, 404, 409])('a service that refuses an unknown tunnel is there: %s', async status => {
    const refused = new TunnelError('tunnel-refused', 'no', { status })
    const { client } = createPair({ dialer: brokenDialer(refused) })
    expect(verdicts(await client.ready())).toContain('tunnel-service ok')
  })

  test('a tunnel that is gone for good is also an answer', async () => {
    const gone = new TunnelError('tunnel-gone', '410', { status: 410 })
    const { client } = createPair({ dialer: brokenDialer(gone) })
    expect(verdicts(await client.ready())).toContain('tunnel-service ok')
  })

  test.each([undefined, 302, 401, 403, 407, 426, 429, 451, 500, 502, 503])(
    'status %s is not of a service that is ready: a proxy or a filter stands before it, or it is full',
    async status => {
      const refused = new TunnelError('tunnel-refused', 'no', { status })
      const { client, phone } = createPair(
        { dialer: brokenDialer(refused) },
        { dialer: brokenDialer(refused) },
      )
      expect(verdicts(await client.ready())).toContain('tunnel-service tunnel-refused')
      expect(verdicts(await phone.ready())).toContain('tunnel-service tunnel-refused')
    },
  )

  test('a service about which the dialer learns nothing is not counted against this machine', async () => {
    const cause = new UnsupportedError('capability-missing', 'no status is told')
    const { client } = createPair({
      dialer: brokenDialer(new TunnelError('tunnel-unreachable', 'no', { cause })),
    })
    const findings = await client.ready()
    expect(verdicts(findings)).toContain('tunnel-service ok')
    expect(findings[1]?.detail).toContain('cannot be looked at: no status is told')
  })

  test('a ceremony fails early with the same code, before a QR code is shown', async () => {
    const { client } = createPair({ scanner: brokenScanner(off) })
    let shown = false
    const connecting = client.connect({
      onQr: () => {
        shown = true
      },
    })
    await expect(connecting).rejects.toMatchObject({ code: 'bluetooth-off' })
    expect(shown).toBe(false)
  })
})

describe('of several radios', () => {
  const missing = new UnsupportedError('package-missing', 'not installed')

  test('the first that is there is used', async () => {
    const air = createAir()
    const scanner = firstScanner(brokenScanner(absent), brokenScanner(missing), air.scanner())
    const advertiser = firstAdvertiser(brokenAdvertiser(missing), air.advertiser())
    const { client, phone } = createPair({ scanner }, { advertiser })
    expect(verdicts(await client.ready())[0]).toBe('radio ok')
    expect(verdicts(await phone.ready())[0]).toBe('radio ok')
  })

  test('one that is there but switched off is the user’s to mend', async () => {
    const { client } = createPair({ scanner: firstScanner(brokenScanner(off), createAir().scanner()) })
    expect(verdicts(await client.ready())[0]).toBe('radio bluetooth-off')
  })

  test('when no radio is there, the first one’s error says why', async () => {
    const { client } = createPair({ scanner: firstScanner(brokenScanner(absent), brokenScanner(missing)) })
    expect(verdicts(await client.ready())[0]).toBe('radio bluetooth-unavailable')
  })
})

test('a platform without a radio gives the reason at construction', () => {
  const reason = new UnsupportedError('capability-missing', 'macOS lets no program advertise service data')
  expect(() => createPair({}, { advertiser: reason })).toThrow(reason)
  expect(() => createPair({ scanner: reason })).toThrow(reason)
})
