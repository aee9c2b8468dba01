import { encodeBase64url } from '../../src/bytes/base64url.js'
import { decodeHex } from '../../src/bytes/hex.js'
import type { CborMap } from '../../src/cbor/value.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import {
  decodeGetAssertionRequest,
  decodeGetAssertionResponse,
  encodeGetAssertionResponse,
} from '../../src/ctap/get-assertion.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import type { GetInfo } from '../../src/ctap/get-info.js'
import {
  decodeMakeCredentialRequest,
  decodeMakeCredentialResponse,
  encodeMakeCredentialResponse,
} from '../../src/ctap/make-credential.js'
import type { AuthenticationResponseJSON } from '../../src/webauthn/authentication-json.js'
import { fromMakeCredential, toMakeCredential } from '../../src/webauthn/create.js'
import type { Registration } from '../../src/webauthn/create.js'
import { parseCreationOptions } from '../../src/webauthn/creation-options.js'
import { fromGetAssertion, parseAuthentication, toGetAssertion } from '../../src/webauthn/get.js'
import type { GetAssertionCall } from '../../src/webauthn/get.js'
import type { RegistrationResponseJSON } from '../../src/webauthn/registration-json.js'
import { chromiumCreate, chromiumGet } from '../ctap/recorded.js'
import type { RecordedExchange } from '../ctap/recorded.js'

/** The client data of a recorded ceremony. */
export interface RecordedClientData {
  readonly challenge: string
  readonly origin: string
}

export function pageBytes(exchange: RecordedExchange, member: string): Uint8Array {
  return decodeHex(exchange.page[member] ?? '')
}

/** A member of the page’s credential as JSON carries it. */
export function pageText(exchange: RecordedExchange, member: string): string {
  return encodeBase64url(pageBytes(exchange, member))
}

export function clientDataOf(exchange: RecordedExchange): RecordedClientData {
  return JSON.parse(new TextDecoder().decode(pageBytes(exchange, 'clientDataJSON'))) as RecordedClientData
}

const creation = clientDataOf(chromiumCreate)
const request = clientDataOf(chromiumGet)

/** As `parseRegistration` makes it where no domain has to be looked up; fits what was recorded. */
export function registrationOf(changes: object): Registration {
  const options = {
    rp: { id: 'localhost', name: 'hybrid lab' },
    user: { id: 'AQIDBAUGBwg', name: 'alice@example.org', displayName: 'Alice' },
    challenge: creation.challenge,
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    ...changes,
  }
  return {
    options: parseCreationOptions(options),
    clientDataJSON: pageBytes(chromiumCreate, 'clientDataJSON'),
    rpId: 'localhost',
  }
}

function phone(exchange: RecordedExchange, extensions: readonly string[] | undefined): GetInfo {
  return { ...decodeGetInfo(exchange.getInfo), extensions }
}

/** The extensions that a registration sends to a phone that knows these. */
export function asked(extensions: object, known: readonly string[] | undefined): CborMap | undefined {
  const call = toMakeCredential(registrationOf({ extensions }), phone(chromiumCreate, known), nobleProvider)
  return decodeMakeCredentialRequest(call.request).extensions
}

/** The recorded registration, had it been asked for extensions and answered so. */
export function registered(
  extensions: object,
  outputs: { readonly unsigned?: CborMap | undefined; readonly signed?: CborMap | undefined },
  known: readonly string[] = ['prf', 'largeBlob', 'credProtect'],
): RegistrationResponseJSON {
  const call = toMakeCredential(registrationOf({ extensions }), phone(chromiumCreate, known), nobleProvider)
  const answer = decodeMakeCredentialResponse(chromiumCreate.response)
  const data = { ...decodeAuthenticatorData(answer.authData), extensions: outputs.signed }
  const response = encodeMakeCredentialResponse({
    ...answer,
    authData: encodeAuthenticatorData(data),
    unsignedExtensionOutputs: outputs.unsigned,
  })
  return fromMakeCredential(response, call)
}

async function signInCall(changes: object, known: readonly string[]): Promise<GetAssertionCall> {
  const options = { challenge: request.challenge, rpId: 'localhost', ...changes }
  const authentication = await parseAuthentication(options, request)
  return toGetAssertion(authentication, phone(chromiumGet, known), nobleProvider)
}

/** The extensions that a sign-in sends to a phone that knows these. */
export async function asking(changes: object, known: readonly string[]): Promise<CborMap | undefined> {
  const call = await signInCall(changes, known)
  return decodeGetAssertionRequest(call.request).extensions
}

/** The recorded sign-in, had it been asked for extensions and answered so. */
export async function signedIn(
  changes: object,
  unsignedExtensionOutputs?: CborMap,
): Promise<AuthenticationResponseJSON> {
  const answer = decodeGetAssertionResponse(chromiumGet.response)
  const response = encodeGetAssertionResponse({ ...answer, unsignedExtensionOutputs })
  return fromGetAssertion(response, await signInCall(changes, ['prf', 'largeBlob']))
}
