import { expect, it } from 'vitest'
import { binaryFrame } from '../../src/service/frame.js'

const patterned = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)

it.each([
  [0, '8200', 1],
  [1, '8201', 1],
  [125, '827d', 1],
  [126, '827e007e', 1],
  [127, '827e007f', 1],
  [4096, '827e1000', 1],
  [4097, '827e1001', 2],
  [65_535, '827effff', 2],
  [65_536, '827f0000000000010000', 2],
  [2 ** 20, '827f0000000000100000', 2],
])('a message of %d bytes begins with %s and is %d buffers', (length, head, buffers) => {
  const payload = patterned(length)
  const frame = binaryFrame(payload)
  expect(frame).toHaveLength(buffers)
  const whole = Buffer.concat(frame)
  expect(whole.subarray(0, whole.length - length).toString('hex')).toBe(head)
  expect(whole.subarray(whole.length - length).equals(payload)).toBe(true)
})

it('a short message is copied, a long one is not', () => {
  const [short, long] = [patterned(4096), patterned(4097)]
  const [frames, parts] = [binaryFrame(short), binaryFrame(long)]
  short.fill(9)
  expect(frames[0]?.[4]).toBe(0)
  expect(parts[1]).toBe(long)
})
