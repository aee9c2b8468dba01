import { DecodeError } from '../../errors.js'
import { badUsage } from '../failure.js'

export const MAX_IMAGE_BYTES: number = 8 * 1024 * 1024

const MAX_SIDE_PIXELS = 4096
/** What its rows unpack to, and its pixels as RGBA: a screen of 3840 x 2160 fits. Reading takes about four times that in memory. */
const MAX_PIXEL_BYTES = 32 * 1024 * 1024
/** A file of this size has half as many when it is cut into pieces of 4 KiB. */
const MAX_CHUNKS = 4096
const DECODE_TIME_MS = 3000

/** PNG, third edition, section 5: signature, then chunks of length, type, data and CRC; IHDR first. */
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const CHUNK_HEAD_BYTES = 8
const CHUNK_END_BYTES = 4
const IHDR = 'IHDR'
const IHDR_BYTES = 13
const HEIGHT_OFFSET = 4
const DEPTH_OFFSET = 8
const COLOR_TYPE_OFFSET = 9
const INTERLACE_OFFSET = 12
/** Samples a pixel of each colour type: grey, RGB, palette, grey and alpha, RGBA. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const RGBA_BYTES = 4
/** 256 colours, and the alpha of each: the library would make an object of whatever comes. */
const MAX_BYTES_OF: Readonly<Record<string, number>> = { PLTE: 768, tRNS: 256 }
const ONCE = ['IHDR', 'PLTE', 'tRNS']

/**
 * Finds the text of the QR code in a PNG picture.
 * @throws CommandLineError for a file that is not a PNG or is too large. @throws DecodeError `qr-url-malformed` without a QR code.
 */
export async function readQrImage(png: Buffer): Promise<string> {
  assertSafe(png)
  const [{ PNG }, { decodeQR }] = await Promise.all([import('pngjs'), import('qr/decode.js')])
  const { width, height, data } = orElse(() => PNG.sync.read(png), badImage)
  const size = { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
  return orElse(() => decodeQR(size, { timeLimit: DECODE_TIME_MS }), noCode)
}

/** Checks what the picture claims before memory is spent on it; what the reader skips, such as profiles and texts, stays packed. */
function assertSafe(png: Buffer): void {
  const chunks = chunksOf(png)
  const [header] = chunks
  if (header?.type !== IHDR || header.data.length !== IHDR_BYTES) throw badImage()
  // A second header would replace the first, a second palette be added to it.
  if (ONCE.some(once => chunks.filter(({ type }) => type === once).length > 1)) throw badImage()
  if (chunks.some(({ type, data }) => data.length > (MAX_BYTES_OF[type] ?? Infinity))) throw badImage()
  assertFits(header.data)
}

function assertFits(header: Buffer): void {
  const [width, height] = [header.readUInt32BE(), header.readUInt32BE(HEIGHT_OFFSET)]
  if (width < 1 || height < 1 || width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS)
    throw badUsage(
      `--image: the picture has ${width} x ${height} pixels; the limit is ${MAX_SIDE_PIXELS} a side`,
    )
  // Only the sizes of plain pictures are checked while they are unpacked.
  if (header[INTERLACE_OFFSET] !== 0)
    throw badUsage('--image: interlaced pictures are not supported; save it without interlacing')
  const bytes = height * Math.max(rowBytes(header, width), width * RGBA_BYTES)
  if (bytes > MAX_PIXEL_BYTES)
    throw badUsage(`--image: the picture unpacks to ${bytes} bytes; the limit is ${MAX_PIXEL_BYTES}`)
}

/** With the byte before each row that names its filter. */
function rowBytes(header: Buffer, width: number): number {
  const samples = SAMPLES[header.readUInt8(COLOR_TYPE_OFFSET)]
  if (samples === undefined) throw badImage()
  return 1 + Math.ceil((width * samples * header.readUInt8(DEPTH_OFFSET)) / 8)
}

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

function chunksOf(png: Buffer): readonly Chunk[] {
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw badImage()
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at + CHUNK_HEAD_BYTES <= png.length;) {
    const end = at + CHUNK_HEAD_BYTES + png.readUInt32BE(at)
    const type = png.toString('latin1', at + CHUNK_END_BYTES, at + CHUNK_HEAD_BYTES)
    chunks.push({ type, data: png.subarray(at + CHUNK_HEAD_BYTES, end) })
    if (chunks.length > MAX_CHUNKS) throw badImage()
    at = end + CHUNK_END_BYTES
  }
  return chunks
}

function orElse<Value>(read: () => Value, failure: (cause: unknown) => Error): Value {
  try {
    return read()
  } catch (cause) {
    throw failure(cause)
  }
}

function badImage(cause?: unknown): Error {
  return badUsage('--image: the file is not a PNG picture, or it is damaged', { cause })
}

function noCode(cause?: unknown): Error {
  return new DecodeError('qr-url-malformed', 'no QR code was found in the picture', { cause })
}
