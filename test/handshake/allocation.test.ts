import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { handshakeHash } from '../../src/bytes/brands.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { SealedTraffic } from '../../src/handshake/sealed-traffic.js'
import { CipherState } from '../../src/noise/cipher-state.js'

const FRAME = new Uint8Array(304)
const PADDED = new Uint8Array(288).fill(31, 287)
const MESSAGE = new Uint8Array(256)

/** Seals and opens without making an array, so that those counted are ours. */
const silent: CryptoProvider = {
  ...nobleProvider,
  aeadKey: () => ({ seal: () => FRAME, open: () => PADDED, destroy: () => undefined }),
}

/** The lengths of the arrays that are made anew, while this file runs. */
const made: number[] = []
const Plain = Uint8Array

beforeEach(() => {
  made.length = 0
  const counting = new Proxy(Plain, {
    construct(target, args: [number], newTarget) {
      const array = Reflect.construct(target, args, newTarget) as Uint8Array
      if (typeof args[0] === 'number') made.push(args[0])
      return array
    },
  })
  vi.stubGlobal('Uint8Array', counting)
  for (const method of ['slice', 'map', 'with', 'toReversed'] as const) {
    vi.spyOn(Plain.prototype, method).mockImplementation(() => {
      throw new Error(`a copy is made by ${method}`)
    })
  }
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('arrays made for one frame, beside those of the provider', () => {
  const NONCE_BYTES = 12

  function traffic(): SealedTraffic {
    const key = Plain.from({ length: 32 }, () => 1)
    const hash = handshakeHash(Plain.from({ length: 32 }, () => 0))
    const cipher = (): CipherState => new CipherState(silent, key)
    return new SealedTraffic({ send: cipher(), receive: cipher(), handshakeHash: hash })
  }

  it('are only the nonce when it is sealed', () => {
    const sealed = traffic()
    made.length = 0
    expect(sealed.seal(MESSAGE)).toBe(FRAME)
    expect(made).toEqual([NONCE_BYTES])
  })

  it('are only the nonce when it is opened', () => {
    const opened = traffic()
    made.length = 0
    expect(opened.open(FRAME)).toHaveLength(MESSAGE.length)
    expect(made).toEqual([NONCE_BYTES])
  })
})
