import { concatBytes } from '../bytes/bytes.js'
import type { P256Point } from '../bytes/brands.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { CLIENT_PIN, decodeKeyAgreementResponse, encodeClientPinRequest } from '../ctap/client-pin.js'
import type { GetInfo } from '../ctap/get-info.js'
import { encodeHmacSecretInput, HMAC_SECRET, HMAC_SECRET_BYTES } from '../ctap/hmac-secret.js'
import { agreeOnSecret, isPinUvAuthProtocol } from '../ctap/pin-uv-auth-protocol.js'
import type { PinUvAuthProtocol, PinUvAuthSecret } from '../ctap/pin-uv-auth-protocol.js'
import { responseInvalid } from './ceremony.js'
import { knowsExtension } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'

/** Salts for `hmac-secret`, or what came of them; 32 bytes each. */
export interface HmacSecretValues {
  readonly first: Uint8Array
  readonly second: Uint8Array | undefined
}

/** The command that has to go before a getAssertion with `hmac-secret`. */
export interface KeyAgreementCall {
  readonly protocol: PinUvAuthProtocol
  /** command byte ‖ CBOR. */
  readonly request: Uint8Array
}

/**
 * Asks for a key agreement, in the protocol that the authenticator likes best of those that are known here.
 * @returns undefined for an authenticator without `hmac-secret` or without such a protocol, as phones are.
 */
export function keyAgreementCall(info: GetInfo): KeyAgreementCall | undefined {
  const protocol = info.pinUvAuthProtocols?.find(isPinUvAuthProtocol)
  if (protocol === undefined || !knowsExtension(info, HMAC_SECRET)) return undefined
  const subCommand = CLIENT_PIN.getKeyAgreement
  return { protocol, request: encodeClientPinRequest({ pinUvAuthProtocol: protocol, subCommand }) }
}

/** One use of `hmac-secret` at a sign-in: salts go out encrypted, and the outputs come back encrypted. */
export class HmacSecretExchange {
  readonly #protocol: PinUvAuthProtocol
  readonly #publicKey: P256Point
  readonly #secret: PinUvAuthSecret
  readonly #iv: Uint8Array

  /**
   * @param response to the call: status byte ‖ CBOR.
   * @param iv an initialization vector: 16 fresh random bytes.
   * @throws CtapError; DecodeError `ctap-malformed`, `point-invalid`, or a `cbor-…` code.
   */
  constructor(crypto: CryptoProvider, { protocol }: KeyAgreementCall, response: Uint8Array, iv: Uint8Array) {
    const peer = decodeKeyAgreementResponse(response)
    const own = crypto.generateEcdhKey()
    this.#protocol = protocol
    this.#publicKey = own.publicKey
    this.#secret = agreeOnSecret(crypto, protocol, own, peer)
    own.destroy()
    this.#iv = iv
  }

  /** The extension as getAssertion carries it. */
  request({ first, second }: HmacSecretValues): CborMap {
    const saltEnc = this.#secret.encrypt(concatBytes(first, ...(second ? [second] : [])), this.#iv)
    const input = encodeHmacSecretInput({
      keyAgreement: this.#publicKey,
      saltEnc,
      saltAuth: this.#secret.authenticate(saltEnc),
      pinUvAuthProtocol: this.#protocol,
    })
    return cborMap([[HMAC_SECRET, input]])
  }

  /**
   * Reads the answer once; the secret is then wiped.
   * @returns undefined where the passkey has no secrets.
   * @throws ProtocolError `response-invalid`.
   */
  results({ signed }: ExtensionOutputs): HmacSecretValues | undefined {
    const output = signed?.get(HMAC_SECRET)
    const opened = output instanceof Uint8Array ? this.#secret.decrypt(output) : undefined
    this.#secret.destroy()
    if (output === undefined) return undefined
    if (opened?.length !== HMAC_SECRET_BYTES && opened?.length !== 2 * HMAC_SECRET_BYTES)
      throw responseInvalid(
        'has an output of hmac-secret that does not decrypt to one or two values of 32 bytes',
      )
    const second = opened.slice(HMAC_SECRET_BYTES)
    return { first: opened.slice(0, HMAC_SECRET_BYTES), second: second.length > 0 ? second : undefined }
  }
}
