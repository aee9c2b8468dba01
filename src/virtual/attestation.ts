import { concatBytes } from '../bytes/bytes.js'
import { cborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { COSE_ALGORITHM } from '../ctap/cose-key.js'
import type { MakeCredentialResponse } from '../ctap/make-credential.js'
import { UsageError } from '../errors.js'
import { signEs256 } from './es256.js'

const SCALAR_BYTES = 32

/**
 * How new passkeys are attested (WebAuthn L3 sections 8.2 and 8.7): not at all, by themselves (`packed` without
 * certificates), or by a certificate that meets section 8.2.1.
 */
export type Attestation =
  | { readonly format: 'none' }
  | { readonly format: 'packed'; readonly certificates?: undefined; readonly privateKey?: undefined }
  | {
      readonly format: 'packed'
      /** DER X.509, that of the private key first. */
      readonly certificates: readonly Uint8Array[]
      /** 32-byte P-256 scalar of the first certificate. Secret. */
      readonly privateKey: Uint8Array
    }

/** What an attestation is about: made by the credential’s own key where nothing else is given. */
export interface Attested {
  readonly authData: Uint8Array
  readonly clientDataHash: Uint8Array
  /** COSE algorithm identifier of the credential. */
  readonly algorithm: number
  signByCredential(message: Uint8Array): Promise<Uint8Array>
}

/** A copy. @throws UsageError `argument-invalid` for a chain without certificates, or a key outside the P-256 scalars. */
export function checkedAttestation(attestation: Attestation): Attestation {
  if (attestation.format === 'none' || attestation.certificates === undefined) return { ...attestation }
  const { format, certificates, privateKey } = attestation
  if (certificates.length === 0)
    throw new UsageError(
      'argument-invalid',
      'attestation.certificates must have at least one certificate, not 0; leave attestation out for self attestation',
    )
  if (privateKey.length !== SCALAR_BYTES)
    throw new UsageError(
      'argument-invalid',
      `attestation.privateKey must have ${SCALAR_BYTES} bytes, not ${privateKey.length}`,
    )
  return {
    format,
    certificates: certificates.map(certificate => Uint8Array.from(certificate)),
    privateKey: Uint8Array.from(privateKey),
  }
}

/** The answer to a registration. */
export async function attest(
  attestation: Attestation,
  attested: Attested,
  crypto: CryptoProvider,
): Promise<MakeCredentialResponse> {
  const { authData, clientDataHash } = attested
  if (attestation.format === 'none') return { fmt: 'none', authData, attStmt: cborMap([]) }
  const message = concatBytes(authData, clientDataHash)
  if (attestation.certificates === undefined) {
    const sig = await attested.signByCredential(message)
    return { fmt: 'packed', authData, attStmt: packed(attested.algorithm, sig) }
  }
  const sig = signEs256(attestation.privateKey, message, crypto)
  return { fmt: 'packed', authData, attStmt: packed(COSE_ALGORITHM.es256, sig, attestation.certificates) }
}

function packed(
  alg: number,
  sig: Uint8Array,
  x5c?: readonly Uint8Array[],
): NonNullable<MakeCredentialResponse['attStmt']> {
  return cborMap([
    ['alg', alg],
    ['sig', sig],
    ['x5c', x5c],
  ])
}
