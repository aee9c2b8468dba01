import { describe, expect, it } from 'vitest'
import { eid, eidKey, qrSecret } from '../../src/bytes/brands.js'
import type { EidKey } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeEid } from '../../src/advert/eid.js'
import { openAdvert, sealAdvert } from '../../src/advert/sealed-advert.js'
import { splitServiceData } from '../../src/advert/service-data.js'
import { deriveEidKey } from '../../src/crypto/derive.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases } from '../support/cases.js'
import { adverts, refusedAdverts, serviceData } from './vectors.js'

type Sealed = Readonly<Record<'eidKey' | 'advertPlaintext' | 'advert', string>>

const vectors = [
  ...adverts,
  ...cases<Sealed>('linking', 'stateAssisted'),
  ...cases<Sealed>('worked-example', 'adverts'),
]

const open = (key: EidKey, hex: string): string | undefined => {
  const plaintext = openAdvert(nobleProvider, key, decodeHex(hex))
  return plaintext && encodeHex(plaintext)
}

describe('sealAdvert and openAdvert', () => {
  it.each(vectors)('agree on: $name', ({ eidKey: keyHex, advertPlaintext: plaintext, advert }) => {
    const key = eidKey(decodeHex(keyHex))
    expect(encodeHex(sealAdvert(nobleProvider, key, eid(decodeHex(plaintext))))).toBe(advert)
    expect(open(key, advert)).toBe(plaintext)
  })

  it.each(vectors)('know nothing of what is cut: $name', ({ eidKey: keyHex, advert }) => {
    const key = eidKey(decodeHex(keyHex))
    for (let length = 0; length < advert.length; length += 2) {
      expect(open(key, advert.slice(0, length))).toBeUndefined()
    }
  })

  it.each(vectors)(
    'look at the first 20 bytes only: $name',
    ({ eidKey: keyHex, advertPlaintext: plaintext, advert }) => {
      expect(open(eidKey(decodeHex(keyHex)), `${advert}a1011882`)).toBe(plaintext)
    },
  )

  it('drop an advert with any bit changed', () => {
    const key = eidKey(decodeHex(adverts[0]?.eidKey ?? ''))
    const advert = decodeHex(adverts[0]?.advert ?? '')
    for (let bit = 0; bit < 8 * advert.length; bit++) {
      const damaged = advert.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect(openAdvert(nobleProvider, key, damaged)).toBeUndefined()
    }
  })

  it.each(refusedAdverts)('reject: $name', ({ advert, secret, error }) => {
    const key = deriveEidKey(nobleProvider, qrSecret(decodeHex(secret)))
    const plaintext = openAdvert(nobleProvider, key, decodeHex(advert))
    if (error === 'tunnel-service-unassigned') {
      expect(plaintext).toBeDefined()
      refuses(() => plaintext && decodeEid(plaintext), error)
    } else {
      expect(plaintext).toBeUndefined()
    }
  })

  it('survive any bytes', () => {
    const key = eidKey(decodeHex(adverts[0]?.eidKey ?? ''))
    survivesAnyBytes(
      bytes => openAdvert(nobleProvider, key, bytes),
      adverts.map(({ advert }) => decodeHex(advert)),
    )
  })
})

describe('splitServiceData', () => {
  it.each(serviceData)('cuts what a Pixel sent', ({ serviceData: heard, advert, suffix }) => {
    const parts = splitServiceData(decodeHex(heard))
    expect(parts).toStrictEqual({ advert: decodeHex(advert), suffix: decodeHex(suffix) })
  })

  it('takes 20 bytes or more', () => {
    expect(splitServiceData(new Uint8Array(19))).toBeUndefined()
    expect(splitServiceData(new Uint8Array(20))?.suffix).toStrictEqual(new Uint8Array())
  })

  it('gives copies, of a Buffer too', () => {
    const heard = Buffer.alloc(24, 1)
    const parts = splitServiceData(heard)
    heard.fill(0)
    expect(parts?.advert).toStrictEqual(new Uint8Array(20).fill(1))
    expect(parts?.suffix).toStrictEqual(new Uint8Array(4).fill(1))
  })
})
