import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handshakeHash } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { DecodeError, ProtocolError } from '../../src/errors.js'
import { padMessage, unpadMessage } from '../../src/handshake/padding.js'
import { SealedTraffic } from '../../src/handshake/sealed-traffic.js'
import { CipherState } from '../../src/noise/cipher-state.js'
import { survivesAnyBytes } from '../support/decoder.js'
import { cases } from '../support/cases.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

interface Sealed {
  readonly construction: 'new' | 'old'
  readonly key: string
  readonly counter: number
  readonly message: string
  readonly padded: string
  readonly frame: string
}

const sealed = cases<Sealed>('frames', 'sealed')
const worked = cases<Omit<Sealed, 'construction'>>('worked-example', 'frames')
const padding = cases<{ padded: string; message?: string }>('frames', 'padding')
const current = sealed.filter(vector => vector.construction === 'new')
const old = sealed.filter(vector => vector.construction === 'old')
const KEY = new Uint8Array(32)
const NOTHING = new Uint8Array()

function trafficAt(crypto: CryptoProvider, key: Uint8Array, counter = 0): SealedTraffic {
  return new SealedTraffic({
    send: new CipherState(crypto, key, counter),
    receive: new CipherState(crypto, key, counter),
    handshakeHash: handshakeHash(new Uint8Array(32)),
  })
}

describe.each(providers)('SealedTraffic on $name', crypto => {
  it.each(current)('$name: seals and opens', vector => {
    const traffic = trafficAt(crypto, decodeHex(vector.key), vector.counter)
    expect(encodeHex(padMessage(decodeHex(vector.message)))).toBe(vector.padded)
    expect(encodeHex(traffic.seal(decodeHex(vector.message)))).toBe(vector.frame)
    expect(encodeHex(traffic.open(decodeHex(vector.frame)))).toBe(vector.message)
  })

  it.each(worked)('opens the worked example: $name', ({ key, counter, message, padded, frame }) => {
    const traffic = trafficAt(crypto, decodeHex(key), counter)
    expect(encodeHex(traffic.open(decodeHex(frame)))).toBe(message)
    if (encodeHex(padMessage(decodeHex(message))) === padded)
      expect(encodeHex(traffic.seal(decodeHex(message)))).toBe(frame)
  })

  it.each(old)('$name: refused', vector => {
    const traffic = trafficAt(crypto, decodeHex(vector.key), vector.counter)
    expect(thrownBy(() => traffic.open(decodeHex(vector.frame)))).toMatchObject({
      code: 'decrypt-failed',
    })
  })

  it('knows vectors of both constructions', () => {
    expect([current.length, old.length]).toEqual([12, 3])
  })

  it.each(current.slice(0, 3))('$name: refused when cut at any byte, and open all the same', vector => {
    const frame = decodeHex(vector.frame)
    const traffic = trafficAt(crypto, decodeHex(vector.key), vector.counter)
    for (const length of frame.keys()) {
      const error = thrownBy(() => traffic.open(frame.slice(0, length)))
      expect(error).toBeInstanceOf(ProtocolError)
      expect(error).toMatchObject({ code: 'decrypt-failed' })
    }
    expect(encodeHex(traffic.open(frame))).toBe(vector.message)
  })

  it('refuses a frame the second time, out of order, or altered', () => {
    const [sender, receiver] = [trafficAt(crypto, KEY), trafficAt(crypto, KEY)]
    const [one, two] = [sender.seal(Uint8Array.of(1)), sender.seal(Uint8Array.of(2))]
    const refused = { code: 'decrypt-failed', fault: 'peer' }
    expect(thrownBy(() => receiver.open(two))).toMatchObject(refused)
    expect(thrownBy(() => receiver.open(one.with(0, (one[0] ?? 0) ^ 1)))).toMatchObject(refused)
    expect(receiver.open(one)).toEqual(Uint8Array.of(1))
    expect(thrownBy(() => receiver.open(one))).toMatchObject(refused)
    expect(receiver.open(two)).toEqual(Uint8Array.of(2))
  })

  it.each([
    ['an empty plaintext', NOTHING],
    ['padding longer than the plaintext', Uint8Array.of(1, 2, 3)],
  ])('refuses %s', (_, plaintext) => {
    const frame = new CipherState(crypto, KEY).encryptWithAd(NOTHING, plaintext)
    const error = thrownBy(() => trafficAt(crypto, KEY).open(frame))
    expect(error).toBeInstanceOf(DecodeError)
    expect(error).toMatchObject({ code: 'message-malformed' })
  })

  it('ends at the counter 2^24 - 1, in both directions', () => {
    const traffic = trafficAt(crypto, KEY, 2 ** 24 - 1)
    const last = traffic.seal(Uint8Array.of(1))
    expect(traffic.open(last)).toEqual(Uint8Array.of(1))
    expect(thrownBy(() => traffic.seal(NOTHING))).toMatchObject({ code: 'counter-exhausted' })
    expect(thrownBy(() => traffic.open(last))).toMatchObject({ code: 'counter-exhausted' })
  })

  it('is of no use once destroyed, and prints as [redacted]', () => {
    const traffic = trafficAt(crypto, KEY)
    const frame = traffic.seal(NOTHING)
    traffic.destroy()
    expect(thrownBy(() => traffic.seal(NOTHING))).toMatchObject({ code: 'session-misused' })
    expect(thrownBy(() => traffic.open(frame))).toMatchObject({ code: 'session-misused' })
    expect(inspect({ traffic }, { showHidden: true, depth: 9 })).toBe('{ traffic: [redacted] }')
  })
})

describe('padding', () => {
  it.each(padding)('reads "$padded"', ({ padded, message, error }) => {
    if (error !== undefined) {
      expect(thrownBy(() => unpadMessage(decodeHex(padded)))).toMatchObject({ code: error })
    } else {
      expect(encodeHex(unpadMessage(decodeHex(padded)))).toBe(message)
    }
  })

  it('takes padding that is not zeros', () => {
    expect(unpadMessage(Uint8Array.of(7, 8, 9, 2))).toEqual(Uint8Array.of(7))
  })

  it('goes to the next multiple of 32 and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), message => {
        const padded = padMessage(message)
        expect(padded.length % 32).toBe(0)
        expect(padded.length - message.length).toBeLessThanOrEqual(32)
        expect(unpadMessage(padded)).toEqual(message)
      }),
      { numRuns: 1000 },
    )
  })

  it('survives any bytes', () => {
    survivesAnyBytes(
      unpadMessage,
      padding.map(({ padded }) => decodeHex(padded)),
    )
  })

  it('gives fresh bytes', () => {
    const padded = Uint8Array.of(1, 2, 0)
    unpadMessage(padded).fill(9)
    expect(padded).toEqual(Uint8Array.of(1, 2, 0))
  })
})

describe('frames of the other direction', () => {
  it('do not open', () => {
    const forward = trafficAt(nobleProvider, KEY)
    const back = trafficAt(nobleProvider, KEY.with(0, 1))
    expect(thrownBy(() => back.open(forward.seal(NOTHING)))).toMatchObject({ code: 'decrypt-failed' })
  })
})
