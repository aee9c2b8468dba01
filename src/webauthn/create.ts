import { encodeBase64url } from '../bytes/base64url.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { decodeAuthenticatorData } from '../ctap/authenticator-data.js'
import type { AttestedCredential } from '../ctap/authenticator-data.js'
import { decodeCoseKey } from '../ctap/cose-key.js'
import type { CoseKey } from '../ctap/cose-key.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { GetInfo } from '../ctap/get-info.js'
import { decodeMakeCredentialResponse, encodeMakeCredentialRequest } from '../ctap/make-credential.js'
import { encodeSubjectPublicKeyInfo } from '../ctap/subject-public-key-info.js'
import { ProtocolError } from '../errors.js'
import { encodeAttestationObject } from './attestation-object.js'
import { admit } from './ceremony-origin.js'
import type { AdmittedRequest, CeremonyOrigin } from './ceremony-origin.js'
import { asksVerification, checkAuthenticatorData, hasOption, responseInvalid } from './ceremony.js'
import type { SignedExpectations } from './ceremony.js'
import { parseCreationOptions } from './creation-options.js'
import type { CreationOptions } from './creation-options.js'
import type { AuthenticatorAttachment, AuthenticatorTransport } from './credential-json.js'
import { registrationExtensionRequest, registrationExtensionResults } from './extensions.js'
import type { RegistrationResponseJSON } from './registration-json.js'
import type { RpIdRules } from './rp-id.js'
import { transportsOf } from './transports.js'

/** The authenticator knows for itself which relying parties may have it (CTAP 2.2 section 7.1). */
const VENDOR_FACILITATED = 1

/** A registration that may go ahead: everything that can be checked without a phone has been. */
export interface Registration extends AdmittedRequest {
  readonly options: CreationOptions
  /** Of the authenticator; `cross-platform` unless given. */
  readonly attachment?: AuthenticatorAttachment
}

/** What the response to one makeCredential must bear out, and what the relying party hears beside it. */
interface RegistrationExpectations extends SignedExpectations {
  /** COSE algorithm identifiers. */
  readonly algorithms: readonly number[]
  /** Whether the credential will be discoverable; undefined where the client cannot know. */
  readonly discoverable: boolean | undefined
  readonly transports: readonly AuthenticatorTransport[]
}

/** One makeCredential, ready to send. */
export interface MakeCredentialCall {
  readonly registration: Registration
  /** command byte ‖ CBOR. */
  readonly request: Uint8Array
  readonly expectations: RegistrationExpectations
}

/**
 * Checks a relying party’s options against the caller’s origin. Call it before a QR code is shown.
 * @param json PublicKeyCredentialCreationOptionsJSON, not yet checked.
 * @param from where the request comes from.
 * @param rules what decides on an RP ID that is not the origin’s host; without them, none may be claimed.
 * @param attachment of the authenticator that is there.
 * @throws UsageError about the options (as `parseCreationOptions`), about where it comes from (as `admit`).
 */
export async function parseRegistration(
  json: unknown,
  from: CeremonyOrigin,
  rules?: RpIdRules,
  attachment: AuthenticatorAttachment = 'cross-platform',
): Promise<Registration> {
  const options = parseCreationOptions(json, attachment)
  const { challenge, extensions } = options
  const { remoteClientData } = extensions
  const asked = { type: 'webauthn.create', challenge, rpId: options.rp.id, remoteClientData } as const
  return { options, attachment, ...(await admit(asked, from, rules)) }
}

/**
 * Makes the CTAP2 request for a phone that has introduced itself (protocol.md 15.2).
 * @throws ProtocolError `feature-missing` when the phone cannot do what the options require.
 */
export function toMakeCredential(
  registration: Registration,
  info: GetInfo,
  crypto: CryptoProvider,
): MakeCredentialCall {
  const { options, clientDataJSON, rpId } = registration
  const rk = asksDiscoverable(options, info)
  const request = encodeMakeCredentialRequest({
    clientDataHash: crypto.sha256(clientDataJSON),
    rp: { id: rpId, name: options.rp.name },
    user: options.user,
    pubKeyCredParams: options.pubKeyCredParams,
    excludeList: options.excludeCredentials,
    extensions: registrationExtensionRequest(options.extensions, info, crypto),
    rk,
    uv: asksVerification(info, options.userVerification),
    enterpriseAttestation: asksEnterprise(options, info) ? VENDOR_FACILITATED : undefined,
  })
  const expectations = {
    rpIdHash: crypto.sha256(encodeUtf8(rpId)),
    userVerified: options.userVerification === 'required',
    algorithms: options.pubKeyCredParams.map(({ alg }) => alg),
    // Phones may make it discoverable unasked, and do not say so.
    discoverable: rk || (hasOption(info, 'rk') ? undefined : false),
    transports: registration.attachment === 'platform' ? (['internal'] as const) : transportsOf(info),
  }
  return { registration, request, expectations }
}

/**
 * Checks what the phone answered and writes it for the relying party.
 * @param response status byte ‖ CBOR.
 * @throws CtapError for a status other than 0x00.
 * @throws ProtocolError `response-invalid` when the answer is not to this call.
 * @throws DecodeError `ctap-malformed`, `point-invalid`, or a `cbor-…` code.
 */
export function fromMakeCredential(response: Uint8Array, call: MakeCredentialCall): RegistrationResponseJSON {
  const { expectations } = call
  const { options, clientDataJSON } = call.registration
  const answer = decodeMakeCredentialResponse(response)
  const data = decodeAuthenticatorData(answer.authData)
  checkAuthenticatorData(data, expectations)
  const credential = data.attestedCredential
  if (credential === undefined || credential.credentialId.length === 0)
    throw responseInvalid('has no credential')
  const key = checkedKey(credential, expectations)
  const publicKey = encodeSubjectPublicKeyInfo(key)
  const outputs = { unsigned: answer.unsignedExtensionOutputs, signed: data.extensions }
  const id = encodeBase64url(credential.credentialId)
  return {
    id,
    rawId: id,
    response: {
      clientDataJSON: encodeBase64url(clientDataJSON),
      attestationObject: encodeBase64url(encodeAttestationObject(answer, credential, options.attestation)),
      authenticatorData: encodeBase64url(answer.authData),
      transports: [...expectations.transports],
      publicKeyAlgorithm: key.algorithm,
      ...(publicKey && { publicKey: encodeBase64url(publicKey) }),
    },
    authenticatorAttachment: call.registration.attachment ?? 'cross-platform',
    clientExtensionResults: registrationExtensionResults(
      options.extensions,
      outputs,
      expectations.discoverable,
    ),
    type: PUBLIC_KEY,
  }
}

/** As browsers do: a discoverable credential where it is required, or preferred and possible. */
function asksDiscoverable({ residentKey }: CreationOptions, info: GetInfo): boolean {
  const able = hasOption(info, 'rk')
  if (!able && residentKey === 'required')
    throw new ProtocolError(
      'feature-missing',
      'the phone holds no discoverable credentials, which the options require',
    )
  return able && residentKey !== 'discouraged'
}

/** Only of a phone that is set up for it; to others it is a wish like `direct` (WebAuthn L3 section 5.4.7). */
function asksEnterprise({ attestation }: CreationOptions, info: GetInfo): boolean {
  return attestation === 'enterprise' && hasOption(info, 'ep')
}

function checkedKey(credential: AttestedCredential, { algorithms }: RegistrationExpectations): CoseKey {
  const key = decodeCoseKey(credential.publicKey)
  if (algorithms.includes(key.algorithm)) return key
  throw responseInvalid(`has a key for algorithm ${key.algorithm}, which was not asked for`)
}
