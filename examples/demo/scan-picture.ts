import decodeQr from 'qr/decode.js'
import { PNG } from 'pngjs'

/** The text of a QR code, and the size of the picture that it was read from. */
export interface Scanned {
  readonly text: string
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** The decoder is made for cameras and gives up after one frame’s time; a busy machine may need longer. */
const PATIENCE_MS = 2000

/** Reads a QR code as a camera would: from pixels, knowing nothing of how they were drawn. */
export function scanPicture(png: Uint8Array): Scanned {
  const { width, height, data } = PNG.sync.read(Buffer.from(png))
  return { text: decodeQr({ width, height, data }, { timeLimit: PATIENCE_MS }), width, height }
}
