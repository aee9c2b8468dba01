import { decodedOrUndefined } from '../bytes/decoded.js'
import { readU16LE } from '../bytes/endian.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { anything, bytes, isCborMap, listOf, map, mapReader } from '../cbor/map-reader.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'

/** Keys of the post-handshake map (protocol.md 10.1). */
const KEYS = { getInfo: 1, linking: 2, features: 3 } as const

const CTAP = 'ctap'

/** The phone’s first message, the only one without a type byte. */
export interface PostHandshake {
  /** The authenticatorGetInfo map in CBOR, without a status byte. Present exactly when `ctap` is a feature. */
  readonly getInfo?: Uint8Array | undefined
  /** The phone’s features, such as `ctap` and `dc`; `ctap` alone when the message names none. */
  readonly features: readonly string[]
  /** Linking data. Only old phones put it here. */
  readonly linking?: CborMap | undefined
}

/** The members that are written. Without `features`, readers assume `ctap`. */
export type PostHandshakeContent = Partial<Pick<PostHandshake, 'getInfo' | 'features'>>

/**
 * Writes the post-handshake message.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const introduction = encodePostHandshake({ getInfo: handler.getInfo(), features: ['ctap', 'dc'] })
 */
export function encodePostHandshake({ getInfo, features }: PostHandshakeContent): Uint8Array {
  return encodeCbor(keyedMap(KEYS, { getInfo, features }))
}

/**
 * Reads the post-handshake message with the checks of Chromium’s client; only the signature of `linking` is not verified.
 * @throws DecodeError `revision-unsupported` for the padded map of caBLE v2.0, else `post-handshake-malformed`.
 *
 * @example
 * const { getInfo, features } = decodePostHandshake(traffic.open(await receive()))
 */
export function decodePostHandshake(encoded: Uint8Array): PostHandshake {
  const reader = mapReader(decodeMap(encoded), 'post-handshake message', 'post-handshake-malformed', KEYS)
  const stated = reader.optional('features', listOf(anything))
  const features = stated?.filter(feature => typeof feature === 'string') ?? [CTAP]
  const speaksCtap = features.includes(CTAP)
  if (!speaksCtap && reader.optional('getInfo', anything) !== undefined) {
    throw new DecodeError(
      'post-handshake-malformed',
      'post-handshake message: getInfo is there, but features lacks ctap',
    )
  }
  const getInfo = speaksCtap ? reader.required('getInfo', bytes()) : undefined
  return { features, getInfo, linking: reader.optional('linking', map) }
}

function decodeMap(bytes: Uint8Array): CborValue {
  try {
    return decodeCbor(bytes)
  } catch (cause) {
    if (isRevision0(bytes)) {
      throw new DecodeError('revision-unsupported', 'the phone speaks caBLE v2.0', { cause })
    }
    throw new DecodeError('post-handshake-malformed', 'the post-handshake message is not canonical CBOR', {
      cause,
    })
  }
}

/**
 * The two paddings of caBLE v2.0: zeros, then their count as u16 LE or u8, up to a multiple of the block (protocol.md 10.1).
 */
const REVISION_0_PADDINGS = [
  { blockBytes: 512, countBytes: 2, readCount: readU16LE },
  { blockBytes: 256, countBytes: 1, readCount: (bytes: Uint8Array, offset: number) => bytes[offset] ?? 0 },
]

function isRevision0(bytes: Uint8Array): boolean {
  return REVISION_0_PADDINGS.some(({ blockBytes, countBytes, readCount }) => {
    if (bytes.length === 0 || bytes.length % blockBytes !== 0) return false
    const end = bytes.length - countBytes
    const zeros = readCount(bytes, end)
    return zeros <= end && isCborMap(decodedOrUndefined(() => decodeCbor(bytes.subarray(0, end - zeros))))
  })
}
