/**
 * Reads the QR code in a PNG picture. Needs the packages `pngjs` and `qr`.
 * @module
 */
import { DecodeError } from '../../errors.js'
import { layOverWhite, turnWhiteToBlack } from './background.js'
import { loadPixelDecoder } from './pixel-decoder.js'
import { assertSafe, badPicture } from './safe-png.js'

/** What a picture says, and its size. */
export interface QrPicture {
  /** The text of the QR code. */
  readonly text: string
  /** Pixels from left to right. */
  readonly width: number
  /** Pixels from top to bottom. */
  readonly height: number
}

/**
 * Reads the QR code in a PNG picture as a camera would: dark on light or light on dark. A transparent background is taken as
 * white, and as black where that shows no code.
 *
 * @param png file bytes; at most 4096 pixels a side and 32 MiB unpacked, not interlaced.
 * @throws UsageError `argument-invalid` for a file that is not such a PNG. @throws DecodeError `qr-url-malformed` without a QR code.
 * @example
 * import { readFileSync } from 'node:fs'
 * const { text } = await readQrPicture(readFileSync('screenshot.png'))
 * await phone.scan(text, { source: 'image' })
 */
export async function readQrPicture(png: Uint8Array): Promise<QrPicture> {
  const file = Buffer.from(png.buffer, png.byteOffset, png.length)
  assertSafe(file)
  const [{ PNG }, decodePixels] = await Promise.all([import('pngjs'), loadPixelDecoder()])
  const { width, height, data } = orElse(
    () => PNG.sync.read(file),
    cause => fail(badPicture(cause)),
  )
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
  const decode = (): string => decodePixels({ width, height, data: pixels })
  const isOpaque = layOverWhite(pixels)
  return {
    text: orElse(decode, cause => (isOpaque ? fail(noCode(cause)) : overBlack(pixels, decode))),
    width,
    height,
  }
}

function overBlack(pixels: Uint8Array, decode: () => string): string {
  turnWhiteToBlack(pixels)
  return orElse(decode, cause => fail(noCode(cause)))
}

function fail(error: Error): never {
  throw error
}

function orElse<Value>(read: () => Value, otherwise: (cause: unknown) => Value): Value {
  try {
    return read()
  } catch (cause) {
    return otherwise(cause)
  }
}

function noCode(cause: unknown): DecodeError {
  return new DecodeError('qr-url-malformed', 'no QR code was found in the picture', { cause })
}
