import { inspect } from 'node:util'
import { encodeDigits } from '../../src/qr/digits.js'
import type { Secret } from './watched-crypto.js'

/** Everything that a program, a log or a debugger may print of a value: as JSON, as text, and inspected to the last corner. */
export function printed(value: unknown): string {
  const views = [
    inspect(value, { depth: Infinity, showHidden: true, getters: true, maxArrayLength: Infinity }),
    inspect(value, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity }),
    asJson(value),
    String(value),
  ]
  if (value instanceof Error) views.push(value.message, value.stack ?? '', printed(value.cause))
  return views.join('\n')
}

/** @returns what was found of secrets in a text, in any of the ways in which bytes are written. */
export function found(secrets: readonly Secret[], text: string): readonly string[] {
  const seen = text.toLowerCase().replace(JSON_INDEX, '').replace(LIST_GAP, ',')
  const telling = secrets.filter(({ bytes }) => bytes.subarray(0, KNOWN_BY_BYTES).some(byte => byte !== 0))
  const leaks = telling.filter(({ bytes }) => writings(bytes).some(writing => seen.includes(writing)))
  return [...new Set(leaks.map(({ what }) => what))]
}

/** `"0":12,"1":…`: how JSON writes typed arrays. */
const JSON_INDEX = /"\d+":/g
const LIST_GAP = /,\s+/g

/** Of long plaintexts the beginning is enough to know them by; zeros are a salt, or a padded shutdown, and no secret. */
const KNOWN_BY_BYTES = 16

function writings(bytes: Uint8Array): readonly string[] {
  const start = Buffer.from(bytes.subarray(0, KNOWN_BY_BYTES))
  const [hex, base64] = [start.toString('hex'), start.toString('base64').replace(/..?=*$/, '')]
  return [
    hex,
    hex.replace(/..(?=.)/g, '$& '),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    [...start].join(','),
    encodeDigits(start.subarray(0, KNOWN_BY_BYTES - 2)),
  ].map(text => text.toLowerCase())
}

function asJson(value: unknown): string {
  const ancestors = new WeakSet()
  const text: unknown = JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'bigint') return String(member)
    if (typeof member !== 'object' || member === null) return member
    if (ancestors.has(member)) return undefined
    ancestors.add(member)
    return member
  })
  return String(text)
}
