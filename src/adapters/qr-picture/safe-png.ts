import { UsageError } from '../../errors.js'

const MAX_SIDE_PIXELS = 4096
/** What its rows unpack to, and its pixels as RGBA: a screen of 3840 x 2160 fits. Reading takes about four times that in memory. */
const MAX_PIXEL_BYTES = 32 * 1024 * 1024
/** A file of this size has half as many when it is cut into pieces of 4 KiB. */
const MAX_CHUNKS = 4096

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

/** Checks what the picture claims before memory is spent on it; what the reader skips, such as profiles and texts, stays packed. */
export function assertSafe(png: Buffer): void {
  const chunks = chunksOf(png)
  const [header] = chunks
  if (header?.type !== IHDR || header.data.length !== IHDR_BYTES) throw badPicture()
  // A second header would replace the first, a second palette be added to it.
  if (ONCE.some(once => chunks.filter(({ type }) => type === once).length > 1)) throw badPicture()
  if (chunks.some(({ type, data }) => data.length > (MAX_BYTES_OF[type] ?? Infinity))) throw badPicture()
  assertFits(header.data)
}

function assertFits(header: Buffer): void {
  const [width, height] = [header.readUInt32BE(), header.readUInt32BE(HEIGHT_OFFSET)]
  if (width < 1 || height < 1 || width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS)
    throw unfit(`the picture has ${width} x ${height} pixels; the limit is ${MAX_SIDE_PIXELS} a side`)
  // Only the sizes of plain pictures are checked while they are unpacked.
  if (header[INTERLACE_OFFSET] !== 0)
    throw unfit('interlaced pictures are not supported; save it without interlacing')
  const bytes = height * Math.max(rowBytes(header, width), width * RGBA_BYTES)
  if (bytes > MAX_PIXEL_BYTES)
    throw unfit(`the picture unpacks to ${bytes} bytes; the limit is ${MAX_PIXEL_BYTES}`)
}

/** With the byte before each row that names its filter. */
function rowBytes(header: Buffer, width: number): number {
  const samples = SAMPLES[header.readUInt8(COLOR_TYPE_OFFSET)]
  if (samples === undefined) throw badPicture()
  return 1 + Math.ceil((width * samples * header.readUInt8(DEPTH_OFFSET)) / 8)
}

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

function chunksOf(png: Buffer): readonly Chunk[] {
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw badPicture()
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at + CHUNK_HEAD_BYTES <= png.length;) {
    const end = at + CHUNK_HEAD_BYTES + png.readUInt32BE(at)
    const type = png.toString('latin1', at + CHUNK_END_BYTES, at + CHUNK_HEAD_BYTES)
    chunks.push({ type, data: png.subarray(at + CHUNK_HEAD_BYTES, end) })
    if (chunks.length > MAX_CHUNKS) throw badPicture()
    at = end + CHUNK_END_BYTES
  }
  return chunks
}

function unfit(message: string): UsageError {
  return new UsageError('argument-invalid', message)
}

export function badPicture(cause?: unknown): UsageError {
  return new UsageError('argument-invalid', 'the file is not a PNG picture, or it is damaged', { cause })
}
