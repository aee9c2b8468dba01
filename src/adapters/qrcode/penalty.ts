import type { QrSymbol } from './qr-symbol.js'

/** The weights of ISO/IEC 18004 table 11. */
const RUN_PENALTY = 3
const BLOCK_PENALTY = 3
const FINDER_PENALTY = 40
const BALANCE_PENALTY = 10
const RUN_LENGTH = 5

/** Dark and light as in a finder, with four light modules before or behind. */
const FINDERS = [0b10111010000, 0b00001011101]
const FINDER_BITS = 11
const FINDER_WINDOW = 2 ** FINDER_BITS - 1

/** How hard a symbol is to read: less is better (section 7.8.3.1). */
export function penaltyOf(symbol: QrSymbol): number {
  const { size } = symbol
  let penalty = blocksIn(symbol) + imbalanceOf(symbol)
  for (let line = 0; line < size; line++)
    penalty += lineIn(symbol, line * size, 1) + lineIn(symbol, line, size)
  return penalty
}

/** Runs of one colour and what looks like a finder, in one row or column. */
function lineIn({ size, modules }: QrSymbol, start: number, step: number): number {
  let penalty = 0
  let [run, last, window] = [0, -1, 0]
  for (let index = 0; index < size; index++) {
    const dark = modules[start + index * step] ?? 0
    run = dark === last ? run + 1 : 1
    last = dark
    if (run === RUN_LENGTH) penalty += RUN_PENALTY
    else if (run > RUN_LENGTH) penalty++
    window = ((window << 1) | dark) & FINDER_WINDOW
    if (index >= FINDER_BITS - 1 && FINDERS.includes(window)) penalty += FINDER_PENALTY
  }
  return penalty
}

/** Squares of 2 × 2 of one colour. */
function blocksIn({ size, modules }: QrSymbol): number {
  let blocks = 0
  for (let row = 1; row < size; row++) {
    for (let place = row * size + 1; place < (row + 1) * size; place++) {
      const dark = modules[place]
      if (dark === modules[place - 1] && dark === modules[place - size] && dark === modules[place - size - 1])
        blocks++
    }
  }
  return blocks * BLOCK_PENALTY
}

/** Each 5 % of dark modules away from the half. */
function imbalanceOf({ modules }: QrSymbol): number {
  const dark = modules.reduce((sum, module) => sum + module, 0)
  return Math.floor(Math.abs((dark * 20) / modules.length - 10)) * BALANCE_PENALTY
}
