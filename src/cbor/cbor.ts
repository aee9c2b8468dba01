import { limitsFrom } from '../bytes/limits.js'
import { DEFAULT_CBOR_LIMITS } from './limits.js'
import type { CborLimits } from './limits.js'
import { CborReader } from './reader.js'
import type { CborValue } from './value.js'
import { CborWriter } from './writer.js'

// A value’s own iterator may call `encodeCbor` again, so a writer at work is not shared.
let idleWriter: CborWriter | undefined

/**
 * Writes CTAP2 canonical CBOR (CTAP 2.2 section 8), sorting map keys on the way. The value is not changed.
 * @throws UsageError `argument-invalid` for floats, integers outside -2^64 to 2^64 - 1, text with an unpaired surrogate,
 * map keys other than safe integers, byte strings and text, byte strings twice, more than 16 levels, and everything outside
 * the type CborValue.
 * @example
 * encodeCbor(cborMap([[3, 'ga'], [1, bytes]]))
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const writer = idleWriter ?? new CborWriter()
  idleWriter = undefined
  try {
    return writer.write(value)
  } finally {
    idleWriter = writer
  }
}

/**
 * Reads one item of CTAP2 canonical CBOR and refuses all else. Integers beyond 2^53 - 1 in size come as bigint, maps as
 * Map, byte strings as fresh Uint8Arrays.
 * @param limits the ones that differ from the defaults: 1 MiB, 16 levels, 10 000 items.
 * @throws DecodeError `cbor-malformed`, `cbor-not-canonical`, `cbor-limit`, or `cbor-unexpected` for a map key that is
 * neither a byte string nor text nor an integer of at most 2^53 - 1 in size; UsageError `argument-invalid` for a limit
 * that is not a number from 0.
 *
 * @example
 * const value = decodeCbor(bytes)
 * if (value instanceof Map) console.log([...value.keys()])
 */
export function decodeCbor(bytes: Uint8Array, limits?: Partial<CborLimits>): CborValue {
  const checked =
    limits === undefined ? DEFAULT_CBOR_LIMITS : limitsFrom('limits', { ...DEFAULT_CBOR_LIMITS }, limits)
  return new CborReader(bytes, checked).read()
}
