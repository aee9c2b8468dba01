// cbor-x builds no code at run time and loads no native addon behind this entry, in Node and elsewhere.
import { limitsFrom } from '../bytes/limits.js'
import { Encoder } from 'cbor-x/index-no-eval'
import { canonicalForm, LOWEST_INTEGER } from './canonical-form.js'
import { DEFAULT_CBOR_LIMITS } from './limits.js'
import type { CborLimits } from './limits.js'
import { restore } from './restore.js'
import { validateCbor } from './validate.js'
import type { CborValue } from './value.js'

interface Codec {
  encode(form: unknown): Uint8Array
  decode(bytes: Uint8Array, end: number): CborValue
}

const codec: Codec = new Encoder({
  mapsAsObjects: false,
  useRecords: false,
  tagUint8Array: false,
  variableMapSize: true,
  copyBuffers: true,
})

/**
 * Writes CTAP2 canonical CBOR (CTAP 2.2 section 8), sorting map keys on the way. The value is not changed.
 * @throws UsageError `argument-invalid` for floats, integers outside -2^64 to 2^64 - 1, text with an unpaired surrogate,
 * map keys other than safe integers, byte strings and text, byte strings twice, more than 16 levels, and everything that is no CborValue.
 * @example
 * encodeCbor(cborMap([[3, 'ga'], [1, linkId]]))
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const lowest = { value: LOWEST_INTEGER + 1n, used: false }
  const encoded = encodeForm(canonicalForm(value, lowest))
  return lowest.used ? withLowestInteger(value, encoded) : encoded
}

/**
 * Reads one item of CTAP2 canonical CBOR and refuses all else. Integers beyond 2^53 - 1 in size come as bigint, maps as
 * Map, byte strings as fresh Uint8Arrays.
 * @param limits what to set otherwise than 1 MiB, 16 levels and 10 000 items.
 * @throws DecodeError `cbor-malformed`, `cbor-not-canonical`, `cbor-limit`, or `cbor-unexpected` for a map key that is
 * neither a byte string nor text nor an integer of at most 2^53 - 1 in size.
 */
export function decodeCbor(bytes: Uint8Array, limits?: Partial<CborLimits>): CborValue {
  const oddities = validateCbor(
    bytes,
    limits === undefined ? DEFAULT_CBOR_LIMITS : limitsFrom('limits', { ...DEFAULT_CBOR_LIMITS }, limits),
  )
  const decoded = decodeValid(bytes)
  return oddities.wideIntegers || oddities.markedTexts.length > 0 ? restore(decoded, oddities) : decoded
}

// cbor-x hangs a DataView on what it reads; here that is made once, and the caller's bytes stay as they are.
const scratch = new Uint8Array(4096)

function decodeValid(bytes: Uint8Array): CborValue {
  if (bytes.length > scratch.length) {
    return codec.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length)
  }
  scratch.set(bytes)
  const decoded = codec.decode(scratch, bytes.length)
  scratch.fill(0, 0, bytes.length)
  return decoded
}

/** cbor-x writes into a buffer that it shares among calls; what may be secret does not stay there. */
function encodeForm(form: unknown): Uint8Array {
  const shared = codec.encode(form)
  const encoded = new Uint8Array(shared)
  shared.fill(0)
  return encoded
}

/** Two encodings that differ only in the stand-in for -2^64 show where its last byte is. */
function withLowestInteger(value: CborValue, encoded: Uint8Array): Uint8Array {
  const other = encodeForm(canonicalForm(value, { value: LOWEST_INTEGER + 2n, used: false }))
  const LAST_BYTE_OF_LOWEST = 0xff
  return encoded.map((byte, index) => (byte === other[index] ? byte : LAST_BYTE_OF_LOWEST))
}
