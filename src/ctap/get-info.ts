import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { bytes, int, listOf, map, mapReader, text, uint } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborKey, CborMap, CborValue } from '../cbor/value.js'
import { PUBLIC_KEY } from './credential-descriptor.js'

/** Bytes of the identifier of an authenticator’s model. */
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
  /** Names of extensions, such as `prf` and `hmac-secret`. */
  readonly extensions?: readonly string[] | undefined
  /** 16 bytes; not the AAGUID of its credentials. */
  readonly aaguid: Uint8Array
  /** Such as `rk`, `uv`, `jsonMessages`. */
  readonly options?: ReadonlyMap<string, boolean> | undefined
  /** The longest CTAP2 message that it takes, in bytes. */
  readonly maxMsgSize?: number | undefined
  /** PIN/UV auth protocols, most wanted first. */
  readonly pinUvAuthProtocols?: readonly number[] | undefined
  /** The most credentials that it takes in an allow list or an exclude list. */
  readonly maxCredentialCountInList?: number | undefined
  /** The longest credential ID that it takes, in bytes. */
  readonly maxCredentialIdLength?: number | undefined
  /** How it is reached, such as `hybrid` and `internal`. */
  readonly transports?: readonly string[] | undefined
  /** COSE algorithm identifiers, most wanted first. */
  readonly algorithms?: readonly number[] | undefined
  /** Members under other keys, as they came. */
  readonly others?: CborMap | undefined
}

/**
 * A CBOR map without status byte, as the post-handshake message carries it.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const getInfo = encodeGetInfo({ versions: ['FIDO_2_0'], aaguid: new Uint8Array(16) })
 */
export function encodeGetInfo(info: GetInfo): Uint8Array {
  const known = keyedMap(KEY, { ...info, algorithms: info.algorithms?.map(encodeAlgorithm) })
  return encodeCbor(cborMap([...known, ...(info.others ?? [])]))
}

/**
 * Reads a CBOR map without status byte. Only versions and AAGUID are required (protocol.md 15.1).
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 *
 * @example
 * const { versions, options } = decodeGetInfo(bytes)
 * console.log(versions, options?.get('uv'))
 */
export function decodeGetInfo(encoded: Uint8Array): GetInfo {
  const reader = mapReader(decodeCbor(encoded), 'getInfo', 'ctap-malformed', KEY)
  return {
    versions: reader.required('versions', listOf(text)),
    extensions: reader.optional('extensions', listOf(text)),
    aaguid: reader.required('aaguid', bytes(AAGUID_BYTES)),
    options: decodeOptions(reader.optional('options', map)),
    maxMsgSize: reader.optional('maxMsgSize', uint),
    pinUvAuthProtocols: reader.optional('pinUvAuthProtocols', listOf(uint)),
    maxCredentialCountInList: reader.optional('maxCredentialCountInList', uint),
    maxCredentialIdLength: reader.optional('maxCredentialIdLength', uint),
    transports: reader.optional('transports', listOf(text)),
    algorithms: reader.optional('algorithms', listOf(decodeAlgorithm))?.flat(),
    others: decodeOthers(reader.members),
  }
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
  return reader.required('type', text) === PUBLIC_KEY ? [reader.required('alg', int)] : []
}

function decodeOthers(members: CborMap): CborMap | undefined {
  const known: ReadonlySet<CborKey> = new Set(Object.values(KEY))
  const others = [...members].filter(([key]) => !known.has(key))
  return others.length > 0 ? cborMap(others) : undefined
}
