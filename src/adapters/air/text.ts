import type { RawData } from 'ws'

/** A text message in one piece, as the library delivers it unless told otherwise. */
export function lineText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
