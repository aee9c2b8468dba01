/**
 * QR codes for a terminal, as SVG and as PNG.
 * @module
 */
import type { QrPainter } from '../../ports/qr-painter.js'
import { encodePng } from './png.js'
import { qrSymbol } from './symbol.js'
import type { QrSymbol } from './symbol.js'

/** Modules of light around the code, which scanners expect. */
const QUIET_ZONE = 4
/** Modules are this many pixels wide in a PNG. */
const PNG_SCALE = 6
/** Upper and lower module of a letter; the light ones are drawn, because most terminals are dark. */
const HALF_BLOCKS = ['█', '▀', '▄', ' ']

/** Draws QR codes in any runtime. A text that is too long for a QR code throws UsageError `argument-invalid`. */
export const qrcodePainter: QrPainter = {
  toTerminal,
  toSvg,
  toPng: text => Promise.resolve().then(() => paintPng(text)),
}

function toTerminal(text: string): string {
  const picture = new Picture(qrSymbol(text))
  const lines: string[] = []
  for (let row = 0; row < picture.size; row += 2) {
    const letters = picture.columns.map(
      column =>
        HALF_BLOCKS[2 * Number(picture.isDark(row, column)) + Number(picture.isDark(row + 1, column))],
    )
    lines.push(letters.join(''))
  }
  return lines.join('\n')
}

/** Each run of dark modules is a stroke of the one path. */
function toSvg(text: string): string {
  const picture = new Picture(qrSymbol(text))
  const strokes = picture.columns.flatMap(row => picture.runs(row))
  const drawn = strokes.map(({ row, from, length }) => `M${from} ${row}.5h${length}`).join('')
  const box = `0 0 ${picture.size} ${picture.size}`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" shape-rendering="crispEdges">` +
    `<path fill="#ffffff" d="M0 0h${picture.size}v${picture.size}H0z"/><path stroke="#000000" d="${drawn}"/></svg>\n`
  )
}

function paintPng(text: string): Uint8Array {
  const picture = new Picture(qrSymbol(text))
  const width = picture.size * PNG_SCALE
  const rows = picture.columns.flatMap(row => {
    const packed = new Uint8Array(Math.ceil(width / 8))
    for (let pixel = 0; pixel < width; pixel++) {
      if (picture.isDark(row, Math.floor(pixel / PNG_SCALE))) continue
      packed[pixel >> 3] = (packed[pixel >> 3] ?? 0) | (0x80 >> (pixel & 7))
    }
    return Array<Uint8Array>(PNG_SCALE).fill(packed)
  })
  return encodePng(width, rows)
}

/** A symbol in its quiet zone. */
class Picture {
  readonly size: number
  readonly columns: readonly number[]
  readonly #symbol: QrSymbol

  constructor(symbol: QrSymbol) {
    this.#symbol = symbol
    this.size = symbol.size + 2 * QUIET_ZONE
    this.columns = Array.from({ length: this.size }, (_, column) => column)
  }

  isDark(row: number, column: number): boolean {
    const { size, modules } = this.#symbol
    const [down, right] = [row - QUIET_ZONE, column - QUIET_ZONE]
    return down >= 0 && right >= 0 && down < size && right < size && modules[down * size + right] === 1
  }

  /** The runs of dark modules in a row. */
  runs(row: number): { readonly row: number; readonly from: number; readonly length: number }[] {
    const line = this.columns.map(column => (this.isDark(row, column) ? '1' : '0')).join('')
    return [...line.matchAll(/1+/g)].map(({ index, 0: run }) => ({ row, from: index, length: run.length }))
  }
}
