import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { GetInfo } from '../ctap/get-info.js'
import type { AuthenticationExtensions, RegistrationExtensions } from './asked-extensions.js'
import { checkCredentialProtection, credentialProtectionRequest } from './cred-protect.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { AuthenticationExtensionsClientOutputs } from './extensions-json.js'
import type { HmacSecretExchange } from './hmac-secret.js'
import {
  authenticationLargeBlobRequest,
  authenticationLargeBlobResults,
  registrationLargeBlobRequest,
  registrationLargeBlobResults,
} from './large-blob.js'
import {
  authenticationPrfRequest,
  authenticationPrfResults,
  registrationPrfRequest,
  registrationPrfResults,
} from './prf.js'

/**
 * The extensions as makeCredential carries them; none that the phone does not list.
 * @throws ProtocolError `extension-missing` when the phone cannot do what the options require.
 */
export function registrationExtensionRequest(
  asked: RegistrationExtensions,
  info: GetInfo,
  crypto: CryptoProvider,
): CborMap | undefined {
  return merged(
    registrationPrfRequest(asked.prf, info, crypto),
    registrationLargeBlobRequest(asked.largeBlob, info),
    credentialProtectionRequest(asked.protection, info),
  )
}

/** The extensions as getAssertion carries them; none that the phone does not list. */
export async function authenticationExtensionRequest(
  asked: AuthenticationExtensions,
  allowed: readonly CredentialDescriptor[],
  info: GetInfo,
  crypto: CryptoProvider,
  exchange: HmacSecretExchange | undefined,
): Promise<CborMap | undefined> {
  return merged(
    authenticationPrfRequest(asked.prf, allowed, info, crypto, exchange),
    await authenticationLargeBlobRequest(asked.largeBlob, info),
  )
}

/**
 * @param discoverable whether the new credential is; undefined where the client cannot know, and then `credProps.rk` is
 * left out (WebAuthn L3 section 10.1.3).
 * @throws ProtocolError `response-invalid` when the credential is not what the options require; DecodeError `ctap-malformed`.
 */
export function registrationExtensionResults(
  asked: RegistrationExtensions,
  outputs: ExtensionOutputs,
  discoverable: boolean | undefined,
): AuthenticationExtensionsClientOutputs {
  checkCredentialProtection(asked.protection, outputs)
  const prf = registrationPrfResults(asked.prf, outputs)
  const largeBlob = registrationLargeBlobResults(asked.largeBlob, outputs)
  return {
    ...(asked.credProps && { credProps: discoverable === undefined ? {} : { rk: discoverable } }),
    ...(prf && { prf }),
    ...(largeBlob && { largeBlob }),
    ...(asked.credBlob && { credBlob: false }),
    ...remoteClientDataResult(asked),
  }
}

/** @throws ProtocolError `response-invalid`, DecodeError `ctap-malformed`. */
export async function authenticationExtensionResults(
  asked: AuthenticationExtensions,
  outputs: ExtensionOutputs,
  exchange: HmacSecretExchange | undefined,
): Promise<AuthenticationExtensionsClientOutputs> {
  const prf = authenticationPrfResults(asked.prf, outputs, exchange)
  const largeBlob = await authenticationLargeBlobResults(asked.largeBlob, outputs)
  return { ...(prf && { prf }), ...(largeBlob && { largeBlob }), ...remoteClientDataResult(asked) }
}

function remoteClientDataResult({
  remoteClientData,
}: Pick<AuthenticationExtensions, 'remoteClientData'>): AuthenticationExtensionsClientOutputs {
  return remoteClientData === undefined ? {} : { remoteClientDataJSON: true }
}

function merged(...requests: readonly CborMap[]): CborMap | undefined {
  const all = cborMap(requests.flatMap(request => [...request]))
  return all.size > 0 ? all : undefined
}
