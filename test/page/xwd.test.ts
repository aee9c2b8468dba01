import { expect, test } from 'vitest'
import { decodeXwd } from '../../src/page/dialog/xwd.js'

/** One pixel of red, one of blue below it, with a row that is longer than its pixel. */
function dump(): Buffer {
  const bytes = Buffer.alloc(116)
  const numbers = { 0: 100, 4: 7, 16: 1, 20: 2, 44: 32, 48: 8 }
  for (const [offset, value] of Object.entries(numbers)) bytes.writeUInt32BE(value, Number(offset))
  bytes.set([0, 0, 255, 0], 100)
  bytes.set([255, 0, 0, 0], 108)
  return bytes
}

test('a picture has red first, and rows without their padding', () => {
  expect(decodeXwd(dump())).toEqual({
    width: 1,
    height: 2,
    data: Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 255),
  })
})

test.each([
  ['is one byte short', (bytes: Buffer) => bytes.subarray(0, 115)],
  ['ends in its header', (bytes: Buffer) => bytes.subarray(0, 99)],
  ['has another version', (bytes: Buffer) => (bytes.writeUInt32BE(6, 4), bytes)],
  ['has 24 bits a pixel', (bytes: Buffer) => (bytes.writeUInt32BE(24, 44), bytes)],
  ['has its highest byte first', (bytes: Buffer) => (bytes.writeUInt32BE(1, 28), bytes)],
])('a dump that %s is refused', (_, change) => {
  expect(() => decodeXwd(change(dump()))).toThrow(expect.objectContaining({ code: 'length-wrong' }) as Error)
})
