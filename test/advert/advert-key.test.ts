import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AdvertKey, tryAdvertKeys } from '../../src/advert/advert-key.js'
import { openAdvert, sealAdvert } from '../../src/advert/sealed-advert.js'
import { eid, eidKey } from '../../src/bytes/brands.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { survivesAnyBytes } from '../support/decoder.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'
import { adverts } from './vectors.js'

const PLAINTEXT = eid(new Uint8Array(16).fill(7, 1))

describe.each(providers)('AdvertKey on $name', crypto => {
  it.each(adverts)('opens: $name', ({ eidKey: hex, advertPlaintext, advert }) => {
    const key = new AdvertKey(crypto, eidKey(decodeHex(hex)))
    for (const suffix of ['', 'a1011882']) {
      const found = tryAdvertKeys([key], decodeHex(advert + suffix))
      expect(found && encodeHex(found.plaintext)).toBe(advertPlaintext)
    }
  })

  it('finds the one of a hundred keys that fits, again and again', () => {
    const secrets = Array.from({ length: 100 }, (_, index) => eidKey(new Uint8Array(64).fill(index)))
    const keys = secrets.map(secret => new AdvertKey(crypto, secret))
    for (const place of [0, 57, 99, 57]) {
      const secret = secrets[place] ?? secrets[0]
      const found = secret && tryAdvertKeys(keys, sealAdvert(crypto, secret, PLAINTEXT))
      expect(found?.key).toBe(keys[place])
      expect(found?.plaintext).toEqual(PLAINTEXT)
    }
    expect(tryAdvertKeys(keys, new Uint8Array(20))).toBeUndefined()
  })

  it('opens what openAdvert opens, and nothing else', () => {
    const secret = eidKey(new Uint8Array(64).fill(3))
    const key = new AdvertKey(crypto, secret)
    const good = sealAdvert(crypto, secret, PLAINTEXT)
    const reserved = sealAdvert(crypto, secret, eid(new Uint8Array(16).fill(1)))
    const cut = [...good.keys()].map(length => good.slice(0, length))
    const damaged = [...good.keys()].map(place => good.with(place, (good[place] ?? 0) ^ 0x80))
    for (const data of [good, reserved, ...cut, ...damaged]) {
      expect(tryAdvertKeys([key], data)?.plaintext).toEqual(openAdvert(crypto, secret, data))
    }
    survivesAnyBytes(bytes => tryAdvertKeys([key], bytes), [good])
  })

  it('decrypts only behind a tag that fits', () => {
    let decrypted = 0
    const counting: CryptoProvider = {
      ...crypto,
      decryptBlock: (key, block) => {
        decrypted++
        return crypto.decryptBlock(key, block)
      },
    }
    const secret = eidKey(new Uint8Array(64).fill(3))
    const key = new AdvertKey(counting, secret)
    const good = sealAdvert(crypto, secret, PLAINTEXT)
    for (const place of good.keys()) tryAdvertKeys([key], good.with(place, (good[place] ?? 0) ^ 1))
    expect(decrypted).toBe(0)
    tryAdvertKeys([key], concatBytes(good, Uint8Array.of(1)))
    expect(decrypted).toBe(1)
  })

  it('keeps a copy of the key, prints as [redacted] and is of no use once destroyed', () => {
    const secret = eidKey(new Uint8Array(64).fill(3))
    const good = sealAdvert(crypto, secret, PLAINTEXT)
    const key = new AdvertKey(crypto, secret)
    secret.fill(0)
    expect(tryAdvertKeys([key], good)?.plaintext).toEqual(PLAINTEXT)
    expect(inspect({ key }, { showHidden: true, depth: 9 })).toBe('{ key: [redacted] }')
    key.destroy()
    expect(thrownBy(() => tryAdvertKeys([key], good))).toMatchObject({ code: 'session-misused' })
  })
})
