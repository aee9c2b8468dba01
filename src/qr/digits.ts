import { DecodeError } from '../errors.js'

// The value of seven bytes needs more than 53 bits, hence BigInt.
const CHUNK_BYTES = 7
const CHUNK_DIGITS = 17
/** How many digits a chunk of 0 to 7 bytes has. */
const DIGITS_OF_BYTES = [0, 3, 5, 8, 10, 13, 15, CHUNK_DIGITS] as const
const DIGITS = /^[0-9]*$/
const BITS_PER_BYTE = 8n

/**
 * Writes bytes as the decimal digits of a QR code: 17 for every 7 bytes, fewer for the rest (protocol.md 3.1).
 *
 * @example
 * encodeDigits(Uint8Array.of(97, 255)) // 65377
 */
export function encodeDigits(bytes: Uint8Array): string {
  let digits = ''
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES)
    digits += littleEndian(chunk)
      .toString()
      .padStart(DIGITS_OF_BYTES[chunk.length] ?? 0, '0')
  }
  return digits
}

/**
 * Reads the digits of a QR code.
 * @throws DecodeError `qr-url-malformed` for an impossible number of digits, a chunk too large for its bytes, and
 * everything but `0` to `9`.
 *
 * @example
 * decodeDigits('65377') // 97, 255
 */
export function decodeDigits(digits: string): Uint8Array {
  if (!DIGITS.test(digits))
    throw new DecodeError('qr-url-malformed', 'the QR code has a letter that is not a digit from 0 to 9')
  const bytes = new Uint8Array(byteCount(digits.length))
  for (let chunk = 0; chunk * CHUNK_DIGITS < digits.length; chunk++) {
    const value = BigInt(digits.slice(chunk * CHUNK_DIGITS, (chunk + 1) * CHUNK_DIGITS))
    writeLittleEndian(bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES), value)
  }
  return bytes
}

function byteCount(digitCount: number): number {
  const rest = digitCount % CHUNK_DIGITS
  const restBytes = DIGITS_OF_BYTES.findIndex(digits => digits === rest)
  if (restBytes < 0)
    throw new DecodeError(
      'qr-url-malformed',
      `the QR code has ${digitCount} digits, which cannot be whole bytes: some are missing`,
    )
  return Math.floor(digitCount / CHUNK_DIGITS) * CHUNK_BYTES + restBytes
}

function littleEndian(chunk: Uint8Array): bigint {
  return chunk.reduceRight((value, byte) => (value << BITS_PER_BYTE) | BigInt(byte), 0n)
}

function writeLittleEndian(chunk: Uint8Array, value: bigint): void {
  let rest = value
  for (let index = 0; index < chunk.length; index++, rest >>= BITS_PER_BYTE) {
    chunk[index] = Number(BigInt.asUintN(Number(BITS_PER_BYTE), rest))
  }
  if (rest !== 0n)
    throw new DecodeError('qr-url-malformed', 'a group of QR digits is larger than its bytes can be')
}
