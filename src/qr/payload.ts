import { P256_POINT_BYTES, QR_SECRET_BYTES, qrSecret } from '../bytes/brands.js'
import type { P256Point, QrSecret } from '../bytes/brands.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { isCborArray, isCborMap, mapReader } from '../cbor/map-reader.js'
import type { MapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
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
  /** How many assigned tunnel services the client knows, 0 when it does not say. */
  readonly knownTunnelServices: number
  /** When the code was made, in seconds since 1970. Our phone refuses old codes; others do not look. */
  readonly time?: number
  /** Whether the client stores links. Absent in codes of version 2.0 and of a few clients of 2.1; always written. */
  readonly supportsLinking?: boolean
  /** What the phone may announce first; it does not bind the client. */
  readonly requestType: RequestType
  /** Data channels that the client offers (0 tunnel, 1 BLE L2CAP), never empty; absent means the tunnel alone. */
  readonly dataChannels?: readonly number[]
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

/**
 * Writes the CBOR map of a QR code. Key 4 is always there, for it also marks version 2.1; key 6 only on demand, for
 * older phones refuse the code that has it.
 * @throws UsageError `argument-invalid` for a number that is no unsigned integer, or an empty list of data channels.
 */
export function encodeQrPayload(payload: QrPayload): Uint8Array {
  const { time, dataChannels } = payload
  if (dataChannels?.length === 0) throw new UsageError('argument-invalid', 'dataChannels has no element')
  return encodeCbor(
    cborMap([
      [KEY.publicKey, compressed(payload.publicKey)],
      [KEY.secret, payload.secret],
      [KEY.knownTunnelServices, unsigned(payload.knownTunnelServices, 'knownTunnelServices')],
      [KEY.time, time === undefined ? undefined : unsigned(time, 'time')],
      [KEY.supportsLinking, payload.supportsLinking ?? false],
      [KEY.requestType, payload.requestType],
      [KEY.dataChannels, dataChannels?.map(channel => unsigned(channel, 'dataChannels'))],
    ]),
  )
}

/**
 * Reads the CBOR map of a QR code. Unknown keys, and values of keys 3 and 6 that mean nothing, are ignored; an unknown
 * request type is `ga`.
 * @param bytes canonical CBOR.
 * @throws DecodeError `qr-payload-invalid`, or a `cbor-` code when the bytes are no canonical CBOR.
 */
export function decodeQrPayload(crypto: CryptoProvider, bytes: Uint8Array): QrPayload {
  const map = decodeCbor(bytes)
  if (!isCborMap(map)) throw new DecodeError('qr-payload-invalid', 'QR payload is not a map')
  const reader = mapReader(map, 'QR payload', 'qr-payload-invalid')
  const time = readTime(map)
  const supportsLinking = reader
    .ifPresent(KEY.supportsLinking)
    ?.boolean(KEY.supportsLinking, 'linking support')
  const dataChannels = readDataChannels(map)
  const payload: QrPayload = {
    publicKey: readPublicKey(crypto, reader),
    secret: qrSecret(reader.bytes(KEY.secret, 'secret', QR_SECRET_BYTES)),
    knownTunnelServices:
      reader.ifPresent(KEY.knownTunnelServices)?.uint(KEY.knownTunnelServices, 'service count') ?? 0,
    ...(time !== undefined && { time }),
    ...(supportsLinking !== undefined && { supportsLinking }),
    requestType: readRequestType(reader),
    ...(dataChannels !== undefined && { dataChannels }),
  }
  return redacting(payload, ['secret'])
}

// X9.62: the parity of Y stands before X.
const EVEN_Y = 2
const COORDINATE_BYTES = 32
const COMPRESSED_BYTES = 1 + COORDINATE_BYTES

function compressed(point: P256Point): Uint8Array {
  const bytes = Uint8Array.from(point.subarray(0, COMPRESSED_BYTES))
  bytes[0] = EVEN_Y | ((point[P256_POINT_BYTES - 1] ?? 0) & 1)
  return bytes
}

function readPublicKey(crypto: CryptoProvider, reader: MapReader): P256Point {
  const bytes = reader.bytes(KEY.publicKey, 'public key', COMPRESSED_BYTES)
  try {
    return crypto.decodePoint(bytes)
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new DecodeError('qr-payload-invalid', 'QR payload: public key is no point of P-256', { cause })
  }
}

function readRequestType(reader: MapReader): RequestType {
  const text = reader.ifPresent(KEY.requestType)?.text(KEY.requestType, 'request type')
  return text !== undefined && isRequestType(text) ? text : 'ga'
}

/** Key 3 is only informative, so a broken one is not worth the transaction. */
function readTime(map: CborMap): number | undefined {
  const time = map.get(KEY.time)
  return isUnsigned(time) ? time : undefined
}

/** Before CTAP 2.3 key 6 was a boolean with another meaning. */
function readDataChannels(map: CborMap): readonly number[] | undefined {
  const channels = map.get(KEY.dataChannels)
  return isCborArray(channels) && channels.length > 0 && channels.every(isUnsigned) ? channels : undefined
}

function unsigned(value: number, name: string): number {
  if (isUnsigned(value)) return value
  throw new UsageError('argument-invalid', `${name} is no unsigned integer`)
}

function isUnsigned(value: CborValue | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
