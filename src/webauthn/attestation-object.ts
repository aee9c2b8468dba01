import { encodeCbor } from '../cbor/cbor.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { AttestedCredential } from '../ctap/authenticator-data.js'
import type { MakeCredentialResponse } from '../ctap/make-credential.js'
import type { AttestationConveyancePreference } from './registration-json.js'

const NO_STATEMENT: CborMap = cborMap([])

/**
 * The attestation object that the relying party gets (WebAuthn L3 section 6.5.4). Where it asked for none, the statement
 * is dropped unless it is a self attestation; the AAGUID stays (section 5.1.3, present text).
 */
export function encodeAttestationObject(
  response: MakeCredentialResponse,
  credential: AttestedCredential,
  preference: AttestationConveyancePreference,
): Uint8Array {
  const conveyed = preference !== 'none' || isSelfAttestation(response, credential)
  return encodeCbor(
    cborMap([
      ['fmt', conveyed ? response.fmt : 'none'],
      ['attStmt', (conveyed ? response.attStmt : undefined) ?? NO_STATEMENT],
      ['authData', response.authData],
    ]),
  )
}

function isSelfAttestation(response: MakeCredentialResponse, { aaguid }: AttestedCredential): boolean {
  return (
    response.fmt === 'packed' && response.attStmt?.has('x5c') === false && aaguid.every(byte => byte === 0)
  )
}
