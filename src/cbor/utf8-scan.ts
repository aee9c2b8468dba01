const ASCII_END = 0x80
const CONTINUATION_FIRST = 0x80
const CONTINUATION_LAST = 0xbf

/** Whether `bytes[start]` to `bytes[end - 1]` are well-formed UTF-8 (Unicode table 3-7). */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start
  while (position < end) {
    if ((bytes[position] ?? 0) < ASCII_END) {
      position++
      continue
    }
    const length = sequenceLength(bytes, position)
    if (length === 0 || position + length > end) return false
    position += length
  }
  return true
}

/** 2 to 4 when a well-formed sequence starts here, 0 otherwise. */
function sequenceLength(bytes: Uint8Array, position: number): 0 | 2 | 3 | 4 {
  const lead = bytes[position] ?? 0
  const second = bytes[position + 1] ?? 0
  if (lead < 0xe0) return lead >= 0xc2 && isContinuation(second) ? 2 : 0
  if (!isContinuation(bytes[position + 2] ?? 0)) return 0
  if (lead < 0xf0) return isSecondOfThree(lead, second) ? 3 : 0
  return isSecondOfFour(lead, second) && isContinuation(bytes[position + 3] ?? 0) ? 4 : 0
}

/** Neither overlong (after e0) nor a surrogate (after ed). */
function isSecondOfThree(lead: number, second: number): boolean {
  return (
    second >= (lead === 0xe0 ? 0xa0 : CONTINUATION_FIRST) &&
    second <= (lead === 0xed ? 0x9f : CONTINUATION_LAST)
  )
}

/** Neither overlong (after f0) nor above U+10FFFF (after f4). */
function isSecondOfFour(lead: number, second: number): boolean {
  if (lead > 0xf4) return false
  return (
    second >= (lead === 0xf0 ? 0x90 : CONTINUATION_FIRST) &&
    second <= (lead === 0xf4 ? 0x8f : CONTINUATION_LAST)
  )
}

function isContinuation(byte: number): boolean {
  return byte >= CONTINUATION_FIRST && byte <= CONTINUATION_LAST
}
