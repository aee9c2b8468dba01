import { DecodeError } from '../errors.js'

// The WHATWG Encoding classes exist in every runtime, but TypeScript’s ECMAScript libraries do not declare them.
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: Uint8Array, options?: { stream: boolean }): string
}

const encoder = new TextEncoder()
const STRICT = { fatal: true, ignoreBOM: true }
const decoder = new TextDecoder('utf-8', STRICT)

/** Writes text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** @throws DecodeError `utf8-malformed`. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoded(() => decoder.decode(bytes))
}

/** Reads text that may have been cut inside its last letter, and leaves that out. @throws DecodeError `utf8-malformed`. */
export function decodeCutUtf8(bytes: Uint8Array): string {
  // A decoder keeps the beginning of a letter for the rest of the stream, so each needs its own.
  return decoded(() => new TextDecoder('utf-8', STRICT).decode(bytes, { stream: true }))
}

function decoded(decode: () => string): string {
  try {
    return decode()
  } catch (cause) {
    throw new DecodeError('utf8-malformed', 'bytes are not UTF-8', { cause })
  }
}
