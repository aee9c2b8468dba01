import { P256_POINT_BYTES, QR_SECRET_BYTES, qrSecret } from '../bytes/brands.js'
import type { P256Point, QrSecret } from '../bytes/brands.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { boolean, bytes, listOf, mapReader, text, uint } from '../cbor/map-reader.js'
import type { Wrong } from '../cbor/map-reader.js'
import type { CborValue } from '../cbor/value.js'
import { decodeCompressedPoint } from '../crypto/point.js'
import { redacting } from '../crypto/redacted.js'
import { DecodeError, UsageError } from '../errors.js'
import { isRequestType } from './request-type.js'
import type { RequestType } from './request-type.js'

export type { RequestType } from './request-type.js'

/** What a QR code tells the phone (protocol.md 3.2). */
export interface QrPayload {
  /** The client’s public key for this transaction. */
  readonly publicKey: P256Point
  readonly secret: QrSecret
  /** How many assigned tunnel services the client knows; 0 when the code does not say. */
  readonly knownTunnelServices: number
  /** When the code was made, in seconds since 1970. Our phone refuses old codes; others do not look. */
  readonly time?: number | undefined
  /**
   * Whether the client stores links. Absent in codes of version 2.0 and of a few clients of 2.1. The encoder always writes it, false
   * unless given.
   */
  readonly supportsLinking?: boolean | undefined
  /** What the phone’s first screen may say. The client may still ask for something else. */
  readonly requestType: RequestType
  /**
   * Data channels that the client offers, ascending: 0 tunnel, 1 BLE L2CAP, and from other clients numbers that are not known yet;
   * never empty. Absent means the tunnel alone.
   */
  readonly dataChannels?: readonly number[] | undefined
}

const KEY = {
  publicKey: 0,
  secret: 1,
  knownTunnelServices: 2,
  time: 3,
  supportsLinking: 4,
  requestType: 5,
  dataChannels: 6,
} as const

/** The lists of data channels that every reader takes (protocol.md 16.2). */
const WRITABLE_CHANNELS: ReadonlySet<string> = new Set(['0', '0,1'])

/**
 * Writes the CBOR map of a QR code. Key 4 is always there, because it also marks version 2.1. Key 6 is there only on demand,
 * because older phones refuse a code that has it.
 * @throws UsageError `argument-invalid` for a number that is not an unsigned integer, and for data channels other than `[0]` and
 * `[0, 1]`.
 *
 * @example
 * const map = encodeQrPayload({ publicKey, secret, knownTunnelServices: 2, requestType: 'ga' })
 */
export function encodeQrPayload(payload: QrPayload): Uint8Array {
  const { time, dataChannels } = payload
  if (dataChannels !== undefined && !WRITABLE_CHANNELS.has(dataChannels.join()))
    throw new UsageError(
      'argument-invalid',
      `dataChannels must be [0] or [0, 1], not [${dataChannels.join(', ')}]`,
    )
  return encodeCbor(
    keyedMap(KEY, {
      publicKey: compressed(payload.publicKey),
      secret: payload.secret,
      knownTunnelServices: unsigned(payload.knownTunnelServices, 'knownTunnelServices'),
      time: time === undefined ? undefined : unsigned(time, 'time'),
      supportsLinking: payload.supportsLinking ?? false,
      requestType: payload.requestType,
      dataChannels,
    }),
  )
}

/**
 * Reads the CBOR map of a QR code. Unknown keys, a malformed value of key 3 and an empty list of data channels are ignored; an
 * unknown request type is read as `ga`.
 * @param encoded canonical CBOR.
 * @throws DecodeError `qr-payload-invalid`, or a `cbor-` code when the bytes are not canonical CBOR.
 *
 * @example
 * const { requestType, time } = decodeQrPayload(bytes)
 */
export function decodeQrPayload(encoded: Uint8Array): QrPayload {
  const reader = mapReader(decodeCbor(encoded), 'QR payload', 'qr-payload-invalid', KEY)
  const requestType = reader.optional('requestType', text)
  const dataChannels = reader.optional('dataChannels', channelList)
  const payload: QrPayload = {
    publicKey: decodeKey(reader.required('publicKey', bytes(COMPRESSED_BYTES))),
    secret: qrSecret(reader.required('secret', bytes(QR_SECRET_BYTES))),
    knownTunnelServices: reader.optional('knownTunnelServices', uint) ?? 0,
    // Key 3 is only informative, so a broken one is not worth the transaction.
    time: reader.tolerated('time', uint),
    supportsLinking: reader.optional('supportsLinking', boolean),
    requestType: requestType !== undefined && isRequestType(requestType) ? requestType : 'ga',
    dataChannels: dataChannels?.length === 0 ? undefined : dataChannels,
  }
  return redacting(payload, ['secret'])
}

// X9.62: the parity of Y stands before X.
const EVEN_Y = 2
const COORDINATE_BYTES = 32
const COMPRESSED_BYTES = 1 + COORDINATE_BYTES

function compressed(point: P256Point): Uint8Array {
  const short = Uint8Array.from(point.subarray(0, COMPRESSED_BYTES))
  short[0] = EVEN_Y | ((point[P256_POINT_BYTES - 1] ?? 0) & 1)
  return short
}

/** Key 6. Before CTAP 2.3 this key held a boolean with another meaning, which is read as an absent list. */
function channelList(value: CborValue, wrong: Wrong): readonly number[] {
  return typeof value === 'boolean' ? [] : listOf(uint)(value, wrong)
}

function decodeKey(point: Uint8Array): P256Point {
  try {
    return decodeCompressedPoint(point)
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new DecodeError('qr-payload-invalid', 'QR payload: publicKey is not a point of P-256', { cause })
  }
}

function unsigned(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new UsageError('argument-invalid', `${name} must be an unsigned integer`)
}
