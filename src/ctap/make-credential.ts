import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { boolean, bytes, int, listOf, map, mapReader, text, uint } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { CTAP_COMMAND, joinCommand, parametersOf } from './commands.js'
import { decodeCredentialDescriptor, encodeCredentialList } from './credential-descriptor.js'
import type { CredentialDescriptor } from './credential-descriptor.js'
import { decodeSuccess, encodeSuccess } from './response.js'
import { decodeUserEntity, encodeUserEntity } from './user-entity.js'
import type { UserEntity } from './user-entity.js'

/** Bytes of SHA-256 of clientDataJSON. */
export const CLIENT_DATA_HASH_BYTES = 32

/** Keys of the request (CTAP 2.2 section 6.1). */
const REQUEST = {
  clientDataHash: 1,
  rp: 2,
  user: 3,
  pubKeyCredParams: 4,
  excludeList: 5,
  extensions: 6,
  options: 7,
  pinUvAuthParam: 8,
  pinUvAuthProtocol: 9,
  enterpriseAttestation: 10,
} as const

const RESPONSE = {
  fmt: 1,
  authData: 2,
  attStmt: 3,
  epAtt: 4,
  largeBlobKey: 5,
  unsignedExtensionOutputs: 6,
} as const

/** One kind of credential that the relying party takes. */
export interface CredentialParameters {
  /** COSE algorithm identifier. */
  readonly alg: number
  /** `public-key`; readers skip what they do not know. */
  readonly type: string
}

/** The relying party that asks for the credential. */
export interface RpEntity {
  /** The RP ID, such as `example.com`. */
  readonly id: string
  /** What the relying party calls itself; the encoder writes an empty text without it. */
  readonly name?: string | undefined
}

/** authenticatorMakeCredential, command 0x01. */
export interface MakeCredentialRequest {
  /** SHA-256 of clientDataJSON, 32 bytes. */
  readonly clientDataHash: Uint8Array
  readonly rp: RpEntity
  readonly user: UserEntity
  /** Most wanted first. */
  readonly pubKeyCredParams: readonly CredentialParameters[]
  /** Credentials that the account has: an authenticator with one of them refuses. */
  readonly excludeList?: readonly CredentialDescriptor[] | undefined
  /** What the client asks of extensions, by their names. */
  readonly extensions?: CborMap | undefined
  /** Make a discoverable credential. */
  readonly rk: boolean
  /** Verify the user. */
  readonly uv: boolean
  /** Clients leave it out: a registration without the user’s presence is refused (CTAP 2.2 section 6.1.2, step 5). */
  readonly up?: boolean | undefined
  /** Proof of a PIN or of user verification before; over hybrid it is left out. */
  readonly pinUvAuthParam?: Uint8Array | undefined
  /** Which PIN/UV auth protocol that proof is of, 1 or 2. */
  readonly pinUvAuthProtocol?: number | undefined
  /** 1 where the vendor’s list of RP IDs decides, 2 where the platform’s does. */
  readonly enterpriseAttestation?: number | undefined
}

/** What an authenticator answers to a successful authenticatorMakeCredential. */
export interface MakeCredentialResponse {
  /** Attestation statement format. */
  readonly fmt: string
  /** Authenticator data as it was signed. */
  readonly authData: Uint8Array
  /** May be absent where `fmt` is `none`. */
  readonly attStmt?: CborMap | undefined
  /** Whether the attestation is one for an enterprise. */
  readonly epAtt?: boolean | undefined
  /** The key of the credential’s large blob, 32 bytes. */
  readonly largeBlobKey?: Uint8Array | undefined
  /** What extensions say beside the signed data, by their names. */
  readonly unsignedExtensionOutputs?: CborMap | undefined
}

/**
 * command byte ‖ CBOR, as browsers send it over hybrid: `rk` and `uv` only when true, lists whole, empty ones left out,
 * and every name present even if empty, because phones refuse a request without them.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const rp = { id: 'example.com' }
 * const user = { id: random.bytes(16), name: 'ada' }
 * const pubKeyCredParams = [{ alg: COSE_ALGORITHM.es256, type: 'public-key' }]
 * const request = encodeMakeCredentialRequest({ clientDataHash: bytes, rp, user, pubKeyCredParams, rk: true, uv: true })
 */
