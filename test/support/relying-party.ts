import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server'

/** A relying party with one user and a memory. */
export class RelyingParty {
  readonly origin: string
  readonly #rpID: string
  readonly credentials: WebAuthnCredential[] = []
  #challenge = ''

  constructor(origin = 'https://login.example.com', rpID = 'example.com') {
    this.origin = origin
    this.#rpID = rpID
  }

  async creationOptions(
    overrides: Partial<Parameters<typeof generateRegistrationOptions>[0]> = {},
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const options = await generateRegistrationOptions({
      rpName: 'Example',
      rpID: this.#rpID,
      userName: 'ada@example.com',
      userDisplayName: 'Ada',
      attestationType: 'none',
      supportedAlgorithmIDs: [-7],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      ...overrides,
    })
    this.#challenge = options.challenge
    return options
  }

  /** Verifies as a relying party does, and keeps the credential. */
  async register(response: RegistrationResponseJSON): Promise<WebAuthnCredential> {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: this.#challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.#rpID,
    })
    if (!verified) throw new Error('the registration does not verify')
    this.credentials.push(registrationInfo.credential)
    return registrationInfo.credential
  }

  async requestOptions(
    overrides: Partial<Parameters<typeof generateAuthenticationOptions>[0]> = {},
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const options = await generateAuthenticationOptions({ rpID: this.#rpID, ...overrides })
    this.#challenge = options.challenge
    return options
  }

  /** Verifies as a relying party does; returns the credential that signed. */
  async signIn(response: AuthenticationResponseJSON): Promise<WebAuthnCredential> {
    const credential = this.credentials.find(({ id }) => id === response.id)
    if (credential === undefined) throw new Error('nobody registered this credential')
    const { verified } = await verifyAuthenticationResponse({
      response,
      credential,
      expectedChallenge: this.#challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.#rpID,
    })
    if (!verified) throw new Error('the sign-in does not verify')
    return credential
  }
}
