import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Fields } from '../http/fields.js'

/** A credential ID has at most 1023 bytes (CTAP 2.2 section 6.1). */
const ID_MAX = 1364
const PART_MAX = 16_384

/** The members that the verification reads. */
export function registrationFrom(body: unknown): RegistrationResponseJSON {
  const fields = new Fields(body)
  const response = fields.object('response')
  return {
    ...headOf(fields),
    response: {
      clientDataJSON: response.text('clientDataJSON', PART_MAX),
      attestationObject: response.text('attestationObject', PART_MAX),
      transports: response.has('transports') ? [...response.texts('transports')] : [],
    },
  }
}

/** The members that the verification reads. */
export function authenticationFrom(body: unknown): AuthenticationResponseJSON {
  const fields = new Fields(body)
  const response = fields.object('response')
  return {
    ...headOf(fields),
    response: {
      clientDataJSON: response.text('clientDataJSON', PART_MAX),
      authenticatorData: response.text('authenticatorData', PART_MAX),
      signature: response.text('signature', PART_MAX),
      ...(response.has('userHandle') && { userHandle: response.text('userHandle') }),
    },
  }
}

function headOf(
  fields: Fields,
): Pick<RegistrationResponseJSON, 'id' | 'rawId' | 'type' | 'clientExtensionResults'> {
  return {
    id: fields.text('id', ID_MAX),
    rawId: fields.text('rawId', ID_MAX),
    type: fields.oneOf('type', ['public-key']),
    clientExtensionResults: {},
  }
}
