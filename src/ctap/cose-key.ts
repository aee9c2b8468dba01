import type { P256Point } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { bytes, int, mapReader } from '../cbor/map-reader.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { decodeUncompressedPoint } from '../crypto/point.js'
import { DecodeError } from '../errors.js'

/** COSE algorithm identifiers (RFC 9053, RFC 8812, RFC 9964). */
export const COSE_ALGORITHM = {
  es256: -7,
  edDsa: -8,
  mlDsa44: -48,
  mlDsa65: -49,
  mlDsa87: -50,
  rs256: -257,
} as const

/** COSE elliptic curves (RFC 9053 section 7.1). */
export const COSE_CURVE = { p256: 1, ed25519: 6 } as const

/** Bytes of a P-256 coordinate. */
const COORDINATE_BYTES = 32
const UNCOMPRESSED = 0x04

// Labels of key parameters; those below zero depend on the key type (RFC 9052 section 7.1, RFC 9053 section 7, RFC 8230, RFC 9964
// section 3).
const LABEL = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2, pub: -1 } as const

const TYPE = { okp: 1, ec2: 2, rsa: 3, akp: 7 } as const

/** An elliptic curve point by its coordinates. */
export interface Ec2Key {
  readonly type: 'ec2'
  /** COSE algorithm identifier, such as -7. */
  readonly algorithm: number
  /** COSE elliptic curve, such as 1 for P-256. */
  readonly curve: number
  /** Both coordinates are big-endian, 32 bytes on P-256. */
  readonly x: Uint8Array
  readonly y: Uint8Array
}

/** An octet key pair, such as Ed25519. */
export interface OkpKey {
  readonly type: 'okp'
  /** COSE algorithm identifier, such as -8. */
  readonly algorithm: number
  /** COSE elliptic curve, such as 6 for Ed25519. */
  readonly curve: number
  /** The public key, 32 bytes for Ed25519. */
  readonly x: Uint8Array
}

/** RSA; both numbers big-endian. */
export interface RsaKey {
  readonly type: 'rsa'
  /** COSE algorithm identifier, such as -257. */
  readonly algorithm: number
  /** n, 256 bytes for RSA-2048. */
  readonly modulus: Uint8Array
  /** e, mostly 65 537: 3 bytes. */
  readonly exponent: Uint8Array
}

/** An algorithm key pair: ML-DSA. */
export interface AkpKey {
  readonly type: 'akp'
  /** -48, -49 or -50. */
  readonly algorithm: number
  /** 1312, 1952 or 2592 bytes. */
  readonly publicKey: Uint8Array
}

/** A key of a type or an algorithm that this library only passes on. */
export interface OtherKey {
  readonly type: 'other'
  /** COSE algorithm identifier. */
  readonly algorithm: number
  /** All members of the COSE_Key map, as they came. */
  readonly members: CborMap
}

/** A credential public key. */
export type CoseKey = Ec2Key | OkpKey | RsaKey | AkpKey | OtherKey

/**
 * A COSE_Key map as CTAP2 canonical CBOR.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const key = encodeCoseKey({ type: 'okp', algorithm: COSE_ALGORITHM.edDsa, curve: COSE_CURVE.ed25519, x: bytes })
 */
export function encodeCoseKey(key: CoseKey): Uint8Array {
  return encodeCbor(membersOf(key))
}

/**
 * Reads a COSE_Key map; the point of an elliptic curve is not checked.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 *
 * @example
 * const key = decodeCoseKey(bytes)
 * if (key.type === 'ec2') console.log(decodePoint(key))
 */
export function decodeCoseKey(encoded: Uint8Array): CoseKey {
  return fromCoseMembers(decodeCbor(encoded))
}

/** @throws DecodeError `ctap-malformed`. */
function fromCoseMembers(value: CborValue): CoseKey {
  const reader = mapReader(value, 'COSE key', 'ctap-malformed', LABEL)
  const integer = (name: 'alg' | 'kty' | 'crv'): number => reader.required(name, int)
  const octets = (name: 'x' | 'y' | 'n' | 'e'): Uint8Array => reader.required(name, bytes())
  const algorithm = integer('alg')
  const mlDsaBytes = mlDsaPublicKeyBytes(algorithm)
  switch (integer('kty')) {
    case TYPE.ec2:
      return { type: 'ec2', algorithm, curve: integer('crv'), x: octets('x'), y: octets('y') }
    case TYPE.okp:
      return { type: 'okp', algorithm, curve: integer('crv'), x: octets('x') }
    case TYPE.rsa:
      return { type: 'rsa', algorithm, modulus: octets('n'), exponent: octets('e') }
    case TYPE.akp:
      if (mlDsaBytes === undefined) break
      return { type: 'akp', algorithm, publicKey: reader.required('pub', bytes(mlDsaBytes)) }
  }
  return { type: 'other', algorithm, members: reader.members }
}

