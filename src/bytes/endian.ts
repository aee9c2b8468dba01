/** Writes an integer of 0 to 2^32 - 1, least significant byte first. */
export function encodeU32LE(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24)
}

/** Writes an integer of 0 to 65535, least significant byte first. */
export function encodeU16LE(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8)
}

/** Reads two bytes at `offset`, least significant first. */
export function readU16LE(bytes: Uint8Array, offset = 0): number {
  return viewOf(bytes).getUint16(offset, true)
}

/** Writes an integer of 0 to 65535, most significant byte first. */
export function encodeU16BE(value: number): Uint8Array {
  const bytes = new Uint8Array(2)
  viewOf(bytes).setUint16(0, value)
  return bytes
}

/** Reads two bytes at `offset`, most significant first. */
export function readU16BE(bytes: Uint8Array, offset = 0): number {
  return viewOf(bytes).getUint16(offset)
}

/** Writes an integer of 0 to 2^32 - 1, most significant byte first. */
export function encodeU32BE(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setUint32(0, value)
  return bytes
}

/** Reads four bytes at `offset`, most significant first. */
export function readU32BE(bytes: Uint8Array, offset = 0): number {
  return viewOf(bytes).getUint32(offset)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
