const RGBA_BYTES = 4
const ALPHA_OFFSET = 3
const OPAQUE = 255

/** Lays RGBA pixels over white, in place; alpha stays. @returns whether nothing shone through. */
export function layOverWhite(rgba: Uint8Array): boolean {
  let isOpaque = true
  for (let at = 0; at < rgba.length; at += RGBA_BYTES) {
    const alpha = rgba[at + ALPHA_OFFSET] ?? 0
    if (alpha === OPAQUE) continue
    isOpaque = false
    for (let color = at; color < at + ALPHA_OFFSET; color++)
      rgba[color] = Math.round(((rgba[color] ?? 0) * alpha) / OPAQUE) + OPAQUE - alpha
  }
  return isOpaque
}

/** Lays them over black instead: what `layOverWhite` let shine through is taken away. */
export function turnWhiteToBlack(rgba: Uint8Array): void {
  for (let at = 0; at < rgba.length; at += RGBA_BYTES) {
    const white = OPAQUE - (rgba[at + ALPHA_OFFSET] ?? 0)
    for (let color = at; color < at + ALPHA_OFFSET; color++) rgba[color] = (rgba[color] ?? 0) - white
  }
}
