/**
 * Below 0 when the bytes of the first range come before those of the second, 0 when they are the same. In shortest forms,
 * the canonical order of two map keys is that of their encodings (CTAP 2.2 section 8).
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
