import { describe, expect, it } from 'vitest'
import { p256Point, qrSecret } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { isCborMap } from '../../src/cbor/map-reader.js'
import type { CborKey, CborMap, CborValue } from '../../src/cbor/value.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { UsageError } from '../../src/errors.js'
import { decodeQrPayload, encodeQrPayload } from '../../src/qr/payload.js'
import type { QrPayload } from '../../src/qr/payload.js'
import { encodeQrUrl } from '../../src/qr/url.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases, refused, taken } from '../support/cases.js'
import { chromiumCodes as chromium, codes, realCodes as real } from './vectors.js'

const valid = taken(codes)

interface WrittenCode {
  readonly clientPrivateKey: string
  readonly secret: string
  readonly knownDomains: number
  readonly time: number
  readonly supportsLinking: boolean
  readonly requestType: 'mc' | 'dcp'
  readonly channels?: number[]
  readonly cbor: string
  readonly url: string
}

const decode = (bytes: Uint8Array): QrPayload => decodeQrPayload(bytes)

describe('decodeQrPayload', () => {
  it.each(valid)('reads: $name', ({ cbor, ...expected }) => {
    const payload = decode(decodeHex(cbor))
    if (expected.publicKey !== undefined) {
      expect(encodeHex(payload.publicKey)).toBe(expected.publicKey)
    }
    if (expected.publicKeyCompressed !== undefined) {
      expect(encodeHex(payload.publicKey.subarray(1, 33))).toBe(expected.publicKeyCompressed.slice(2))
    }
    expect(payload).toMatchObject({
      secret: decodeHex(expected.secret ?? ''),
      knownTunnelServices: expected.knownDomains,
      requestType: expected.requestType,
    })
    expect(payload.supportsLinking ?? null).toBe(expected.supportsLinking)
    expect(payload.dataChannels).toEqual(expected.channels)
    if (expected.time !== undefined) expect(payload.time).toBe(expected.time)
  })

  it.each(refused(codes))('refuses: $name', ({ cbor, error }) => {
    refuses(() => decode(decodeHex(cbor)), error)
  })

  it.each(valid)('refuses what is cut: $name', ({ cbor }) => {
    atEveryTruncation(decodeHex(cbor), decode)
  })

  it.each([
    ['time is text', 3, 'now', {}],
    ['time is negative', 3, -1, {}],
    ['channels are true', 6, true, {}],
    ['channels are false', 6, false, {}],
    ['channels are none', 6, [], {}],
    ['a channel is unknown', 6, [0, 7], { dataChannels: [0, 7] }],
  ])('reads on when %s', (_, key, value, more) => {
    const { time, ...expected } = decode(withMember(chromiumMap(), key, value))
    const { time: realTime, ...rest } = decode(encodeCbor(chromiumMap()))
    expect(expected).toEqual({ ...rest, ...more })
    expect(time).toBe(key === 3 ? undefined : realTime)
  })

  it.each([
    ['key 2 negative', 2, -1],
    ['key 2 beyond 2^53', 2, 2n ** 60n],
    ['key 4 an integer', 4, 1],
    ['key 6 text', 6, 'x'],
    ['key 6 an integer', 6, 1],
    ['a negative channel', 6, [0, -1]],
    ['a channel that is text', 6, ['0']],
    ['key 0 beginning with 04', 0, Uint8Array.of(4, ...new Uint8Array(32))],
  ])('refuses %s', (_, key, value) => {
    refuses(() => decode(withMember(chromiumMap(), key, value)), 'qr-payload-invalid')
  })

  it('refuses a CBOR item that is not a map', () => {
    refuses(() => decode(decodeHex('80')), 'qr-payload-invalid')
  })

  it('refuses keys out of order', () => {
    const bytes = encodeCbor(chromiumMap())
    const swapped = Uint8Array.from(bytes)
    swapped[swapped.lastIndexOf(5)] = 0
    refuses(() => decode(swapped), 'cbor-not-canonical')
  })

  it('survives any bytes', () => {
    survivesAnyBytes(
      decode,
      [...valid, ...chromium].map(({ cbor }) => decodeHex(cbor)),
    )
  })
})

