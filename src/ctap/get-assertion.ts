import { decodedOrUndefined } from '../bytes/decoded.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { boolean, bytes, listOf, map, mapReader, text, uint } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { CTAP_COMMAND, joinCommand, parametersOf } from './commands.js'
import {
  decodeCredentialDescriptor,
  encodeCredentialDescriptor,
  encodeCredentialList,
} from './credential-descriptor.js'
import type { CredentialDescriptor } from './credential-descriptor.js'
import { withoutCutLetters } from './cut-names.js'
import { CLIENT_DATA_HASH_BYTES } from './make-credential.js'
import { decodeSuccess, encodeSuccess } from './response.js'
import { decodeUserEntity, encodeUserEntity } from './user-entity.js'
import type { UserEntity } from './user-entity.js'

/** Keys of the request (CTAP 2.2 section 6.2). */
const REQUEST = {
  rpId: 1,
  clientDataHash: 2,
  allowList: 3,
  extensions: 4,
  options: 5,
  pinUvAuthParam: 6,
  pinUvAuthProtocol: 7,
} as const

const RESPONSE = {
  credential: 1,
  authData: 2,
  signature: 3,
  user: 4,
  numberOfCredentials: 5,
  userSelected: 6,
  largeBlobKey: 7,
  unsignedExtensionOutputs: 8,
} as const

const STATUS_BYTES = 1
const USER_KEY = /* @__PURE__ */ Uint8Array.of(RESPONSE.user)

/** authenticatorGetAssertion, command 0x02. */
export interface GetAssertionRequest {
  /** The RP ID whose passkeys may answer, such as `example.com`. */
  readonly rpId: string
  /** SHA-256 of clientDataJSON, 32 bytes. */
  readonly clientDataHash: Uint8Array
  /** Absent: any discoverable credential of the relying party. */
  readonly allowList?: readonly CredentialDescriptor[] | undefined
  /** What the client asks of extensions, by their names. */
  readonly extensions?: CborMap | undefined
  /** Ask the user; true unless the request says otherwise. */
  readonly up: boolean
  /** Verify the user. */
  readonly uv: boolean
  /** Clients leave it out: it is an option of registrations (CTAP 2.2 section 6.2.2, step 4). */
  readonly rk?: boolean | undefined
  /** Proof of a PIN or of user verification before; over hybrid it is left out. */
  readonly pinUvAuthParam?: Uint8Array | undefined
  /** Which PIN/UV auth protocol that proof is of, 1 or 2. */
  readonly pinUvAuthProtocol?: number | undefined
}

/** What an authenticator answers to a successful authenticatorGetAssertion. */
export interface GetAssertionResponse {
  /** May be absent when the allow list had one element. */
  readonly credential?: CredentialDescriptor | undefined
  /** Authenticator data as it was signed. */
  readonly authData: Uint8Array
  /** Over `authData` ‖ client data hash, in the form of the credential’s algorithm: DER for ES256. */
  readonly signature: Uint8Array
  /** Whose passkey it is; phones leave it out, or name the ID alone, where the relying party named one credential. */
  readonly user?: UserEntity | undefined
  /** Accounts that fit, of which `authenticatorGetNextAssertion` fetches the rest; default 1. */
  readonly numberOfCredentials?: number | undefined
  /** Whether the user chose the account on the authenticator, so that the client must not ask. */
  readonly userSelected?: boolean | undefined
  /** The key of the credential’s large blob, 32 bytes. */
  readonly largeBlobKey?: Uint8Array | undefined
  /** What extensions say beside the signed data, by their names. */
  readonly unsignedExtensionOutputs?: CborMap | undefined
}

/**
 * command byte ‖ CBOR, as browsers send it over hybrid: `up` only when false, `uv` only when true, the allow list whole.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const request = { rpId: 'example.com', clientDataHash: crypto.sha256(bytes), up: true, uv: false }
 * const response = await (await client.connect({ onQr })).call(encodeGetAssertionRequest(request))
 */
