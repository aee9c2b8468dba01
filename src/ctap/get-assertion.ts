import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import { CTAP_COMMAND, joinCommand, parametersOf } from './commands.js'
import {
  decodeCredentialDescriptor,
  encodeCredentialDescriptor,
  encodeCredentialList,
} from './credential-descriptor.js'
import type { CredentialDescriptor } from './credential-descriptor.js'
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

/** authenticatorGetAssertion, command 0x02. */
export interface GetAssertionRequest {
  readonly rpId: string
  /** SHA-256 of clientDataJSON, 32 bytes. */
  readonly clientDataHash: Uint8Array
  /** Absent: any discoverable credential of the relying party. */
  readonly allowList?: readonly CredentialDescriptor[] | undefined
  readonly extensions?: CborMap | undefined
  /** Ask the user; true unless the request says otherwise. */
  readonly up: boolean
  /** Verify the user. */
  readonly uv: boolean
  readonly pinUvAuthParam?: Uint8Array | undefined
  readonly pinUvAuthProtocol?: number | undefined
}

/** What an authenticator answers to a successful authenticatorGetAssertion. */
export interface GetAssertionResponse {
  /** May be absent when the allow list had one element. */
  readonly credential?: CredentialDescriptor | undefined
  /** Authenticator data as it was signed. */
  readonly authData: Uint8Array
  readonly signature: Uint8Array
  readonly user?: UserEntity | undefined
  readonly numberOfCredentials?: number | undefined
  readonly userSelected?: boolean | undefined
  readonly largeBlobKey?: Uint8Array | undefined
  readonly unsignedExtensionOutputs?: CborMap | undefined
}

/** command byte ‖ CBOR, as browsers send it over hybrid: `up` only when false, `uv` only when true, the allow list whole. */
export function encodeGetAssertionRequest(request: GetAssertionRequest): Uint8Array {
  const parameters = cborMap([
    [REQUEST.rpId, request.rpId],
    [REQUEST.clientDataHash, request.clientDataHash],
    [REQUEST.allowList, encodeCredentialList(request.allowList)],
    [REQUEST.extensions, request.extensions],
    [REQUEST.options, encodeOptions(request)],
    [REQUEST.pinUvAuthParam, request.pinUvAuthParam],
    [REQUEST.pinUvAuthProtocol, request.pinUvAuthProtocol],
  ])
  return joinCommand({ command: CTAP_COMMAND.getAssertion, parameters: encodeCbor(parameters) })
}

/**
 * Reads command byte ‖ CBOR; members it does not know are ignored.
 * @throws DecodeError `ctap-malformed` for another command or a wrong member, or a `cbor-…` code.
 */
export function decodeGetAssertionRequest(request: Uint8Array): GetAssertionRequest {
  const parameters = decodeCbor(parametersOf(request, CTAP_COMMAND.getAssertion))
  const reader = mapReader(parameters, 'getAssertion request', 'ctap-malformed')
  const { allowList, extensions, options, pinUvAuthParam, pinUvAuthProtocol } = REQUEST
  return {
    rpId: reader.text(REQUEST.rpId, 'rpId'),
    clientDataHash: reader.bytes(REQUEST.clientDataHash, 'clientDataHash', CLIENT_DATA_HASH_BYTES),
    allowList: reader.ifPresent(allowList)?.array(allowList, 'allowList').map(decodeCredentialDescriptor),
    extensions: reader.ifPresent(extensions)?.map(extensions, 'extensions'),
    ...decodeOptions(reader.ifPresent(options)?.map(options, 'options')),
    pinUvAuthParam: reader.ifPresent(pinUvAuthParam)?.bytes(pinUvAuthParam, 'pinUvAuthParam'),
    pinUvAuthProtocol: reader.ifPresent(pinUvAuthProtocol)?.uint(pinUvAuthProtocol, 'pinUvAuthProtocol'),
  }
}

/** status byte 0x00 ‖ CBOR. */
export function encodeGetAssertionResponse(response: GetAssertionResponse): Uint8Array {
  const { credential, user } = response
  return encodeSuccess(
    cborMap([
      [RESPONSE.credential, credential && encodeCredentialDescriptor(credential)],
      [RESPONSE.authData, response.authData],
      [RESPONSE.signature, response.signature],
      [RESPONSE.user, user && encodeUserEntity(user)],
      [RESPONSE.numberOfCredentials, response.numberOfCredentials],
      [RESPONSE.userSelected, response.userSelected],
      [RESPONSE.largeBlobKey, response.largeBlobKey],
      [RESPONSE.unsignedExtensionOutputs, response.unsignedExtensionOutputs],
    ]),
  )
}

/**
 * Reads status byte ‖ CBOR; members it does not know are ignored.
 * @throws CtapError for any status but 0x00.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 */
export function decodeGetAssertionResponse(response: Uint8Array): GetAssertionResponse {
  const reader = mapReader(decodeSuccess(response), 'getAssertion response', 'ctap-malformed')
  const { credential, user, numberOfCredentials: count, userSelected, largeBlobKey } = RESPONSE
  const outputs = RESPONSE.unsignedExtensionOutputs
  const credentialMap = reader.ifPresent(credential)?.map(credential, 'credential')
  const userMap = reader.ifPresent(user)?.map(user, 'user')
  return {
    credential: credentialMap && decodeCredentialDescriptor(credentialMap),
    authData: reader.bytes(RESPONSE.authData, 'authData'),
    signature: reader.bytes(RESPONSE.signature, 'signature'),
    user: userMap && decodeUserEntity(userMap),
    numberOfCredentials: reader.ifPresent(count)?.uint(count, 'numberOfCredentials'),
    userSelected: reader.ifPresent(userSelected)?.boolean(userSelected, 'userSelected'),
    largeBlobKey: reader.ifPresent(largeBlobKey)?.bytes(largeBlobKey, 'largeBlobKey'),
    unsignedExtensionOutputs: reader.ifPresent(outputs)?.map(outputs, 'unsignedExtensionOutputs'),
  }
}

function encodeOptions({ up, uv }: { readonly up: boolean; readonly uv: boolean }): CborMap | undefined {
  if (up && !uv) return undefined
  return cborMap([
    ['up', up ? undefined : false],
    ['uv', uv || undefined],
  ])
}

function decodeOptions(options: CborMap = cborMap([])): { readonly up: boolean; readonly uv: boolean } {
  const reader = mapReader(options, 'options', 'ctap-malformed')
  return {
    up: reader.ifPresent('up')?.boolean('up', 'up') ?? true,
    uv: reader.ifPresent('uv')?.boolean('uv', 'uv') ?? false,
  }
}