describe('encodeQrPayload', () => {
  it.each(cases<WrittenCode>('worked-example', 'qr'))('writes the worked example: $name', code => {
    const payload: QrPayload = {
      publicKey: nobleProvider.importEcdhKey(decodeHex(code.clientPrivateKey)).publicKey,
      secret: qrSecret(decodeHex(code.secret)),
      knownTunnelServices: code.knownDomains,
      time: code.time,
      requestType: code.requestType,
      dataChannels: code.channels,
    }
    expect(encodeHex(encodeQrPayload(payload))).toBe(code.cbor)
    expect(encodeQrUrl(payload)).toBe(code.url)
    expect(decode(decodeHex(code.cbor))).toStrictEqual({
      ...payload,
      supportsLinking: code.supportsLinking,
      dataChannels: code.channels,
    })
  })

  it.each(chromium)('writes back what Chromium 156 showed for $name', ({ cbor }) => {
    expect(encodeHex(encodeQrPayload(decode(decodeHex(cbor))))).toBe(cbor)
  })

  it('writes every real code back as it was, but for unknown keys and key 4', () => {
    expect(real).not.toHaveLength(0)
    for (const { cbor } of real) {
      const before = decodeCbor(decodeHex(cbor))
      const after = decodeCbor(encodeQrPayload(decode(decodeHex(cbor))))
      if (!isCborMap(before) || !isCborMap(after)) throw new Error('no maps')
      const members = new Map<CborKey, CborValue>([...before].filter(([key]) => Number(key) <= 6))
      if (!members.has(4)) members.set(4, false)
      expect(new Map(after)).toEqual(members)
    }
  })

  it('loses the key 65535 of the iOS trace, and makes its key 4 explicit', () => {
    const trace = real.find(({ unknownKeys }) => unknownKeys !== undefined)
    const written = encodeHex(encodeQrPayload(decode(decodeHex(trace?.cbor ?? ''))))
    expect(written).not.toBe(trace?.cbor)
    expect(written).toContain('04f4')
    expect(written).not.toContain('19ffff')
  })

  it.each(valid)('writes what it reads again: $name', ({ cbor, channels = [] }) => {
    const payload = decode(decodeHex(cbor))
    if (channels.some(channel => channel > 1)) {
      expect(() => encodeQrPayload(payload)).toThrow(UsageError)
      return
    }
    const again = decode(encodeQrPayload(payload))
    expect(again).toEqual({ ...payload, supportsLinking: payload.supportsLinking ?? false })
  })

  it('writes ga for a request type that was unknown', () => {
    const vector = codes.find(({ name }) => name === 'key 5 unknown text')
    expect(encodeHex(encodeQrPayload(decode(decodeHex(vector?.cbor ?? ''))))).toMatch(/05626761$/)
  })

  it('leaves time and channels out unless they are given, and key 4 never', () => {
    const bytes = encodeQrPayload(minimal())
    const map = decodeCbor(bytes)
    expect(isCborMap(map) && [...map.keys()]).toEqual([0, 1, 2, 4, 5])
    expect(isCborMap(map) && map.get(4)).toBe(false)
  })

  it('takes points in a Buffer and leaves them alone', () => {
    const publicKey = p256Point(Buffer.from(minimal().publicKey))
    const before = encodeHex(publicKey)
    expect(encodeQrPayload({ ...minimal(), publicKey })).toEqual(encodeQrPayload(minimal()))
    expect(encodeHex(publicKey)).toBe(before)
  })

  it.each([
    { knownTunnelServices: -1 },
    { knownTunnelServices: 1.5 },
    { time: -1 },
    { time: NaN },
    { dataChannels: [] },
    { dataChannels: [0, 0.5] },
    { dataChannels: [1] },
    { dataChannels: [1, 0] },
    { dataChannels: [0, 0] },
    { dataChannels: [0, 1, 2] },
  ])('refuses %o', change => {
    expect(() => encodeQrPayload({ ...minimal(), ...change })).toThrow(UsageError)
  })
})

function minimal(): QrPayload {
  const publicKey = nobleProvider.importEcdhKey(new Uint8Array(32).fill(1)).publicKey
  return { publicKey, secret: qrSecret(new Uint8Array(16)), knownTunnelServices: 2, requestType: 'mc' }
}

function chromiumMap(): CborMap {
  const map = decodeCbor(decodeHex(chromium[0]?.cbor ?? ''))
  if (!isCborMap(map)) throw new Error('no map')
  return map
}

function withMember(map: CborMap, key: number, value: CborValue): Uint8Array {
  return encodeCbor(new Map([...map, [key, value]]))
}
