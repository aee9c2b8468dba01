import { afterEach, expect, test, vi } from 'vitest'
import { loadPixelDecoder } from '../../src/adapters/qr-picture/pixel-decoder.js'
import { qrPixels } from '../support/qr-pixels.js'
import type { Place } from '../support/qr-pixels.js'

const TEXT = `FIDO:/${'0123456789'.repeat(16)}`
/** Corners of codes that there are not, placed so that the decoder’s first choice is wrong. */
const DECOYS: readonly Place[] = [
  [105, 48],
  [23, 83],
  [2, 70],
  [60, 2],
  [81, 15],
  [52, 81],
  [79, 74],
  [62, 32],
]

afterEach(() => {
  vi.restoreAllMocks()
})

/** Has this much time pass at the first choice. */
function firstChoiceTakes(ms: number): void {
  vi.spyOn(Date, 'now').mockReturnValueOnce(0).mockReturnValue(ms)
}

test('what looks more like a code than the code itself does not hide it', async () => {
  const decode = await loadPixelDecoder()
  expect(decode(qrPixels(TEXT, DECOYS))).toBe(TEXT)
})

test.each([0, 2999])('the picture is searched further after %i ms', async ms => {
  const decode = await loadPixelDecoder()
  firstChoiceTakes(ms)
  expect(decode(qrPixels(TEXT, DECOYS))).toBe(TEXT)
})

test.each([3000, 3001])('after %i ms the first choice was the last', async ms => {
  const decode = await loadPixelDecoder()
  firstChoiceTakes(ms)
  expect(() => decode(qrPixels(TEXT, DECOYS))).toThrow()
})

test('a code that is the first choice is read however long that takes', async () => {
  const decode = await loadPixelDecoder()
  firstChoiceTakes(60_000)
  expect(decode(qrPixels(TEXT))).toBe(TEXT)
})
