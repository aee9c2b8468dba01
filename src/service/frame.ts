/*
 * RFC 6455 section 5.2: two bytes of head, two or eight of a longer length, then the payload, which a server does not mask.
 */
const FINAL_BINARY = 0x82
const HEAD_BYTES = 2
const LENGTH_IN_TWO = 126
const LENGTH_IN_EIGHT = 127
const SHORT_BYTES = LENGTH_IN_TWO - 1
const TWO_BYTES = 0xffff

/** Up to here a copy costs less than a second buffer on its way to the network. */
const MAX_COPIED_BYTES = 4096

/** A message in one frame of a server: one buffer for a short message, else head and payload. */
export function binaryFrame(payload: Uint8Array): readonly Uint8Array[] {
  const { length } = payload
  if (length > MAX_COPIED_BYTES) return [headed(length, 0), payload]
  const frame = headed(length, length)
  frame.set(payload, frame.length - length)
  return [frame]
}

/** A buffer that begins with the head of a message of this length, with room for more bytes. */
function headed(length: number, room: number): Buffer {
  if (length <= SHORT_BYTES) return begun(length, HEAD_BYTES + room)
  if (length > TWO_BYTES) {
    const buffer = begun(LENGTH_IN_EIGHT, HEAD_BYTES + 8 + room)
    buffer.writeBigUInt64BE(BigInt(length), HEAD_BYTES)
    return buffer
  }
  const buffer = begun(LENGTH_IN_TWO, HEAD_BYTES + 2 + room)
  buffer.writeUInt16BE(length, HEAD_BYTES)
  return buffer
}

function begun(lengthByte: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size)
  buffer[0] = FINAL_BINARY
  buffer[1] = lengthByte
  return buffer
}
