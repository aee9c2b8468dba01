import { DecodeError } from '../../errors.js'

/** A picture, four bytes a pixel: red, green, blue, and 255. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Offsets in the header of an X window dump (X11/XWDFile.h); all its numbers have 32 bits, highest byte first. */
const HEADER = {
  size: 0,
  version: 4,
  width: 16,
  height: 20,
  byteOrder: 28,
  bitsPerPixel: 44,
  rowBytes: 48,
  colors: 76,
} as const
const HEADER_BYTES = 100
const VERSION = 7
const LOWEST_BYTE_FIRST = 0
const COLOR_BYTES = 12
const PIXEL_BYTES = 4
const BITS = 8
const [BLUE, GREEN, RED] = [0, 1, 2]
const OPAQUE = 255

/**
 * Reads an X window dump of 32 bits a pixel, blue first, which is what Xvfb keeps of a screen of depth 24 on the
 * machines that there are. @throws DecodeError `length-wrong` for a dump that is cut short or of another form.
 */
export function decodeXwd(dump: Buffer): Picture {
  const read = (name: keyof typeof HEADER): number => dump.readUInt32BE(HEADER[name])
  if (dump.length < HEADER_BYTES || read('version') !== VERSION) throw notADump()
  const [width, height, rowBytes] = [read('width'), read('height'), read('rowBytes')]
  const start = read('size') + read('colors') * COLOR_BYTES
  const isPlain = read('bitsPerPixel') === PIXEL_BYTES * BITS && read('byteOrder') === LOWEST_BYTE_FIRST
  if (!isPlain || rowBytes < width * PIXEL_BYTES || dump.length < start + rowBytes * height) throw notADump()
  const data = new Uint8Array(width * height * PIXEL_BYTES)
  for (let y = 0; y < height; y++)
    copyRow(dump.subarray(start + y * rowBytes), data.subarray(y * width * PIXEL_BYTES), width)
  return { width, height, data }
}

function copyRow(from: Uint8Array, to: Uint8Array, width: number): void {
  for (let at = 0; at < width * PIXEL_BYTES; at += PIXEL_BYTES) {
    to[at] = from[at + RED] ?? 0
    to[at + 1] = from[at + GREEN] ?? 0
    to[at + 2] = from[at + BLUE] ?? 0
    to[at + 3] = OPAQUE
  }
}

function notADump(): DecodeError {
  return new DecodeError('length-wrong', 'this is no X window dump of 32 bits a pixel')
}
