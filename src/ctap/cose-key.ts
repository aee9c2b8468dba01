import type { P256Point } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { isCborMap, mapReader } from '../cbor/map-reader.js'
import type { MapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { DecodeError } from '../errors.js'

/** COSE algorithm identifiers (RFC 9053, RFC 8812). */
export const COSE_ALGORITHM = { es256: -7, edDsa: -8, rs256: -257 } as const

/** COSE elliptic curves (RFC 9053 section 7.1). */
export const COSE_CURVE = { p256: 1, ed25519: 6 } as const

/** Bytes of a P-256 coordinate. */
const COORDINATE_BYTES = 32
const UNCOMPRESSED = 0x04

// Labels of key parameters; those below zero depend on the key type (RFC 9052 section 7.1, RFC 9053 section 7, RFC 8230).
const KEY_TYPE = 1
const ALGORITHM = 3
const CURVE = -1
const X = -2
const Y = -3
const MODULUS = -1
const EXPONENT = -2

const TYPE = { okp: 1, ec2: 2, rsa: 3 } as const

/** An elliptic curve point by its coordinates. */
export interface Ec2Key {
  readonly type: 'ec2'
  readonly algorithm: number
  readonly curve: number
  readonly x: Uint8Array
  readonly y: Uint8Array
}

/** An octet key pair, such as Ed25519. */
export interface OkpKey {
  readonly type: 'okp'
  readonly algorithm: number
  readonly curve: number
  readonly x: Uint8Array
}

/** RSA; both numbers big-endian. */
export interface RsaKey {
  readonly type: 'rsa'
  readonly algorithm: number
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
}

/** A key of a type that this library only passes on. */
export interface OtherKey {
  readonly type: 'other'
  readonly algorithm: number
  readonly members: CborMap
}

/** A credential public key. */
export type CoseKey = Ec2Key | OkpKey | RsaKey | OtherKey

/** A COSE_Key map as CTAP2 canonical CBOR. */
export function encodeCoseKey(key: CoseKey): Uint8Array {
  return encodeCbor(membersOf(key))
}

/** @throws DecodeError `ctap-malformed`, or a `cbor-…` code. */
export function decodeCoseKey(bytes: Uint8Array): CoseKey {
  return fromCoseMembers(mapOf(bytes))
}

/** @throws DecodeError `ctap-malformed`. */
function fromCoseMembers(members: CborMap): CoseKey {
  const reader = mapReader(members, 'COSE key', 'ctap-malformed')
  const algorithm = reader.int(ALGORITHM, 'alg')
  switch (reader.int(KEY_TYPE, 'kty')) {
    case TYPE.ec2:
      return { type: 'ec2', algorithm, curve: reader.int(CURVE, 'crv'), ...decodeCoordinates(reader) }
    case TYPE.okp:
      return { type: 'okp', algorithm, curve: reader.int(CURVE, 'crv'), x: reader.bytes(X, 'x') }
    case TYPE.rsa:
      return {
        type: 'rsa',
        algorithm,
        modulus: reader.bytes(MODULUS, 'n'),
        exponent: reader.bytes(EXPONENT, 'e'),
      }
    default:
      return { type: 'other', algorithm, members }
  }
}

/** The COSE form of an ES256 public key. */
export function encodeEs256Key(point: P256Point): Uint8Array {
  const x = point.slice(1, 1 + COORDINATE_BYTES)
  const y = point.slice(1 + COORDINATE_BYTES)
  return encodeCoseKey({ type: 'ec2', algorithm: COSE_ALGORITHM.es256, curve: COSE_CURVE.p256, x, y })
}

/** @throws DecodeError `ctap-malformed`, `point-invalid`, or a `cbor-…` code. */
export function decodeEs256Key(crypto: CryptoProvider, bytes: Uint8Array): P256Point {
  const key = decodeCoseKey(bytes)
  if (key.type !== 'ec2' || key.algorithm !== COSE_ALGORITHM.es256)
    throw new DecodeError('ctap-malformed', 'the COSE key is not for ES256')
  return decodePoint(crypto, key)
}

/** @throws DecodeError `ctap-malformed` for another curve, `point-invalid` off the curve. */
export function decodePoint(crypto: CryptoProvider, key: Ec2Key): P256Point {
  if (key.curve !== COSE_CURVE.p256) throw new DecodeError('ctap-malformed', 'the COSE key is not on P-256')
  return crypto.decodePoint(concatBytes(Uint8Array.of(UNCOMPRESSED), key.x, key.y))
}

// RFC 9053 section 6.3.1. CTAP asks for this number, though it derives its keys in a way of its own.
const KEY_AGREEMENT_ALGORITHM = -25

/** The COSE form of a key for a PIN/UV auth protocol (CTAP 2.2 section 6.5.6). */
export function encodeKeyAgreementKey(point: P256Point): CborMap {
  const x = point.slice(1, 1 + COORDINATE_BYTES)
  const y = point.slice(1 + COORDINATE_BYTES)
  return membersOf({ type: 'ec2', algorithm: KEY_AGREEMENT_ALGORITHM, curve: COSE_CURVE.p256, x, y })
}

/** Authenticators differ in the algorithm they name, and nothing depends on it. @throws like `decodeEs256Key`. */
export function decodeKeyAgreementKey(crypto: CryptoProvider, members: CborMap): P256Point {
  const key = fromCoseMembers(members)
  if (key.type === 'ec2') return decodePoint(crypto, key)
  throw new DecodeError('ctap-malformed', 'the COSE key is no point of a curve')
}

function membersOf(key: CoseKey): CborMap {
  switch (key.type) {
    case 'ec2':
      return cborMap([
        [KEY_TYPE, TYPE.ec2],
        [ALGORITHM, key.algorithm],
        [CURVE, key.curve],
        [X, key.x],
        [Y, key.y],
      ])
    case 'okp':
      return cborMap([
        [KEY_TYPE, TYPE.okp],
        [ALGORITHM, key.algorithm],
        [CURVE, key.curve],
        [X, key.x],
      ])
    case 'rsa':
      return cborMap([
        [KEY_TYPE, TYPE.rsa],
        [ALGORITHM, key.algorithm],
        [MODULUS, key.modulus],
        [EXPONENT, key.exponent],
      ])
    case 'other':
      return key.members
  }
}

function mapOf(bytes: Uint8Array): CborMap {
  const value = decodeCbor(bytes)
  if (isCborMap(value)) return value
  throw new DecodeError('ctap-malformed', 'the COSE key is not a map')
}

function decodeCoordinates(reader: MapReader): { readonly x: Uint8Array; readonly y: Uint8Array } {
  return { x: reader.bytes(X, 'x'), y: reader.bytes(Y, 'y') }
}
