import type { AuthenticationResponseJSON, RegistrationResponseJSON } from 'fido-hybrid'
import type { RegisteredCredential } from 'fido-hybrid/testing'
import {
  COSE_ALGORITHM,
  decodeAuthenticatorData,
  decodeBase64url,
  decodeCbor,
  decodeCoseKey,
} from 'fido-hybrid/wire'

/** What the relying party knows at the end. */
export interface Verified {
  /** base64url. */
  readonly credentialId: string
  /** Such as `ES256`. */
  readonly algorithm: string
  /** Whether the phone’s user opened the screen lock, every time. */
  readonly userVerified: boolean
  readonly attestationFormat: string
  /** How often the passkey has signed, as far as the phone counts. */
  readonly signCount: number
}

/** Reads all responses, which the relying party has verified, and what it keeps. */
export function readVerified(
  credential: RegisteredCredential,
  registration: RegistrationResponseJSON,
  signIns: readonly AuthenticationResponseJSON[],
): Verified {
  const data = [registration, ...signIns].map(({ response }) =>
    decodeAuthenticatorData(decodeBase64url(response.authenticatorData)),
  )
  return {
    credentialId: credential.id,
    algorithm: algorithmName(decodeCoseKey(credential.publicKey).algorithm),
    userVerified: data.every(({ flags }) => flags.uv),
    attestationFormat: formatOf(registration.response.attestationObject),
    signCount: credential.counter,
  }
}

function algorithmName(algorithm: number): string {
  return algorithm === COSE_ALGORITHM.es256 ? 'ES256' : `COSE ${algorithm}`
}

function formatOf(attestationObject: string): string {
  const members = decodeCbor(decodeBase64url(attestationObject))
  const format: unknown = members instanceof Map ? members.get('fmt') : undefined
  return typeof format === 'string' ? format : 'unknown'
}
