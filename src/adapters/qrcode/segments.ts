import { encodeUtf8 } from '../../bytes/utf8.js'

/** The letters of alphanumeric mode, each at its value (ISO/IEC 18004 table 5). */
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/
/** Any text, and the digits that it ends in: `FIDO:/` and its digits. */
const DIGITS_LAST = /^(.*?)([0-9]*)$/s

/** How a mode begins: its indicator in 4 bits, and the bits of its count in versions 1 to 9 (tables 2 and 3). */
const NUMERIC = { indicator: 1, countBits: 10 } as const
const ALPHA = { indicator: 2, countBits: 9 } as const
const BYTE = { indicator: 4, countBits: 8 } as const
const INDICATOR_BITS = 4

/** Bits of 1 to 3 digits, and of 1 to 2 letters. */
const DIGIT_BITS = [0, 4, 7, 10] as const
const LETTER_BITS = [0, 6, 11] as const
const BYTE_BITS = 8

/** Bits in order, the first first. */
export type Bits = number[]

/**
 * Text as data bits: the digits that it ends in as such, and what is before them as letters if it can be. So `FIDO:/` and 180 digits
 * fit into version 4 or 5.
 */
export function textBits(text: string): Bits {
  const [, head = '', digits = ''] = DIGITS_LAST.exec(text) ?? []
  const bits: Bits = []
  if (head !== '') (ALPHANUMERIC.test(head) ? writeLetters : writeBytes)(bits, head)
  if (digits !== '') writeDigits(bits, digits)
  return bits
}

/** Appends a number, its highest bit first. */
export function writeBits(bits: Bits, value: number, count: number): void {
  for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
}

function begin(bits: Bits, mode: { indicator: number; countBits: number }, count: number): void {
  writeBits(bits, mode.indicator, INDICATOR_BITS)
  writeBits(bits, count, mode.countBits)
}

function writeDigits(bits: Bits, digits: string): void {
  begin(bits, NUMERIC, digits.length)
  for (const group of digits.match(/.{1,3}/g) ?? [])
    writeBits(bits, Number(group), DIGIT_BITS[group.length] ?? 0)
}

function writeLetters(bits: Bits, letters: string): void {
  begin(bits, ALPHA, letters.length)
  for (const group of letters.match(/.{1,2}/g) ?? []) {
    const value = [...group].reduce((sum, letter) => sum * LETTERS.length + LETTERS.indexOf(letter), 0)
    writeBits(bits, value, LETTER_BITS[group.length] ?? 0)
  }
}

function writeBytes(bits: Bits, text: string): void {
  const bytes = encodeUtf8(text)
  begin(bits, BYTE, bytes.length)
  for (const byte of bytes) writeBits(bits, byte, BYTE_BITS)
}
