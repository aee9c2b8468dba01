import { Buffer } from 'node:buffer'
import { ECDH } from 'node:crypto'
import { P256 } from '../../crypto/p256.js'

/** P-256, as OpenSSL calls it. */
export const CURVE = 'prime256v1'

const UNCOMPRESSED = 0x04
const COORDINATE_BYTES = 32
/** Length and first byte of the two forms of a point that the protocol knows; OpenSSL knows a third. */
const POINT_FORMS: Readonly<Record<number, readonly number[]>> = { 33: [0x02, 0x03], 65: [UNCOMPRESSED] }

/** Whether these bytes look like a point in one of the two forms. */
export function isPointForm(bytes: Uint8Array): boolean {
  const [first = -1] = bytes
  return POINT_FORMS[bytes.length]?.includes(first) === true
}

/**
 * The point in 65 bytes, fresh; undefined when it is not on the curve.
 * @param bytes in one of the two forms.
 */
export function uncompressedPoint(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] === UNCOMPRESSED) return isOnCurve(bytes) ? new Uint8Array(bytes) : undefined
  try {
    const point = ECDH.convertKey(bytes, CURVE, undefined, undefined, 'uncompressed')
    return new Uint8Array(typeof point === 'string' ? Buffer.from(point, 'latin1') : point)
  } catch {
    return undefined
  }
}

/** OpenSSL would set the curve up anew, which takes 5 to 10 microseconds; it checks once more when the point is used. */
function isOnCurve(point: Uint8Array): boolean {
  const view = new DataView(point.buffer, point.byteOffset, point.length)
  const x = readCoordinate(view, 1)
  const y = readCoordinate(view, 1 + COORDINATE_BYTES)
  const { p, b } = P256
  // y^2 = x^3 - 3x + b modulo p (SP 800-186 section 3.2.1.3)
  return x < p && y < p && ((x * x - 3n) * x + b - y * y) % p === 0n
}

function readCoordinate(view: DataView, start: number): bigint {
  let coordinate = 0n
  for (let offset = start; offset < start + COORDINATE_BYTES; offset += BigUint64Array.BYTES_PER_ELEMENT)
    coordinate = (coordinate << 64n) | view.getBigUint64(offset)
  return coordinate
}
