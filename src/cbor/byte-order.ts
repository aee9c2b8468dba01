/**
 * Compares two ranges of bytes: below 0 when the first comes before the second, 0 when they are equal. Map keys in their
 * shortest
 * encodings sort this way (CTAP 2.2 section 8).
 */
export function compareRanges(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): number {
  const shared = Math.min(end - start, otherEnd - otherStart)
  for (let offset = 0; offset < shared; offset++) {
    const difference = (bytes[start + offset] ?? 0) - (bytes[otherStart + offset] ?? 0)
    if (difference !== 0) return difference
  }
  return end - start - (otherEnd - otherStart)
}
