import { decodedOrUndefined } from '../../bytes/decoded.js'
import { decodeCbor } from '../../cbor/cbor.js'
import { isCborMap } from '../../cbor/map-reader.js'
import { REDACTED } from '../../crypto/redacted.js'
import { decodeAuthenticatorData } from '../../ctap/authenticator-data.js'
import { CTAP_COMMAND, splitCommand } from '../../ctap/commands.js'
import { decodeCoseKey } from '../../ctap/cose-key.js'
import { decodeGetAssertionRequest, decodeGetAssertionResponse } from '../../ctap/get-assertion.js'
import { decodeGetInfo } from '../../ctap/get-info.js'
import { decodeMakeCredentialRequest, decodeMakeCredentialResponse } from '../../ctap/make-credential.js'
import { CTAP_STATUS, statusName } from '../../ctap/status.js'
import { DecodeError } from '../../errors.js'
import { algorithmText } from '../text/algorithm-names.js'
import { explanation, outline } from './explanation.js'
import type { Guess, GuessContext } from './explanation.js'

const explainMakeCredentialRequest: Guess = (bytes, context) =>
  explanation(
    'make-credential-request',
    'CTAP2 request authenticatorMakeCredential: register a passkey',
    redacted(decodeMakeCredentialRequest(bytes), context),
  )

const explainGetAssertionRequest: Guess = (bytes, context) =>
  explanation(
    'get-assertion-request',
    'CTAP2 request authenticatorGetAssertion: sign in',
    redacted(decodeGetAssertionRequest(bytes), context),
  )

const explainMakeCredentialResponse: Guess = (bytes, context) => {
  const response = decodeMakeCredentialResponse(bytes)
  const authData = authenticatorData(response.authData)
  const members = { ...redacted(response, context), authData }
  return explanation('make-credential-response', 'CTAP2 response: a new passkey', members)
}

const explainGetAssertionResponse: Guess = (bytes, context) => {
  const response = decodeGetAssertionResponse(bytes)
  const authData = authenticatorData(response.authData)
  const members = { ...redacted(response, context), authData }
  return explanation('get-assertion-response', 'CTAP2 response: a signature', members)
}

const explainGetInfo: Guess = bytes =>
  explanation('get-info', 'what an authenticator says of itself', decodeGetInfo(bytes))

const explainGetInfoResponse: Guess = bytes => {
  if (bytes[0] !== CTAP_STATUS.SUCCESS) throw notThis()
  const info = decodeGetInfo(bytes.subarray(1))
  return explanation('get-info-response', 'CTAP2 response: what an authenticator says of itself', info)
}

const explainOtherResponse: Guess = (bytes, { showSecrets }) => {
  const { command: status, parameters } = splitCommand(bytes)
  if (status !== CTAP_STATUS.SUCCESS) throw notThis()
  const value = decodeCbor(parameters)
  if (!isCborMap(value)) throw notThis()
  return explanation('ctap-response', 'CTAP2 response of some other command', {
    value: outline(value, showSecrets),
  })
}

const explainOtherRequest: Guess = bytes => {
  const { command, parameters } = splitCommand(bytes)
  const [name] = Object.entries(CTAP_COMMAND).find(([, each]) => each === command) ?? []
  if (name === undefined || !isCborMap(decodeCbor(parameters))) throw notThis()
  // Its members may be PINs, and such commands do not work over hybrid.
  return explanation('ctap-request', `CTAP2 request ${name}`, { command })
}

const explainSingleByte: Guess = bytes => {
  const [byte, ...others] = bytes
  if (byte === undefined || others.length > 0 || byte === CTAP_STATUS.SUCCESS) throw notThis()
  if (byte === CTAP_COMMAND.getInfo)
    return explanation('get-info-request', 'CTAP2 request authenticatorGetInfo')
  const name = statusName(byte)
  if (name === 'ERR_UNASSIGNED') throw notThis()
  return explanation('ctap-status', `CTAP2 response ${name}`, { status: byte, statusName: name })
}

/** What a CTAP2 request or response may be, by its members. */
export const CTAP_GUESSES: readonly Guess[] = [
  explainMakeCredentialRequest,
  explainGetAssertionRequest,
  explainMakeCredentialResponse,
  explainGetAssertionResponse,
  explainGetInfo,
  explainGetInfoResponse,
  explainSingleByte,
]

/** The same by their first bytes alone. */
export const VAGUE_CTAP_GUESSES: readonly Guess[] = [explainOtherResponse, explainOtherRequest]

/** Members that are keys, or prove the knowledge of one. */
interface Secrets {
  readonly pinUvAuthParam?: Uint8Array | undefined
  readonly largeBlobKey?: Uint8Array | undefined
}

function redacted(members: Secrets, { showSecrets }: GuessContext): object {
  if (showSecrets) return members
  const { pinUvAuthParam, largeBlobKey } = members
  return {
    ...members,
    ...(pinUvAuthParam !== undefined && { pinUvAuthParam: REDACTED }),
    ...(largeBlobKey !== undefined && { largeBlobKey: REDACTED }),
  }
}

function authenticatorData(bytes: Uint8Array): object {
  const { attestedCredential, ...data } = decodeAuthenticatorData(bytes)
  if (attestedCredential === undefined) return data
  const publicKey = decodeCbor(attestedCredential.publicKey)
  const key = decodedOrUndefined(() => decodeCoseKey(attestedCredential.publicKey))
  const algorithm = key && algorithmText(key.algorithm)
  return { ...data, attestedCredential: { ...attestedCredential, algorithm, publicKey } }
}

function notThis(): DecodeError {
  return new DecodeError('ctap-malformed', 'no such request or response')
}
