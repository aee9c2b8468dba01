import { P256_POINT_BYTES, p256Point } from '../bytes/brands.js'
import type { P256Point } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import { DecodeError } from '../errors.js'
import { P256 } from './p256.js'

const COORDINATE_BYTES = 32
const FORM = { even: 0x02, odd: 0x03, uncompressed: 0x04 } as const
const COMPRESSED_BYTES = 1 + COORDINATE_BYTES

/**
 * Reads a point of 65 bytes. A point is public, so the time that this takes tells nothing.
 * @throws DecodeError `point-invalid` for any other length or first byte, or off the curve.
 */
export function decodeUncompressedPoint(bytes: Uint8Array): P256Point {
  if (bytes[0] !== FORM.uncompressed || bytes.length !== P256_POINT_BYTES || !isOnCurve(bytes))
    throw new DecodeError('point-invalid', 'the bytes are not a point of P-256')
  return p256Point(Uint8Array.from(bytes))
}

/** Reads a point of 33 bytes (compressed), as `decodeUncompressedPoint` reads one of 65. */
export function decodeCompressedPoint(bytes: Uint8Array): P256Point {
  return decodeUncompressedPoint(uncompressed(bytes))
}

/** @param point 65 bytes. */
export function isOnCurve(point: Uint8Array): boolean {
  const x = readCoordinate(point, 1)
  const y = readCoordinate(point, COMPRESSED_BYTES)
  return x < P256.p && y < P256.p && (y * y - ySquared(x)) % P256.p === 0n
}

/** The 65 bytes of a compressed point, which may be off the curve. Empty for bytes that are not in the compressed form. */
function uncompressed(bytes: Uint8Array): Uint8Array {
  const [form] = bytes
  if ((form !== FORM.even && form !== FORM.odd) || bytes.length !== COMPRESSED_BYTES) return new Uint8Array()
  const root = squareRoot(ySquared(readCoordinate(bytes, 1)))
  const y = (root & 1n) === BigInt(form & 1) ? root : P256.p - root
  return concatBytes(Uint8Array.of(FORM.uncompressed), bytes.subarray(1), encodeCoordinate(y))
}

/** x^3 - 3x + b modulo p (SP 800-186 section 3.2.1.3); never negative: where 3x is greater than x^3, b is greater than 3x. */
function ySquared(x: bigint): bigint {
  return ((x * x - 3n) * x + P256.b) % P256.p
}

/** The square to the power of (p + 1) / 4, modulo p. That is its root if it has one, because p is 3 modulo 4. */
function squareRoot(square: bigint): bigint {
  let root = 1n
  for (const bit of ((P256.p + 1n) >> 2n).toString(2)) {
    root = (root * root) % P256.p
    if (bit === '1') root = (root * square) % P256.p
  }
  return root
}

function readCoordinate(point: Uint8Array, start: number): bigint {
  return BigInt(`0x${encodeHex(point.subarray(start, start + COORDINATE_BYTES))}`)
}

function encodeCoordinate(coordinate: bigint): Uint8Array {
  return decodeHex(coordinate.toString(16).padStart(2 * COORDINATE_BYTES, '0'))
}