export function encodeMakeCredentialRequest(request: MakeCredentialRequest): Uint8Array {
  const { id, name = '', displayName = '' } = request.user
  const parameters = keyedMap(REQUEST, {
    ...request,
    rp: encodeRp({ id: request.rp.id, name: request.rp.name ?? '' }),
    user: encodeUserEntity({ id, name, displayName }),
    pubKeyCredParams: request.pubKeyCredParams.map(encodeParameters),
    excludeList: encodeCredentialList(request.excludeList),
    options: encodeOptions(request),
  })
  return joinCommand({ command: CTAP_COMMAND.makeCredential, parameters: encodeCbor(parameters) })
}

/**
 * Reads command byte ‖ CBOR; members it does not know are ignored.
 * @throws DecodeError `ctap-malformed` for another command or a wrong member, or a `cbor-…` code.
 *
 * @example
 * const { rp, user } = decodeMakeCredentialRequest(bytes)
 */
export function decodeMakeCredentialRequest(request: Uint8Array): MakeCredentialRequest {
  const parameters = decodeCbor(parametersOf(request, CTAP_COMMAND.makeCredential))
  const reader = mapReader(parameters, 'makeCredential request', 'ctap-malformed', REQUEST)
  return {
    clientDataHash: reader.required('clientDataHash', bytes(CLIENT_DATA_HASH_BYTES)),
    rp: reader.required('rp', decodeRp),
    user: reader.required('user', decodeUserEntity),
    pubKeyCredParams: reader.required('pubKeyCredParams', listOf(decodeParameters)),
    excludeList: reader.optional('excludeList', listOf(decodeCredentialDescriptor)),
    extensions: reader.optional('extensions', map),
    ...decodeOptions(reader.optional('options', map)),
    pinUvAuthParam: reader.optional('pinUvAuthParam', bytes()),
    pinUvAuthProtocol: reader.optional('pinUvAuthProtocol', uint),
    enterpriseAttestation: reader.optional('enterpriseAttestation', uint),
  }
}

/**
 * status byte 0x00 ‖ CBOR.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const response = encodeMakeCredentialResponse({ fmt: 'none', authData: bytes, attStmt: cborMap([]) })
 */
export function encodeMakeCredentialResponse(response: MakeCredentialResponse): Uint8Array {
  return encodeSuccess(keyedMap(RESPONSE, response))
}

/**
 * Reads status byte ‖ CBOR; members it does not know are ignored.
 * @throws CtapError for any status but 0x00.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 *
 * @example
 * const { authData } = decodeMakeCredentialResponse(bytes)
 * console.log(decodeAuthenticatorData(authData).attestedCredential?.credentialId)
 */
export function decodeMakeCredentialResponse(response: Uint8Array): MakeCredentialResponse {
  const reader = mapReader(decodeSuccess(response), 'makeCredential response', 'ctap-malformed', RESPONSE)
  return {
    fmt: reader.required('fmt', text),
    authData: reader.required('authData', bytes()),
    attStmt: reader.optional('attStmt', map),
    epAtt: reader.optional('epAtt', boolean),
    largeBlobKey: reader.optional('largeBlobKey', bytes()),
    unsignedExtensionOutputs: reader.optional('unsignedExtensionOutputs', map),
  }
}

function encodeRp(rp: RpEntity): CborMap {
  return cborMap([
    ['id', rp.id],
    ['name', rp.name],
  ])
}

function decodeRp(value: CborValue): RpEntity {
  const reader = mapReader(value, 'rp', 'ctap-malformed')
  return { id: reader.required('id', text), name: reader.optional('name', text) }
}

function encodeParameters(parameters: CredentialParameters): CborMap {
  return cborMap([
    ['alg', parameters.alg],
    ['type', parameters.type],
  ])
}

function decodeParameters(value: CborValue): CredentialParameters {
  const reader = mapReader(value, 'pubKeyCredParams element', 'ctap-malformed')
  return { alg: reader.required('alg', int), type: reader.required('type', text) }
}

type Options = Pick<MakeCredentialRequest, 'rk' | 'up' | 'uv'>

function encodeOptions({ rk, up, uv }: Options): CborMap | undefined {
  const options = cborMap([
    ['rk', rk || undefined],
    ['up', up],
    ['uv', uv || undefined],
  ])
  return options.size > 0 ? options : undefined
}

function decodeOptions(options: CborMap = cborMap([])): Options {
  const reader = mapReader(options, 'options', 'ctap-malformed')
  return {
    rk: reader.optional('rk', boolean) ?? false,
    up: reader.optional('up', boolean),
    uv: reader.optional('uv', boolean) ?? false,
  }
}
