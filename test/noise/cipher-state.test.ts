import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../src/errors.js'
import { CipherState, LAST_NONCE } from '../../src/noise/cipher-state.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

const KEY = new Uint8Array(32).fill(5)
const NOTHING = new Uint8Array()

describe.each(providers)('CipherState on $name', crypto => {
  const cipherAt = (nonce?: number): CipherState => new CipherState(crypto, KEY, nonce)

  it('never seals twice under one nonce', () => {
    const cipher = cipherAt()
    const sealed = Array.from({ length: 50 }, () => String(cipher.encryptWithAd(NOTHING, KEY)))
    expect(new Set(sealed).size).toBe(50)
  })

  it('opens in order, and not out of order', () => {
    const [sender, receiver] = [cipherAt(), cipherAt()]
    const [one, two] = [sender.encryptWithAd(KEY, KEY), sender.encryptWithAd(KEY, NOTHING)]
    expect(receiver.decryptWithAd(KEY, two)).toBeUndefined()
    expect(receiver.decryptWithAd(KEY, one)).toEqual(KEY)
    expect(receiver.decryptWithAd(KEY, one)).toBeUndefined()
    expect(receiver.decryptWithAd(KEY, two)).toEqual(NOTHING)
  })

  it('uses the nonces up to 2^24 - 1 and no more', () => {
    expect(LAST_NONCE).toBe(2 ** 24 - 1)
    const [sender, receiver] = [cipherAt(LAST_NONCE), cipherAt(LAST_NONCE)]
    const sealed = sender.encryptWithAd(NOTHING, KEY)
    const error = thrownBy(() => sender.encryptWithAd(NOTHING, KEY))
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({ code: 'counter-exhausted' })
    expect(receiver.decryptWithAd(NOTHING, sealed)).toEqual(KEY)
    expect(thrownBy(() => receiver.decryptWithAd(NOTHING, sealed))).toMatchObject({
      code: 'counter-exhausted',
    })
  })

  it('writes the counter big-endian into the last bytes of the nonce', () => {
    const sealed = cipherAt(0x010203).encryptWithAd(NOTHING, KEY)
    const nonce = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3)
    expect(sealed).toEqual(crypto.aeadKey(KEY).seal(nonce, NOTHING, KEY))
  })

  it('is of no use once destroyed', () => {
    const cipher = cipherAt()
    cipher.destroy()
    expect(thrownBy(() => cipher.encryptWithAd(NOTHING, NOTHING))).toMatchObject({ code: 'session-misused' })
    expect(thrownBy(() => cipher.decryptWithAd(NOTHING, KEY))).toMatchObject({ code: 'session-misused' })
    expect(inspect(cipher)).toBe('[redacted]')
  })
})
