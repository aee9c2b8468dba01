import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { isCborMap, mapReader } from '../cbor/map-reader.js'
import type { MapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborKey, CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { PUBLIC_KEY } from './credential-descriptor.js'

export const AAGUID_BYTES = 16

/** Keys of the response (CTAP 2.2 section 6.4); later ones concern PINs and storage that hybrid does not reach. */
const KEY = {
  versions: 1,
  extensions: 2,
  aaguid: 3,
  options: 4,
  maxMsgSize: 5,
  pinUvAuthProtocols: 6,
  maxCredentialCountInList: 7,
  maxCredentialIdLength: 8,
  transports: 9,
  algorithms: 10,
} as const

/** What an authenticator says about itself. Hybrid phones leave most of it out. */
export interface GetInfo {
  /** Such as `FIDO_2_0`. */
  readonly versions: readonly string[]
  readonly extensions?: readonly string[] | undefined
  /** 16 bytes; not the AAGUID of its credentials. */
  readonly aaguid: Uint8Array
  /** Such as `rk`, `uv`, `jsonMessages`. */
  readonly options?: ReadonlyMap<string, boolean> | undefined
  readonly maxMsgSize?: number | undefined
  readonly pinUvAuthProtocols?: readonly number[] | undefined
  readonly maxCredentialCountInList?: number | undefined
  readonly maxCredentialIdLength?: number | undefined
  readonly transports?: readonly string[] | undefined
  /** COSE algorithm identifiers, most wanted first. */
  readonly algorithms?: readonly number[] | undefined
  /** Members under other keys, as they came. */
  readonly others?: CborMap | undefined
}

/** A CBOR map without status byte, as the post-handshake message carries it. */
export function encodeGetInfo(info: GetInfo): Uint8Array {
  return encodeCbor(
    cborMap([
      [KEY.versions, info.versions],
      [KEY.extensions, info.extensions],
      [KEY.aaguid, info.aaguid],
      [KEY.options, info.options],
      [KEY.maxMsgSize, info.maxMsgSize],
      [KEY.pinUvAuthProtocols, info.pinUvAuthProtocols],
      [KEY.maxCredentialCountInList, info.maxCredentialCountInList],
      [KEY.maxCredentialIdLength, info.maxCredentialIdLength],
      [KEY.transports, info.transports],
      [KEY.algorithms, info.algorithms?.map(encodeAlgorithm)],
      ...(info.others ?? []),
    ]),
  )
}

/**
 * Reads a CBOR map without status byte. Only versions and AAGUID are required (protocol.md 15.1).
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 */
export function decodeGetInfo(bytes: Uint8Array): GetInfo {
  const map = decodeCbor(bytes)
  const reader = mapReader(map, 'getInfo', 'ctap-malformed')
  return {
    versions: reader.array(KEY.versions, 'versions').map(textElement),
    extensions: optionalList(reader, KEY.extensions, 'extensions')?.map(textElement),
    aaguid: reader.bytes(KEY.aaguid, 'aaguid', AAGUID_BYTES),
    options: decodeOptions(reader.ifPresent(KEY.options)?.map(KEY.options, 'options')),
    maxMsgSize: optionalUint(reader, KEY.maxMsgSize, 'maxMsgSize'),
    pinUvAuthProtocols: optionalList(reader, KEY.pinUvAuthProtocols, 'pinUvAuthProtocols')?.map(uintElement),
    maxCredentialCountInList: optionalUint(reader, KEY.maxCredentialCountInList, 'maxCredentialCountInList'),
    maxCredentialIdLength: optionalUint(reader, KEY.maxCredentialIdLength, 'maxCredentialIdLength'),
    transports: optionalList(reader, KEY.transports, 'transports')?.map(textElement),
    algorithms: optionalList(reader, KEY.algorithms, 'algorithms')?.flatMap(decodeAlgorithm),
    others: decodeOthers(map),
  }
}

function optionalList(reader: MapReader, key: number, name: string): readonly CborValue[] | undefined {
  return reader.ifPresent(key)?.array(key, name)
}

function optionalUint(reader: MapReader, key: number, name: string): number | undefined {
  return reader.ifPresent(key)?.uint(key, name)
}

/** Options of other types than boolean are left out. */
function decodeOptions(options: CborMap | undefined): ReadonlyMap<string, boolean> | undefined {
  if (options === undefined) return undefined
  const booleans = new Map<string, boolean>()
  for (const [name, value] of options)
    if (typeof name === 'string' && typeof value === 'boolean') booleans.set(name, value)
  return booleans
}

function encodeAlgorithm(alg: number): CborMap {
  return cborMap([
    ['alg', alg],
    ['type', PUBLIC_KEY],
  ])
}

/** Nothing for a credential type that is not `public-key`. */
function decodeAlgorithm(value: CborValue): readonly number[] {
  const reader = mapReader(value, 'getInfo algorithm', 'ctap-malformed')
  return reader.text('type', 'type') === PUBLIC_KEY ? [reader.int('alg', 'alg')] : []
}

function decodeOthers(map: CborValue): CborMap | undefined {
  if (!isCborMap(map)) return undefined
  const known: ReadonlySet<CborKey> = new Set(Object.values(KEY))
  const others = [...map].filter(([key]) => !known.has(key))
  return others.length > 0 ? cborMap(others) : undefined
}

function textElement(value: CborValue): string {
  if (typeof value === 'string') return value
  throw new DecodeError('ctap-malformed', 'getInfo: a list of text holds something else')
}

function uintElement(value: CborValue): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new DecodeError('ctap-malformed', 'getInfo: a list of unsigned integers holds something else')
}
