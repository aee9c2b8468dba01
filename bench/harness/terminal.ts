import { isatty } from 'node:tty'
import pc from 'picocolors'
import type { Paint } from './table.js'

const PLAIN: Paint = { bold: same, dim: same, green: same, red: same }

/** Colours only where a terminal reads stdout. */
export const stdoutPaint = (): Paint =>
  isatty(process.stdout.fd) && pc.isColorSupported ? pc.createColors(true) : PLAIN

function same(text: string): string {
  return text
}

/** Says on stderr what is going on. */
export const tell = (words: string): void => void process.stderr.write(`${words}\n`)
