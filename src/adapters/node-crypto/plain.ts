import type { Buffer } from 'node:buffer'

/** A Buffer is a Uint8Array with other manners (`slice` shares memory); nothing of ours hands one out. */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
