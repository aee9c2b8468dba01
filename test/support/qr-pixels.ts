import type { Pixels } from '../../src/adapters/qr-picture/pixel-decoder.js'
import { qrSymbol } from '../../src/adapters/qrcode/symbol.js'

const MODULE_PIXELS = 4
const QUIET_ZONE = 4
/** The sign in three corners of each code. */
const FINDER = ['#######', '#     #', '# ### #', '# ### #', '# ### #', '#     #', '#######']

/** Column and row, in modules. */
export type Place = readonly [x: number, y: number]

/** A white square. @param modules a side. */
function blank(modules: number): Pixels {
  const side = modules * MODULE_PIXELS
  return { width: side, height: side, data: new Uint8Array(side * side * 4).fill(255) }
}

function darken({ width, data }: Pixels, [x, y]: Place): void {
  for (let row = 0; row < MODULE_PIXELS; row++)
    for (let column = 0; column < MODULE_PIXELS; column++)
      data.set([0, 0, 0], ((y * MODULE_PIXELS + row) * width + x * MODULE_PIXELS + column) * 4)
}

/** A screen of 480 pixels a side. @param text of the code in its upper left corner. @param finders what is no code, and looks like one. */
export function qrPixels(text: string | undefined, finders: readonly Place[] = []): Pixels {
  const pixels = blank(120)
  const { size, modules } = text === undefined ? { size: 0, modules: [] } : qrSymbol(text)
  for (const [at, module] of modules.entries())
    if (module === 1) darken(pixels, [QUIET_ZONE + (at % size), QUIET_ZONE + Math.floor(at / size)])
  for (const [x, y] of finders)
    for (const [row, line] of FINDER.entries())
      for (const [column, module] of Array.from(line).entries())
        if (module === '#') darken(pixels, [x + column, y + row])
  return pixels
}
