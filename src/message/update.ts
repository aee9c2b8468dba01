import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { map, mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborKey, CborMap, CborValue } from '../cbor/value.js'
import { DecodeError, UsageError } from '../errors.js'

/** Keys of the update map (protocol.md 10.2). */
const KEYS = { padding: 0, linking: 1 } as const

/** A key without meaning. Readers ignore it. */
const FILLER_KEY = 65535

/** Length of a padded update; with its type byte it is 512. */
const PADDED_UPDATE_BYTES = 511

/** Writes an update without padding and without its type byte. */
export function encodeUpdate(linking: CborMap | undefined): Uint8Array {
  return encodeCbor(keyedMap(KEYS, { linking }))
}

/**
 * Writes an update that is as long with a link as without one, so that its size does not tell whether the user agreed to link.
 * @throws UsageError `argument-invalid` when the linking map does not fit.
 */
export function encodePaddedUpdate(linking: CborMap | undefined): Uint8Array {
  const padded = padUpdate(linking, []) ?? padUpdate(linking, [[FILLER_KEY, 0]])
  if (padded !== undefined) return padded
  throw new UsageError(
    'argument-invalid',
    `the linking map does not fit into a padded update of ${PADDED_UPDATE_BYTES} bytes`,
  )
}

/**
 * Reads an update without its type byte.
 * @throws DecodeError `message-malformed`.
 */
export function decodeUpdate(bytes: Uint8Array): { linking: CborMap | undefined } {
  const reader = mapReader(decodeMap(bytes), 'update', 'message-malformed', KEYS)
  return { linking: reader.optional('linking', map) }
}

function decodeMap(bytes: Uint8Array): CborValue {
  try {
    return decodeCbor(bytes)
  } catch (cause) {
    throw new DecodeError('message-malformed', 'the update is not canonical CBOR', { cause })
  }
}

type Member = readonly [CborKey, CborValue]

/**
 * Finds the padding’s length by trying, because a longer byte string also has a longer CBOR head.
 * @returns undefined when no length fits: room is missing, or the head grows just there and skips one total length.
 */
function padUpdate(linking: CborMap | undefined, filler: readonly Member[]): Uint8Array | undefined {
  const encode = (padding: number): Uint8Array =>
    encodeCbor(cborMap([[KEYS.padding, new Uint8Array(padding)], [KEYS.linking, linking], ...filler]))
  const room = PADDED_UPDATE_BYTES - encode(0).length
  for (const headGrowth of [0, 1, 2]) {
    if (room < headGrowth) return undefined
    const padded = encode(room - headGrowth)
    if (padded.length === PADDED_UPDATE_BYTES) return padded
  }
  return undefined
}
