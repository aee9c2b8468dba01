import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { readScannedPicture } from '../phone/scanned-url.js'

const SCHEME = /^FIDO:\//i
/** As terminals write a file that is dropped on them. */
const QUOTES = /^'(.*)'$|^"(.*)"$/
const HOME = /^~(?=\/)/

/** The QR code in what a person gives: its text, or the path of a screenshot. @throws CommandLineError for a picture without one. */
export async function codeIn(text: string, stdin: Readable, signal: AbortSignal): Promise<string> {
  if (SCHEME.test(text)) return text
  const path = text.replace(QUOTES, '$1$2').replace(HOME, homedir())
  return await readScannedPicture('the screenshot', { path: resolve(path), stdin }, signal)
}
