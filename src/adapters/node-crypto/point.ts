import { Buffer } from 'node:buffer'
import { ECDH } from 'node:crypto'
import { isOnCurve } from '../../crypto/point.js'

/** P-256, as OpenSSL calls it. */
export const CURVE = 'prime256v1'

const UNCOMPRESSED = 0x04
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
  // OpenSSL would set the curve up anew, which takes 5 to 10 microseconds; it checks once more when the point is used.
  if (bytes[0] === UNCOMPRESSED) return isOnCurve(bytes) ? new Uint8Array(bytes) : undefined
  try {
    const point = ECDH.convertKey(bytes, CURVE, undefined, undefined, 'uncompressed')
    return new Uint8Array(typeof point === 'string' ? Buffer.from(point, 'latin1') : point)
  } catch {
    return undefined
  }
}
