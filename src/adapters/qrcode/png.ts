import { encodeUtf8 } from '../../bytes/utf8.js'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** One bit a pixel, grey; no filter, no interlacing. */
const ONE_BIT_GREY = [1, 0, 0, 0, 0]
/** A zlib stream that is stored, not compressed (RFC 1950 section 2.2). */
const ZLIB_HEADER = [0x78, 0x01]
const STORED_MAX_BYTES = 0xffff
const ADLER_MODULUS = 65_521
const CRC_POLYNOMIAL = 0xedb88320

/**
 * A PNG file of black and white.
 * @param rows of pixels, packed into bytes, the leftmost in the highest bit; 1 is white.
 */
export function encodePng(width: number, rows: readonly Uint8Array[]): Uint8Array {
  const lines = rows.flatMap(row => [0, ...row])
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', [...fourBytes(width), ...fourBytes(rows.length), ...ONE_BIT_GREY]),
    ...chunk('IDAT', [...ZLIB_HEADER, ...stored(lines), ...fourBytes(adler32(lines))]),
    ...chunk('IEND', []),
  ])
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...encodeUtf8(type), ...data]
  return [...fourBytes(data.length), ...body, ...fourBytes(crc32(body))]
}

/** Blocks of deflate without compression (RFC 1951 section 3.2.4): last or not, length, its complement, bytes. */
function stored(bytes: readonly number[]): number[] {
  const blocks: number[] = []
  for (let start = 0; start < bytes.length; start += STORED_MAX_BYTES) {
    const block = bytes.slice(start, start + STORED_MAX_BYTES)
    const isLast = start + block.length === bytes.length
    const size = [block.length & 0xff, block.length >> 8]
    blocks.push(isLast ? 1 : 0, ...size, ...size.map(byte => byte ^ 0xff), ...block)
  }
  return blocks
}

function fourBytes(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}

function adler32(bytes: readonly number[]): number {
  let [low, high] = [1, 0]
  for (const byte of bytes) {
    low = (low + byte) % ADLER_MODULUS
    high = (high + low) % ADLER_MODULUS
  }
  return ((high << 16) | low) >>> 0
}

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC_POLYNOMIAL : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
