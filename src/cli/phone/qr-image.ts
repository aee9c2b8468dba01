import { DecodeError } from '../../errors.js'
import { badUsage } from '../failure.js'

export const MAX_IMAGE_BYTES: number = 8 * 1024 * 1024

/** A photo of a screen fits; what it takes in memory stays below 64 MiB. */
const MAX_SIDE_PIXELS = 4096
const DECODE_TIME_MS = 3000

/** PNG, third edition, section 5: signature, then chunks of length, type, data and CRC; IHDR first. */
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const CHUNK_HEAD_BYTES = 8
const CHUNK_END_BYTES = 4
const IHDR = 'IHDR'
const IHDR_BYTES = 13
const HEIGHT_OFFSET = 4
const INTERLACE_OFFSET = 12

/**
 * Finds the text of the QR code in a PNG picture.
 * @throws CommandLineError for a file that is not a PNG or is too large. @throws DecodeError `qr-url-malformed` without a QR code.
 */
export async function readQrImage(png: Buffer): Promise<string> {
  assertSafe(png)
  const [{ PNG }, { decodeQR }] = await Promise.all([import('pngjs'), import('qr/decode.js')])
  const { width, height, data } = orElse(() => PNG.sync.read(png), badImage)
  const size = { width, height, data: new Uint8Array(data) }
  return orElse(() => decodeQR(size, { timeLimit: DECODE_TIME_MS }), noCode)
}

/** Checks what the picture claims before memory is spent on it. */
function assertSafe(png: Buffer): void {
  const [header, ...others] = chunksOf(png)
  if (header?.type !== IHDR || header.data.length !== IHDR_BYTES) throw badImage()
  // A second header would replace the first.
  if (others.some(({ type }) => type === IHDR)) throw badImage()
  const [width, height] = [header.data.readUInt32BE(), header.data.readUInt32BE(HEIGHT_OFFSET)]
  if (width < 1 || height < 1 || width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS)
    throw badUsage(
      `--image: the picture has ${width} x ${height} pixels; the limit is ${MAX_SIDE_PIXELS} a side`,
    )
  // Only the sizes of plain pictures are checked while they are unpacked.
  if (header.data[INTERLACE_OFFSET] !== 0)
    throw badUsage('--image: interlaced pictures are not supported; save it without interlacing')
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
