import { encodeHex } from '../../bytes/hex.js'
import { isCborArray, isCborMap } from '../../cbor/map-reader.js'
import type { CborValue } from '../../cbor/value.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { harmless } from '../text/printable.js'

/** What some input turned out to be. */
export interface Explanation {
  /** A stable word for programs. */
  readonly kind: string
  /** What it is, for people. */
  readonly about: string
  /** What stands in it: plain JSON, byte strings in hex, secrets redacted. */
  readonly members: Readonly<Record<string, unknown>>
}

/** What guesses may use beside the bytes. */
export interface GuessContext {
  readonly crypto: CryptoProvider
  readonly showSecrets: boolean
  /** Wall-clock seconds since 1970. */
  readonly now: number
}

/** Explains bytes as one kind of thing. @throws DecodeError or CtapError when they are something else. */
export type Guess = (bytes: Uint8Array, context: GuessContext) => Explanation

/** Says what something is. @param members values as the decoders give them. */
export function explanation(kind: string, about: string, members: object = {}): Explanation {
  return { kind, about, members: Object.fromEntries(plainEntries(Object.entries(members))) }
}

/** Byte strings that may be anything, and so may be secret, by their lengths. */
export function outline(value: CborValue, showSecrets: boolean): unknown {
  if (showSecrets) return value
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (isCborArray(value)) return value.map(element => outline(element, showSecrets))
  if (!isCborMap(value)) return value
  return new Map(Array.from(value, ([key, member]) => [key, outline(member, showSecrets)]))
}

/** Byte strings as hex, maps as objects, large integers as text. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeHex(value)
  if (value instanceof Map) return Object.fromEntries(plainEntries([...value]))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(plainEntries(Object.entries(value)))
  return value
}

function plainEntries(entries: readonly (readonly [unknown, unknown])[]): [string, unknown][] {
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [[String(key), plain(value)]]))
}

const INDENT = '  '

/** An explanation for people, one member a line. */
export function explanationText({ about, members }: Explanation): string {
  return [about, ...memberLines(members, INDENT)].join('\n')
}

function memberLines(members: object, indent: string): readonly string[] {
  return Object.entries(members).flatMap(([name, value]) =>
    isBranch(value)
      ? [`${indent}${harmless(name)}`, ...memberLines(value, indent + INDENT)]
      : [`${indent}${harmless(name)}: ${leafText(value)}`],
  )
}

function isBranch(value: unknown): value is object {
  if (Array.isArray(value)) return value.some(isBranch)
  return typeof value === 'object' && value !== null
}

function leafText(value: unknown): string {
  return harmless(Array.isArray(value) ? value.join(', ') : String(value))
}
