import { encodeBase64url } from '../bytes/base64url.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import { encodeGetAssertionRequest } from '../ctap/get-assertion.js'
import type { GetInfo } from '../ctap/get-info.js'
import { readAssertion } from './assertion.js'
import type { AssertionExpectations } from './assertion.js'
import type { AuthenticationResponseJSON } from './authentication-json.js'
import type { AuthenticatorAttachment } from './credential-json.js'
import { admit } from './ceremony-origin.js'
import type { AdmittedRequest, CeremonyOrigin } from './ceremony-origin.js'
import { asksVerification } from './ceremony.js'
import { authenticationExtensionRequest, authenticationExtensionResults } from './extensions.js'
import type { HmacSecretExchange, KeyAgreementCall } from './hmac-secret.js'
import { parseRequestOptions } from './request-options.js'
import type { RequestOptions } from './request-options.js'
import { prfKeyAgreement } from './prf.js'
import type { RpIdRules } from './rp-id.js'

/** A sign-in that may go ahead: everything that can be checked without a phone has been. */
export interface Authentication extends AdmittedRequest {
  readonly options: RequestOptions
}

/** One getAssertion, ready to send. */
export interface GetAssertionCall {
  readonly authentication: Authentication
  /** command byte ‖ CBOR. */
  readonly request: Uint8Array
  readonly expectations: AssertionExpectations
  readonly exchange: HmacSecretExchange | undefined
}

/**
 * Checks a relying party’s options against the caller’s origin. Call it before a QR code is shown.
 * @param json PublicKeyCredentialRequestOptionsJSON, not yet checked.
 * @param from where the request comes from.
 * @param rules what decides on an RP ID that is not the origin’s host; without them, none may be claimed.
 * @throws UsageError about the options (as `parseRequestOptions`), about where it comes from (as `admit`).
 */
export async function parseAuthentication(
  json: unknown,
  from: CeremonyOrigin,
  rules?: RpIdRules,
): Promise<Authentication> {
  const options = parseRequestOptions(json)
  const { challenge, rpId, extensions } = options
  const { remoteClientData } = extensions
  const asked = { type: 'webauthn.get', challenge, rpId, remoteClientData } as const
  return { options, ...(await admit(asked, from, rules)) }
}

/**
 * The command that goes before the getAssertion where the extensions need it.
 * @returns undefined where they do not, as with all phones on the market.
 */
export function keyAgreementFor({ options }: Authentication, info: GetInfo): KeyAgreementCall | undefined {
  return prfKeyAgreement(options.extensions.prf, options.allowCredentials, info)
}

/**
 * Makes the CTAP2 request for a phone that has introduced itself (protocol.md 15.2).
 * @param exchange what the call of `keyAgreementFor` came to, if there was one.
 * @throws ProtocolError `feature-missing` when the phone cannot do what the options require.
 */
export async function toGetAssertion(
  authentication: Authentication,
  info: GetInfo,
  crypto: CryptoProvider,
  exchange?: HmacSecretExchange,
): Promise<GetAssertionCall> {
  const { options, clientDataJSON, rpId } = authentication
  const { allowCredentials, extensions } = options
  const request = encodeGetAssertionRequest({
    rpId,
    clientDataHash: crypto.sha256(clientDataJSON),
    allowList: allowCredentials,
    extensions: await authenticationExtensionRequest(extensions, allowCredentials, info, crypto, exchange),
    up: true,
    uv: asksVerification(info, options.userVerification),
  })
  const expectations = {
    rpIdHash: crypto.sha256(encodeUtf8(rpId)),
    userVerified: options.userVerification === 'required',
    allowed: allowCredentials,
  }
  return { authentication, request, expectations, exchange }
}

/**
 * Checks what the phone answered and writes it for the relying party.
 * @param response status byte ‖ CBOR.
 * @param authenticatorAttachment of the authenticator that answered.
 * @throws CtapError for a status other than 0x00.
 * @throws ProtocolError `response-invalid` when the answer is not to this call, or breaks the sizes of CTAP2.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 */
export async function fromGetAssertion(
  response: Uint8Array,
  call: GetAssertionCall,
  authenticatorAttachment: AuthenticatorAttachment = 'cross-platform',
): Promise<AuthenticationResponseJSON> {
  const { options, clientDataJSON } = call.authentication
  const { answer, data, credentialId, userHandle } = readAssertion(response, call.expectations)
  const id = encodeBase64url(credentialId)
  const outputs = { unsigned: answer.unsignedExtensionOutputs, signed: data.extensions }
  return {
    id,
    rawId: id,
    response: {
      clientDataJSON: encodeBase64url(clientDataJSON),
      authenticatorData: encodeBase64url(answer.authData),
      signature: encodeBase64url(answer.signature),
      ...(userHandle && { userHandle: encodeBase64url(userHandle) }),
    },
    authenticatorAttachment,
    clientExtensionResults: await authenticationExtensionResults(options.extensions, outputs, call.exchange),
    type: PUBLIC_KEY,
  }
}
