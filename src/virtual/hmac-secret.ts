import { concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import type { CborValue } from '../cbor/value.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { CLIENT_PIN, decodeClientPinRequest, encodeKeyAgreementResponse } from '../ctap/client-pin.js'
import { decodeHmacSecretInput, HMAC_SECRET, HMAC_SECRET_BYTES } from '../ctap/hmac-secret.js'
import { agreeOnSecret, isPinUvAuthProtocol, IV_BYTES } from '../ctap/pin-uv-auth-protocol.js'
import type { PinUvAuthProtocol, PinUvAuthSecret } from '../ctap/pin-uv-auth-protocol.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { StoredCredential } from '../ports/credential-store.js'
import { readRequest, refusal } from './refusal.js'
import type { RequiredMembers } from './refusal.js'
import type { VirtualDevice } from './virtual-device.js'

const CLIENT_PIN_REQUIRED: RequiredMembers = [[2]]
/** Derives a passkey’s second secret, the one for users who were not verified (CTAP 2.2 section 12.7). */
const UNVERIFIED = encodeUtf8('hmac-secret without user verification')

/** The authenticator’s keys for agreements, one for each protocol, made when first asked for. */
export function keyAgreementKeys(crypto: CryptoProvider): (protocol: PinUvAuthProtocol) => EcdhKey {
  const keys = new Map<PinUvAuthProtocol, EcdhKey>()
  return protocol => {
    const key = keys.get(protocol) ?? crypto.generateEcdhKey()
    keys.set(protocol, key)
    return key
  }
}

/**
 * authenticatorClientPIN (CTAP 2.2 section 6.5.5): this phone has no PIN, only the key agreement of `hmac-secret`.
 * @throws CtapError with the status to answer.
 */
export function answerClientPin(device: VirtualDevice, request: Uint8Array): Uint8Array {
  if (!device.extensions.has(HMAC_SECRET)) throw refusal(CTAP_STATUS.ERR_INVALID_COMMAND)
  const { subCommand, pinUvAuthProtocol } = readRequest(request, decodeClientPinRequest, CLIENT_PIN_REQUIRED)
  if (subCommand !== CLIENT_PIN.getKeyAgreement) throw refusal(CTAP_STATUS.ERR_INVALID_SUBCOMMAND)
  if (pinUvAuthProtocol === undefined) throw refusal(CTAP_STATUS.ERR_MISSING_PARAMETER)
  const { publicKey } = device.keyAgreement(supported(device, pinUvAuthProtocol))
  return encodeKeyAgreementResponse(publicKey)
}

/** What a sign-in asks of `hmac-secret`. */
export interface HmacSecretRequest {
  /** One or two, 32 bytes each. */
  readonly salts: readonly Uint8Array[]
  readonly secret: PinUvAuthSecret
}

/** @throws DecodeError; CtapError ERR_INVALID_PARAMETER, ERR_PIN_AUTH_INVALID, ERR_INVALID_LENGTH. */
export function readHmacSecret(device: VirtualDevice, value: CborValue): HmacSecretRequest {
  const { crypto } = device
  const { keyAgreement, saltEnc, saltAuth, pinUvAuthProtocol } = decodeHmacSecretInput(value)
  const protocol = supported(device, pinUvAuthProtocol)
  const secret = agreeOnSecret(crypto, protocol, device.keyAgreement(protocol), keyAgreement)
  if (!secret.verify(saltEnc, saltAuth)) throw refusal(CTAP_STATUS.ERR_PIN_AUTH_INVALID)
  const salts = secret.decrypt(saltEnc) ?? new Uint8Array()
  if (salts.length !== HMAC_SECRET_BYTES && salts.length !== 2 * HMAC_SECRET_BYTES)
    throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
  const [first, second] = [salts.slice(0, HMAC_SECRET_BYTES), salts.slice(HMAC_SECRET_BYTES)]
  return { salts: second.length > 0 ? [first, second] : [first], secret }
}

/**
 * HMAC-SHA-256 of each salt, encrypted. Wipes the secret that it is encrypted with. Undefined for passkeys from before
 * this extension.
 */
export function hmacSecretOutput(
  { crypto, random }: VirtualDevice,
  { salts, secret }: HmacSecretRequest,
  { hmacSecret }: StoredCredential,
  userVerified: boolean,
): Uint8Array | undefined {
  if (hmacSecret.length === 0) return undefined
  const key = userVerified ? hmacSecret : crypto.hmacSha256(hmacSecret, UNVERIFIED)
  const outputs = salts.map(salt => crypto.hmacSha256(key, salt))
  const output = secret.encrypt(concatBytes(...outputs), random.bytes(IV_BYTES))
  secret.destroy()
  return output
}

function supported({ profile }: VirtualDevice, protocol: number): PinUvAuthProtocol {
  const isListed = profile.info.pinUvAuthProtocols?.includes(protocol) === true
  if (isListed && isPinUvAuthProtocol(protocol)) return protocol
  throw refusal(CTAP_STATUS.ERR_INVALID_PARAMETER)
}
