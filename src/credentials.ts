/**
 * What a page knows as `navigator.credentials`, for passkeys, over any client. Runs in Node, browsers, workers, Electron, Deno
 * and Bun.
 * @module
 */
export {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
} from './credentials/authenticator-response.js'
export type { ChoiceQuestion, ChooseClient } from './credentials/client-choice.js'
export type { ContainerCredentialClass, ContainerStatics } from './credentials/container-statics.js'
export type { CeremonyKind } from './webauthn/webauthn-error.js'
export type { SignalOrigin } from './client/signal-origin.js'
export { createCredentials } from './credentials/create-credentials.js'
export type { Credentials, CredentialsOptions } from './credentials/create-credentials.js'
export { Credential } from './credentials/credential.js'
export type {
  CredentialClient,
  NamedClient,
  PhoneOptions,
  RequestCeremony,
} from './credentials/credential-client.js'
export type {
  CredentialCreationOptions,
  CredentialMediationRequirement,
  CredentialRequestOptions,
} from './credentials/credential-requests.js'
export { DigitalCredential } from './credentials/digital-credential.js'
export type { DigitalRequestOptions } from './credentials/digital-requests.js'
export { CredentialsContainer } from './credentials/credentials-container.js'
export { installCredentials } from './credentials/install.js'
export type * from './credentials/page-dictionaries.js'
export { PublicKeyCredential } from './credentials/public-key-credential.js'
export type { AuthenticationCredential, RegistrationCredential } from './credentials/public-key-credential.js'
