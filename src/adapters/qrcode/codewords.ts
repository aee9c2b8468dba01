import { UsageError } from '../../errors.js'
import { textBits, writeBits } from './segments.js'
import type { Bits } from './segments.js'
import { correctionOf } from './reed-solomon.js'

/** Codewords of versions 1 to 6 at level L: data, and in each of so many blocks correction (ISO/IEC 18004 table 9). */
const VERSIONS = [
  { data: 19, correction: 7, blocks: 1 },
  { data: 34, correction: 10, blocks: 1 },
  { data: 55, correction: 15, blocks: 1 },
  { data: 80, correction: 20, blocks: 1 },
  { data: 108, correction: 26, blocks: 1 },
  { data: 136, correction: 18, blocks: 2 },
] as const

const WORD_BITS = 8
const TERMINATOR_BITS = 4
/** Fill what is left, in turn (section 7.4.10). */
const PADDING = [0xec, 0x11] as const

/** What a symbol holds. */
export interface Codewords {
  /** 1 to 6: the symbol has 17 + 4 × version modules a side. */
  readonly version: number
  /** Data and correction, in the order of the symbol. */
  readonly words: readonly number[]
}

/** Puts a text into the smallest version that takes it. @throws UsageError `argument-invalid` for one of more than 136 codewords. */
export function codewordsOf(text: string): Codewords {
  const bits = textBits(text)
  const index = VERSIONS.findIndex(({ data }) => bits.length <= data * WORD_BITS)
  const form = VERSIONS[index]
  if (form === undefined)
    throw new UsageError('argument-invalid', `a text of ${text.length} letters is too long for a QR code`)
  const data = paddedWords(bits, form.data)
  const length = form.data / form.blocks
  const blocks = Array.from({ length: form.blocks }, (_, block) =>
    data.slice(block * length, (block + 1) * length),
  )
  const correction = blocks.map(block => correctionOf(block, form.correction))
  return { version: index + 1, words: [...interleaved(blocks), ...interleaved(correction)] }
}

function paddedWords(bits: Bits, count: number): number[] {
  writeBits(bits, 0, Math.min(TERMINATOR_BITS, count * WORD_BITS - bits.length))
  const words: number[] = []
  for (let start = 0; start < bits.length; start += WORD_BITS) {
    let word = 0
    for (let bit = 0; bit < WORD_BITS; bit++) word = (word << 1) | (bits[start + bit] ?? 0)
    words.push(word)
  }
  for (let fill = 0; words.length < count; fill ^= 1) words.push(PADDING[fill] ?? 0)
  return words
}

/** The first of each block, then the second of each. */
function interleaved(blocks: readonly (readonly number[])[]): number[] {
  return (blocks[0] ?? []).flatMap((_, index) => blocks.map(block => block[index] ?? 0))
}
