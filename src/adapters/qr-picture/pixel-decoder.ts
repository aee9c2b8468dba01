/** How long a picture is searched further where what looks most like a code turns out to be something else; ms. */
const RETRY_MS = 3000

/** Four bytes a pixel: red, green, blue, alpha, which does not count. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** @returns what reads the QR code in pixels, and throws where the pixels show no code. */
export async function loadPixelDecoder(): Promise<(pixels: Pixels) => string> {
  const { decodeQR } = await import('qr/decode.js')
  // It is made for cameras: on its own it leaves the search to the next frame.
  return pixels => decodeQR(pixels, { effort: Infinity, timeLimit: RETRY_MS })
}
