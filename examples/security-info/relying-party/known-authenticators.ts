import type { KnownAuthenticator } from '../wire/site.js'

/**
 * Names of authenticators by AAGUID. Nobody vouches for them: with attestation `none` an AAGUID is what the device
 * says of itself.
 */
export const KNOWN_AUTHENTICATORS: readonly KnownAuthenticator[] = [
  { aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', name: 'Google Password Manager' },
  { aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd', name: 'iCloud Keychain' },
  { aaguid: 'de1e552d-db1d-4423-a619-566b625cdc84', name: 'Microsoft Authenticator for Android' },
  { aaguid: '90a3ccdf-635c-4729-a248-9b709135078f', name: 'Microsoft Authenticator for iOS' },
  { aaguid: '00000000-0000-0000-0000-000000000000', name: 'A device without a model' },
]

/** The name for people. */
export function authenticatorName(aaguid: string): string {
  return KNOWN_AUTHENTICATORS.find(known => known.aaguid === aaguid)?.name ?? 'An unknown model'
}
