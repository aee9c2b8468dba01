import { describe, expect, it } from 'vitest'
import { compareKeys } from '../../src/cbor/key-order.js'
import type { CborKey } from '../../src/cbor/value.js'

describe('compareKeys', () => {
  it.each<readonly [CborKey, CborKey]>([
    [0, 1],
    [23, 24],
    [2 ** 53 - 1, -1],
    [-1, -2],
    [-1, ''],
    [-1, new Uint8Array()],
    [Uint8Array.of(1, 2, 3), ''],
    [Uint8Array.of(2), Uint8Array.of(1, 1)],
    [Uint8Array.of(1, 1), Uint8Array.of(1, 2)],
    [99, 'a'],
    ['b', 'aa'],
    ['alg', 'type'],
    ['id', 'name'],
    ['aa', 'ab'],
    // One letter, but two bytes.
    ['z', 'ü'],
    ['zz', '水'],
    // In UTF-16 the other way round.
    ['\uff5ex', '\u{10151}'],
    ['\u{10151}', '\u{10152}'],
    ['\u{10151}', '\u{20151}'],
  ])('puts %s before %s', (first, second) => {
    expect(compareKeys(first, second)).toBeLessThan(0)
    expect(compareKeys(second, first)).toBeGreaterThan(0)
  })

  it.each<CborKey>([0, -1, '', 'alg', '\u{10151}', Uint8Array.of(1)])('puts %s beside itself', key => {
    expect(compareKeys(key, key)).toBe(0)
  })
})
