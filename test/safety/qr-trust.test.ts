import { describe, expect, test } from 'vitest'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { ScanQrOptions } from '../../src/authenticator/hybrid-authenticator.js'
import { readScannedCode } from '../../src/authenticator/scanned-code.js'
import type { QrTrust } from '../../src/authenticator/scanned-code.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import type { ConsentRequest } from '../../src/virtual/consent.js'
import { createLab, createRelyingParty, VirtualClock } from '../../src/testing.js'
import { encodeQrUrl } from '../../src/qr/url.js'
import { qrAgeSeconds } from '../../src/qr/age.js'
import { qrSecret } from '../../src/bytes/brands.js'
import { createPair } from '../support/pair.js'

const NOW = 1_790_000_000
const { publicKey } = nobleProvider.generateEcdhKey()
const secret = qrSecret(new Uint8Array(16).fill(1))

function codeMadeAt(time: number | undefined): string {
  const rest = { knownTunnelServices: 2, supportsLinking: false, requestType: 'ga' } as const
  return encodeQrUrl({ publicKey, secret, ...rest, ...(time !== undefined && { time }) })
}

const read = (time: number | undefined, trust: Partial<QrTrust> = {}): number | undefined =>
  readScannedCode(codeMadeAt(time), { source: 'camera', ...trust }, NOW).ageSeconds

/** A pair whose phone must not get as far as the tunnel service. */
function untouchedPhone(): { scan: (options: ScanQrOptions) => Promise<unknown>; dials: () => number } {
  let dials = 0
  const dialer = {
    staysInProcess: true,
    dial: () => {
      dials += 1
      throw new Error('dialled')
    },
  }
  const { phone } = createPair({}, { dialer })
  return { scan: options => phone.scan(codeMadeAt(NOW), options), dials: () => dials }
}

describe('the source of a code', () => {
  test('a link is refused before anything is dialled', async () => {
    const { scan, dials } = untouchedPhone()
    await expect(scan({ source: 'opened-url' })).rejects.toMatchObject({ code: 'qr-source-untrusted' })
    await expect(scan({ source: 'opened-url', allowOpenedUrls: false })).rejects.toMatchObject({
      cure: expect.stringContaining('allowOpenedUrls') as string,
    })
    expect(dials()).toBe(0)
  })

  test('a handler that does not say, or says something else, gets past nothing', async () => {
    const { scan, dials } = untouchedPhone()
    for (const options of [undefined, {}, { source: 'handler' }, { source: undefined }])
      await expect(scan(options as unknown as ScanQrOptions)).rejects.toMatchObject({
        code: 'argument-invalid',
      })
    expect(dials()).toBe(0)
  })

  test.each(['camera', 'image', 'paste'] as const)('%s is taken', source => {
    expect(read(NOW - 5, { source })).toBe(5)
  })

  test('an opened URL is taken with allowOpenedUrls', () => {
    expect(read(NOW, { source: 'opened-url', allowOpenedUrls: true })).toBe(0)
  })
})

describe('the age of a code', () => {
  test.each([
    ['0', 0],
    ['grease', 65_535],
    ['before 2020', 1_577_836_799],
    ['the far future', NOW + 301],
    ['milliseconds', NOW * 1000],
    ['nothing', undefined],
  ])('is not known from %s, and no reason to refuse', (_, time) => {
    expect(read(time)).toBeUndefined()
  })

  test.each([
    [NOW, 0],
    [NOW + 300, 0],
    [NOW - 600, 600],
  ])('made at %d is %d s', (time, age) => {
    expect(read(time)).toBe(age)
  })

  test('is not judged by a phone whose own clock is not set', () => {
    expect(qrAgeSeconds(NOW, 0)).toBeUndefined()
  })

  test('over ten minutes is refused, and the limit can be moved or lifted', () => {
    const tooOld = expect.objectContaining({ code: 'qr-too-old', kind: 'decode' }) as unknown
    const thrown = (time: number, trust?: Partial<QrTrust>): unknown => {
      try {
        return read(time, trust)
      } catch (error) {
        return error
      }
    }
    expect(thrown(NOW - 601)).toEqual(tooOld)
    expect(thrown(NOW - 31, { maxQrAgeSeconds: 30 })).toEqual(tooOld)
    expect(thrown(NOW - 1_000_000, { maxQrAgeSeconds: Infinity })).toBe(1_000_000)
    for (const maxQrAgeSeconds of [-1, NaN])
      expect(thrown(NOW, { maxQrAgeSeconds })).toMatchObject({ code: 'argument-invalid' })
  })
})

test('the phone’s steps and its prompt tell the age of the code and that nearness is played', async () => {
  const clock = new VirtualClock(NOW * 1000)
  const lab = createLab({ clock })
  const rp = await createRelyingParty({ origin: 'https://example.com' })
  const asked: ConsentRequest[] = []
  const steps: ProgressEvent[] = []
  const consent = {
    ask: (request: ConsentRequest) => {
      asked.push(request)
      return Promise.resolve({ approved: true, userVerified: true } as const)
    },
  }
  const phone = lab.phone({ consent })
  let served: Promise<unknown> | undefined
  const onQr = async ({ url }: { url: string }): Promise<void> => {
    await clock.advance(7000)
    served = phone.scan(url, { onProgress: step => steps.push(step) })
  }
  await rp.register(await lab.client().create(await rp.creationOptions(), { origin: rp.origin, onQr }))
  expect(await served).toEqual({ answered: 1, proximity: 'simulated', dataChannel: 'tunnel' })
  expect(asked).toMatchObject([{ operation: 'register', rpId: 'example.com', qrAgeSeconds: 7 }])
  expect(asked[0]?.proximity).toBe('simulated')
  expect(steps.every(({ qrAgeSeconds }) => qrAgeSeconds === 7)).toBe(true)
  expect(steps.length).toBeGreaterThan(5)
})
