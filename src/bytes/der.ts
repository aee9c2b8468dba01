import { concatBytes } from './bytes.js'

const LENGTH_FOLLOWS = 0x80
const BYTE_VALUES = 256

/** A DER element (X.690 section 8.1): tag, length of the contents in as few bytes as possible, contents. */
export function derElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const contents = concatBytes(...parts)
  return concatBytes(Uint8Array.of(tag), encodeLength(contents.length), contents)
}

function encodeLength(length: number): Uint8Array {
  if (length < LENGTH_FOLLOWS) return Uint8Array.of(length)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / BYTE_VALUES)) digits.unshift(rest % BYTE_VALUES)
  return Uint8Array.of(LENGTH_FOLLOWS | digits.length, ...digits)
}