export function encodeGetAssertionRequest(request: GetAssertionRequest): Uint8Array {
  const parameters = keyedMap(REQUEST, {
    ...request,
    allowList: encodeCredentialList(request.allowList),
    options: encodeOptions(request),
  })
  return joinCommand({ command: CTAP_COMMAND.getAssertion, parameters: encodeCbor(parameters) })
}

/**
 * Reads command byte ‖ CBOR; members it does not know are ignored.
 * @throws DecodeError `ctap-malformed` for another command or a wrong member, or a `cbor-…` code.
 *
 * @example
 * const { rpId, allowList } = decodeGetAssertionRequest(bytes)
 */
export function decodeGetAssertionRequest(request: Uint8Array): GetAssertionRequest {
  const parameters = decodeCbor(parametersOf(request, CTAP_COMMAND.getAssertion))
  const reader = mapReader(parameters, 'getAssertion request', 'ctap-malformed', REQUEST)
  return {
    rpId: reader.required('rpId', text),
    clientDataHash: reader.required('clientDataHash', bytes(CLIENT_DATA_HASH_BYTES)),
    allowList: reader.optional('allowList', listOf(decodeCredentialDescriptor)),
    extensions: reader.optional('extensions', map),
    ...decodeOptions(reader.optional('options', map)),
    pinUvAuthParam: reader.optional('pinUvAuthParam', bytes()),
    pinUvAuthProtocol: reader.optional('pinUvAuthProtocol', uint),
  }
}

/**
 * status byte 0x00 ‖ CBOR.
 * @throws UsageError `argument-invalid` as `encodeCbor` does.
 *
 * @example
 * const response = encodeGetAssertionResponse({ authData: bytes, signature: bytes })
 */
export function encodeGetAssertionResponse(response: GetAssertionResponse): Uint8Array {
  const credential = response.credential && encodeCredentialDescriptor(response.credential)
  const user = response.user && encodeUserEntity(response.user)
  return encodeSuccess(keyedMap(RESPONSE, { ...response, credential, user }))
}

/**
 * Reads status byte ‖ CBOR; members it does not know are ignored. Names of the user that were cut inside their last letter lose
 * the rest of it, as in browsers.
 * @throws CtapError for any status but 0x00.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 *
 * @example
 * const { signature, user } = decodeGetAssertionResponse(bytes)
 */
export function decodeGetAssertionResponse(response: Uint8Array): GetAssertionResponse {
  const reader = mapReader(decodeAnswer(response), 'getAssertion response', 'ctap-malformed', RESPONSE)
  return {
    credential: reader.optional('credential', decodeCredentialDescriptor),
    authData: reader.required('authData', bytes()),
    signature: reader.required('signature', bytes()),
    user: reader.optional('user', decodeUserEntity),
    numberOfCredentials: reader.optional('numberOfCredentials', uint),
    userSelected: reader.optional('userSelected', boolean),
    largeBlobKey: reader.optional('largeBlobKey', bytes()),
    unsignedExtensionOutputs: reader.optional('unsignedExtensionOutputs', map),
  }
}

function decodeAnswer(response: Uint8Array): CborValue {
  try {
    return decodeSuccess(response)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const whole = decodedOrUndefined(() => withoutCutLetters(response, STATUS_BYTES, USER_KEY))
    if (whole === undefined || whole === response) throw error
    return decodeSuccess(whole)
  }
}

type Options = Pick<GetAssertionRequest, 'rk' | 'up' | 'uv'>

function encodeOptions({ rk, up, uv }: Options): CborMap | undefined {
  const options = cborMap([
    ['rk', rk],
    ['up', up ? undefined : false],
    ['uv', uv || undefined],
  ])
  return options.size > 0 ? options : undefined
}

function decodeOptions(options: CborMap = cborMap([])): Options {
  const reader = mapReader(options, 'options', 'ctap-malformed')
  return {
    rk: reader.optional('rk', boolean),
    up: reader.optional('up', boolean) ?? true,
    uv: reader.optional('uv', boolean) ?? false,
  }
}
