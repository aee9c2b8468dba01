import { badUsage } from '../failure.js'

const DIGITS = /^\d{1,5}$/
const MAX_PORT = 65_535

/** @throws CommandLineError unless it is 0 to 65535. */
export function parsePort(option: string, text: string): number {
  const port = DIGITS.test(text) ? Number(text) : Infinity
  if (port <= MAX_PORT) return port
  throw badUsage(`${option} takes 0 to ${MAX_PORT}, not ${text}`)
}