/** FIPS 204 section 4. */
function mlDsaPublicKeyBytes(algorithm: number): number | undefined {
  switch (algorithm) {
    case COSE_ALGORITHM.mlDsa44:
      return 1312
    case COSE_ALGORITHM.mlDsa65:
      return 1952
    case COSE_ALGORITHM.mlDsa87:
      return 2592
    default:
      return undefined
  }
}

/**
 * The COSE form of an ES256 public key.
 *
 * @example
 * const credentialPublicKey = encodeEs256Key(publicKey)
 */
export function encodeEs256Key(point: P256Point): Uint8Array {
  const x = point.slice(1, 1 + COORDINATE_BYTES)
  const y = point.slice(1 + COORDINATE_BYTES)
  return encodeCoseKey({ type: 'ec2', algorithm: COSE_ALGORITHM.es256, curve: COSE_CURVE.p256, x, y })
}

/**
 * Reads the COSE form of an ES256 public key, and checks its point.
 * @throws DecodeError `ctap-malformed`, `point-invalid`, or a `cbor-…` code.
 *
 * @example
 * const point = decodeEs256Key(bytes)
 */
export function decodeEs256Key(encoded: Uint8Array): P256Point {
  const key = decodeCoseKey(encoded)
  if (key.type !== 'ec2' || key.algorithm !== COSE_ALGORITHM.es256)
    throw new DecodeError('ctap-malformed', 'the COSE key is not for ES256')
  return decodePoint(key)
}

/**
 * The point of a P-256 key, checked.
 * @throws DecodeError `ctap-malformed` for another curve, `point-invalid` off the curve.
 *
 * @example
 * const key = decodeCoseKey(bytes)
 * const point = key.type === 'ec2' ? decodePoint(key) : undefined
 */
export function decodePoint(key: Ec2Key): P256Point {
  if (key.curve !== COSE_CURVE.p256) throw new DecodeError('ctap-malformed', 'the COSE key is not on P-256')
  return decodeUncompressedPoint(concatBytes(Uint8Array.of(UNCOMPRESSED), key.x, key.y))
}

// RFC 9053 section 6.3.1. CTAP asks for this number, though it derives its keys in a way of its own.
const KEY_AGREEMENT_ALGORITHM = -25

/**
 * The COSE form of a key for a PIN/UV auth protocol (CTAP 2.2 section 6.5.6).
 *
 * @example
 * const map = encodeKeyAgreementKey(ephemeral.publicKey)
 */
export function encodeKeyAgreementKey(point: P256Point): CborMap {
  const x = point.slice(1, 1 + COORDINATE_BYTES)
  const y = point.slice(1 + COORDINATE_BYTES)
  return membersOf({ type: 'ec2', algorithm: KEY_AGREEMENT_ALGORITHM, curve: COSE_CURVE.p256, x, y })
}

/**
 * Reads the COSE form of a key for a PIN/UV auth protocol. Authenticators differ in the algorithm they name, and nothing depends on it.
 * @throws DecodeError `ctap-malformed` for another kind of key or another curve, `point-invalid` off the curve.
 *
 * @example
 * const shared = ephemeral.sharedSecret(decodeKeyAgreementKey(encodeKeyAgreementKey(publicKey)))
 */
export function decodeKeyAgreementKey(members: CborMap): P256Point {
  const key = fromCoseMembers(members)
  if (key.type === 'ec2') return decodePoint(key)
  throw new DecodeError('ctap-malformed', 'the COSE key is not a point of its curve')
}

function membersOf(key: CoseKey): CborMap {
  switch (key.type) {
    case 'ec2':
      return keyedMap(LABEL, { kty: TYPE.ec2, alg: key.algorithm, crv: key.curve, x: key.x, y: key.y })
    case 'okp':
      return keyedMap(LABEL, { kty: TYPE.okp, alg: key.algorithm, crv: key.curve, x: key.x })
    case 'rsa':
      return keyedMap(LABEL, { kty: TYPE.rsa, alg: key.algorithm, n: key.modulus, e: key.exponent })
    case 'akp':
      return keyedMap(LABEL, { kty: TYPE.akp, alg: key.algorithm, pub: key.publicKey })
    case 'other':
      return key.members
  }
}
