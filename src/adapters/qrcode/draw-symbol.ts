import { codewordsOf } from './codewords.js'
import { penaltyOf } from './penalty.js'
import type { QrSymbol } from './qr-symbol.js'

const SMALLEST_SIZE = 17
const SIZE_STEP = 4
const FINDER_SIZE = 7
const TIMING = 6
const WORD_BITS = 8

/** Whether a mask turns the module over (ISO/IEC 18004 table 10). */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  row => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/** Level L in format information (table 12), its generator polynomial and its mask (annex C). */
const LEVEL_L = 1
const FORMAT_GENERATOR = 0x537
const FORMAT_GENERATOR_BITS = 10
const FORMAT_MASK = 0x5412
const FORMAT_BITS = 15

/**
 * The QR code of a text at level L, with the mask of least penalty (ISO/IEC 18004 section 7.8.3).
 * @throws UsageError `argument-invalid` for a text that is too long.
 */
export function qrSymbol(text: string): QrSymbol {
  const { version, words } = codewordsOf(text)
  const drawing = new Drawing(SMALLEST_SIZE + SIZE_STEP * version)
  drawing.drawPatterns(version)
  drawing.drawWords(words)
  const masked = MASKS.map((_, mask) => drawing.masked(mask))
  const penalties = masked.map(penaltyOf)
  return masked[penalties.indexOf(Math.min(...penalties))] ?? drawing
}

class Drawing implements QrSymbol {
  readonly size: number
  readonly modules: Uint8Array
  /** Modules that are no data. */
  readonly #fixed: Uint8Array

  constructor(size: number) {
    this.size = size
    this.modules = new Uint8Array(size * size)
    this.#fixed = new Uint8Array(size * size)
  }

  drawPatterns(version: number): void {
    const far = this.size - FINDER_SIZE
    for (let along = 0; along < this.size; along++) {
      this.#fix(this.modules, TIMING, along, along % 2 === 0)
      this.#fix(this.modules, along, TIMING, along % 2 === 0)
    }
    this.#drawRings(3, 3, 4, 2)
    this.#drawRings(3, far + 3, 4, 2)
    this.#drawRings(far + 3, 3, 4, 2)
    if (version > 1) this.#drawRings(far, far, 2, 1)
    // Its modules are no data, whatever the mask will be.
    this.#drawFormat(this.modules, 0)
  }

  /** In columns of two, up and down in turn from the right, around what is fixed (section 7.7.3). */
  drawWords(words: readonly number[]): void {
    let bit = 0
    const take = (place: number): void => {
      if (this.#fixed[place] === 1) return
      this.modules[place] = ((words[bit >> 3] ?? 0) >> (WORD_BITS - 1 - (bit & 7))) & 1
      bit++
    }
    let upwards = true
    for (let right = this.size - 1; right > 0; right -= 2, upwards = !upwards) {
      if (right === TIMING) right--
      for (let step = 0; step < this.size; step++) {
        const row = upwards ? this.size - 1 - step : step
        take(row * this.size + right)
        take(row * this.size + right - 1)
      }
    }
  }

  masked(mask: number): QrSymbol {
    const { size } = this
    const turns = MASKS[mask]
    const modules = this.modules.map((dark, place) => {
      const isTurned = this.#fixed[place] === 0 && turns?.(Math.floor(place / size), place % size) === true
      return isTurned ? 1 - dark : dark
    })
    this.#drawFormat(modules, mask)
    return { size, modules }
  }

  /** Square rings around a module: dark, but for the one at `light` and the one at the edge of a finder. */
  #drawRings(row: number, column: number, reach: number, light: number): void {
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        const ring = Math.max(Math.abs(down), Math.abs(right))
        this.#fix(this.modules, row + down, column + right, ring !== light && ring !== 4)
      }
    }
  }

  /** Level and mask, twice (section 7.9.1), and the module that is always dark. */
  #drawFormat(modules: Uint8Array, mask: number): void {
    const format = formatOf(mask)
    for (let bit = 0; bit < FORMAT_BITS; bit++) {
      const dark = ((format >> bit) & 1) === 1
      const [row, column] = bit < 8 ? [bit < 6 ? bit : bit + 1, 8] : [8, bit === 8 ? 7 : 14 - bit]
      this.#fix(modules, row, column, dark)
      const [otherRow, otherColumn] = bit < 8 ? [8, this.size - 1 - bit] : [this.size - FORMAT_BITS + bit, 8]
      this.#fix(modules, otherRow, otherColumn, dark)
    }
    this.#fix(modules, this.size - 8, 8, true)
  }

  #fix(modules: Uint8Array, row: number, column: number, dark: boolean): void {
    if (row < 0 || column < 0 || row >= this.size || column >= this.size) return
    modules[row * this.size + column] = dark ? 1 : 0
    this.#fixed[row * this.size + column] = 1
  }
}

function formatOf(mask: number): number {
  const data = (LEVEL_L << 3) | mask
  let rest = data << FORMAT_GENERATOR_BITS
  for (let bit = FORMAT_BITS - 1; bit >= FORMAT_GENERATOR_BITS; bit--)
    if ((rest >> bit) & 1) rest ^= FORMAT_GENERATOR << (bit - FORMAT_GENERATOR_BITS)
  return ((data << FORMAT_GENERATOR_BITS) | rest) ^ FORMAT_MASK
}
