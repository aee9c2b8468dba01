import type { CborMap, CborValue } from '../cbor/value.js'
import { cborMap } from '../cbor/value.js'
import { CTAP_STATUS } from '../ctap/status.js'
import { HMAC_SECRET } from '../ctap/hmac-secret.js'
import { DecodeError } from '../errors.js'
import type { StoredCredential } from '../ports/credential-store.js'
import { CRED_PROTECT, decodeCredProtect } from './cred-protect.js'
import { hmacSecretOutput, readHmacSecret } from './hmac-secret.js'
import type { HmacSecretRequest } from './hmac-secret.js'
import { decodeLargeBlobRequest, largeBlobOutput } from './large-blob.js'
import type { LargeBlobRequest } from './large-blob.js'
import { decodePrfRequest, PRF_BYTES, encodePrfResults, saltsFor } from './prf.js'
import type { PrfRequest } from './prf.js'
import { refusal } from './refusal.js'
import type { VirtualDevice } from './virtual-device.js'

/** What a registration asks of the extensions that this phone has; other extensions are ignored. */
export interface MakeCredentialExtensions {
  readonly credProtect: number | undefined
  readonly hmacSecret: boolean
  readonly prf: PrfRequest | undefined
  readonly largeBlob: boolean
}

/** @throws CtapError ERR_CBOR_UNEXPECTED_TYPE. */
export function readRegistrationExtensions(
  device: VirtualDevice,
  extensions: CborMap | undefined,
): MakeCredentialExtensions {
  return {
    credProtect: input(device, extensions, 'credProtect', decodeCredProtect),
    hmacSecret: input(device, extensions, HMAC_SECRET, value => value === true) ?? false,
    prf: input(device, extensions, 'prf', decodePrfRequest),
    largeBlob: input(device, extensions, 'largeBlob', () => true) ?? false,
  }
}

/** The members of a new credential that extensions decide. */
export function extensionMembers(
  device: VirtualDevice,
  asked: MakeCredentialExtensions,
): Pick<StoredCredential, 'hmacSecret' | 'credProtect' | 'largeBlob' | 'largeBlobSize'> {
  return {
    // Each passkey gets one: relying parties also ask later for what they did not enable.
    hmacSecret: hasSecrets(device) ? device.random.bytes(PRF_BYTES) : new Uint8Array(),
    credProtect: asked.credProtect ?? CRED_PROTECT.optional,
    largeBlob: new Uint8Array(),
    largeBlobSize: 0,
  }
}

function hasSecrets({ extensions }: VirtualDevice): boolean {
  return extensions.has('prf') || extensions.has(HMAC_SECRET)
}

/** Goes into the authenticator data. */
export function signedRegistrationOutputs({
  credProtect,
  hmacSecret,
}: MakeCredentialExtensions): CborMap | undefined {
  return outputs([
    ['credProtect', credProtect],
    [HMAC_SECRET, hmacSecret || undefined],
  ])
}

/** Key 6 of the response. */
export function unsignedRegistrationOutputs(
  device: VirtualDevice,
  asked: MakeCredentialExtensions,
  { hmacSecret }: StoredCredential,
): CborMap | undefined {
  const salts = asked.prf?.eval
  const results = salts && encodePrfResults(device.crypto, hmacSecret, salts)
  const enabled: CborMap = cborMap([
    ['enabled', true],
    ['results', results],
  ])
  return outputs([
    ['prf', asked.prf && enabled],
    ['largeBlob', asked.largeBlob ? cborMap([['supported', true]]) : undefined],
  ])
}

/** What a sign-in asks of the extensions that this phone has. */
export interface SignInExtensions {
  readonly hmacSecret: HmacSecretRequest | undefined
  readonly prf: PrfRequest | undefined
  readonly largeBlob: LargeBlobRequest | undefined
}

/** @throws CtapError ERR_CBOR_UNEXPECTED_TYPE, and those of `readHmacSecret`. */
export function readSignInExtensions(
  device: VirtualDevice,
  extensions: CborMap | undefined,
): SignInExtensions {
  return {
    hmacSecret: input(device, extensions, HMAC_SECRET, value => readHmacSecret(device, value)),
    prf: input(device, extensions, 'prf', decodePrfRequest),
    largeBlob: input(device, extensions, 'largeBlob', decodeLargeBlobRequest),
  }
}

/** Goes into the authenticator data. */
export function signedSignInOutputs(
  device: VirtualDevice,
  { hmacSecret }: SignInExtensions,
  credential: StoredCredential,
  userVerified: boolean,
): CborMap | undefined {
  const output = hmacSecret && hmacSecretOutput(device, hmacSecret, credential, userVerified)
  return outputs([[HMAC_SECRET, output]])
}

/** Key 8 of the response. */
export function unsignedSignInOutputs(
  device: VirtualDevice,
  asked: SignInExtensions,
  credential: StoredCredential,
): CborMap | undefined {
  const { credentialId, hmacSecret } = credential
  const salts = asked.prf && saltsFor(asked.prf, credentialId)
  // Passkeys from before this phone knew `prf` have no secret.
  const results =
    salts && hmacSecret.length > 0 ? encodePrfResults(device.crypto, hmacSecret, salts) : undefined
  return outputs([
    ['prf', results && cborMap([['results', results]])],
    ['largeBlob', asked.largeBlob && largeBlobOutput(credential, asked.largeBlob)],
  ])
}

function input<Read>(
  device: VirtualDevice,
  extensions: CborMap | undefined,
  name: string,
  read: (value: CborValue) => Read,
): Read | undefined {
  const value = device.extensions.has(name) ? extensions?.get(name) : undefined
  if (value === undefined) return undefined
  try {
    return read(value)
  } catch (error) {
    throw error instanceof DecodeError ? refusal(CTAP_STATUS.ERR_CBOR_UNEXPECTED_TYPE) : error
  }
}

function outputs(members: readonly (readonly [string, CborValue | undefined])[]): CborMap | undefined {
  const map = cborMap(members)
  return map.size > 0 ? map : undefined
}
