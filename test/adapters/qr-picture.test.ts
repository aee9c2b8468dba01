import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { layOverWhite, turnWhiteToBlack } from '../../src/adapters/qr-picture/background.js'
import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { someQrUrl } from '../support/ceremony-inputs.js'

type Pixel = readonly [red: number, green: number, blue: number, alpha: number]

const TEXT = someQrUrl()
const BLACK: Pixel = [0, 0, 0, 255]
const WHITE: Pixel = [255, 255, 255, 255]

/** The code in these two colours. */
async function picture(dark: Pixel, light: Pixel, colorType: 4 | 6 = 6): Promise<Uint8Array> {
  const png = PNG.sync.read(Buffer.from(await qrcodePainter.toPng(TEXT)))
  for (let at = 0; at < png.data.length; at += 4) png.data.set(png.data[at] === 0 ? dark : light, at)
  return PNG.sync.write(png, { colorType })
}

describe('the code is read', () => {
  test.each<readonly [string, Pixel, Pixel]>([
    ['dark on light', BLACK, WHITE],
    ['light on dark', WHITE, BLACK],
    ['dark on transparent black', BLACK, [0, 0, 0, 0]],
    ['dark on transparent white', BLACK, [255, 255, 255, 0]],
    ['light on transparent black', WHITE, [0, 0, 0, 0]],
    ['light on transparent white', WHITE, [255, 255, 255, 0]],
    ['transparent on light', [0, 0, 0, 0], WHITE],
    ['transparent on dark', [0, 0, 0, 0], BLACK],
    ['dark on half transparent black', BLACK, [0, 0, 0, 60]],
    ['light on half transparent white', WHITE, [255, 255, 255, 60]],
    ['blue on transparent', [20, 30, 120, 255], [0, 0, 0, 0]],
  ])('%s', async (_, dark, light) => {
    expect((await readQrPicture(await picture(dark, light))).text).toBe(TEXT)
  })

  test('in grey with alpha', async () => {
    expect((await readQrPicture(await picture(BLACK, [0, 0, 0, 0], 4))).text).toBe(TEXT)
  })
})

test('the size is that of the picture', async () => {
  const { width, height } = PNG.sync.read(Buffer.from(await qrcodePainter.toPng(TEXT)))
  expect(await readQrPicture(await qrcodePainter.toPng(TEXT))).toEqual({ text: TEXT, width, height })
})

test.each<readonly [string, Pixel]>([
  ['opaque', WHITE],
  ['transparent', [0, 0, 0, 0]],
])('one %s colour is no code', async (_, color) => {
  await expect(readQrPicture(await picture(color, color))).rejects.toMatchObject({ code: 'qr-url-malformed' })
})

test('the picture that it reads from stays as it is', async () => {
  const png = await picture(BLACK, [0, 0, 0, 0])
  const before = Buffer.from(png)
  await readQrPicture(png)
  expect(png).toEqual(before)
})

test.each<readonly [Pixel, Pixel, Pixel, boolean]>([
  [[9, 99, 255, 255], [9, 99, 255, 255], [9, 99, 255, 255], true],
  [[9, 99, 255, 0], [255, 255, 255, 0], [0, 0, 0, 0], false],
  [[100, 0, 255, 51], [224, 204, 255, 51], [20, 0, 51, 51], false],
])('%o is %o over white and %o over black', (pixel, white, black, isOpaque) => {
  const pixels = Uint8Array.from(pixel)
  expect(layOverWhite(pixels)).toBe(isOpaque)
  expect([...pixels]).toEqual(white)
  turnWhiteToBlack(pixels)
  expect([...pixels]).toEqual(black)
})
