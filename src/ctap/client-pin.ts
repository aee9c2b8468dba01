import type { P256Point } from '../bytes/brands.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { map, mapReader, uint } from '../cbor/map-reader.js'
import { CTAP_COMMAND, joinCommand, parametersOf } from './commands.js'
import { decodeKeyAgreementKey, encodeKeyAgreementKey } from './cose-key.js'
import { decodeSuccess, encodeSuccess } from './response.js'

// authenticatorClientPIN (CTAP 2.2 section 6.5.5), as far as the extension hmac-secret needs it.
const REQUEST = { pinUvAuthProtocol: 1, subCommand: 2 } as const
const RESPONSE = { keyAgreement: 1 } as const

/** Subcommands of authenticatorClientPIN. */
export const CLIENT_PIN = { getKeyAgreement: 2 } as const

/** authenticatorClientPIN, command 0x06. */
export interface ClientPinRequest {
  readonly pinUvAuthProtocol: number | undefined
  readonly subCommand: number
}

/** command byte ‖ CBOR. */
export function encodeClientPinRequest(request: ClientPinRequest): Uint8Array {
  const parameters = encodeCbor(keyedMap(REQUEST, request))
  return joinCommand({ command: CTAP_COMMAND.clientPin, parameters })
}

/** Reads command byte ‖ CBOR. @throws DecodeError `ctap-malformed`, or a `cbor-…` code. */
export function decodeClientPinRequest(request: Uint8Array): ClientPinRequest {
  const parameters = decodeCbor(parametersOf(request, CTAP_COMMAND.clientPin))
  const reader = mapReader(parameters, 'clientPIN request', 'ctap-malformed', REQUEST)
  return {
    pinUvAuthProtocol: reader.optional('pinUvAuthProtocol', uint),
    subCommand: reader.required('subCommand', uint),
  }
}

/** status byte 0x00 ‖ CBOR, for `getKeyAgreement`. */
export function encodeKeyAgreementResponse(publicKey: P256Point): Uint8Array {
  return encodeSuccess(keyedMap(RESPONSE, { keyAgreement: encodeKeyAgreementKey(publicKey) }))
}

/**
 * Reads status byte ‖ CBOR.
 * @throws CtapError for a status other than 0x00; DecodeError `ctap-malformed`, `point-invalid`, or a `cbor-…` code.
 */
export function decodeKeyAgreementResponse(response: Uint8Array): P256Point {
  const reader = mapReader(decodeSuccess(response), 'clientPIN response', 'ctap-malformed', RESPONSE)
  return decodeKeyAgreementKey(reader.required('keyAgreement', map))
}
