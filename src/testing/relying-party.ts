import type * as SimpleWebAuthn from '@simplewebauthn/server'
import { ProtocolError, UnsupportedError } from '../errors.js'

/** What a relying party is made of. */
export interface RelyingPartyOptions {
  /** Such as `https://login.example.com`. */
  readonly origin: string
  /** The RP ID; the origin’s host unless given. */
  readonly rpId?: string | undefined
  /** What phones show for it; default `Example`. */
  readonly rpName?: string | undefined
}

/**
 * The options as they go to `client.create`, to `startRegistration` of `@simplewebauthn/browser` and to
 * `PublicKeyCredential.parseCreationOptionsFromJSON`. An input of `prf` is in them as it was given, but not in their type:
 * the three declare different bytes there.
 */
export type CreationOptionsForAll = WithoutPrf<SimpleWebAuthn.PublicKeyCredentialCreationOptionsJSON>

/** The options as they go to `client.get`, to `startAuthentication` and to `PublicKeyCredential.parseRequestOptionsFromJSON`. */
export type RequestOptionsForAll = WithoutPrf<SimpleWebAuthn.PublicKeyCredentialRequestOptionsJSON>

type WithoutPrf<Options extends { extensions?: SimpleWebAuthn.AuthenticationExtensionsClientInputs }> = Omit<
  Options,
  'extensions'
> & { extensions?: Omit<SimpleWebAuthn.AuthenticationExtensionsClientInputs, 'prf'> }

/** Members of the creation options that differ from a required, discoverable, verified ES256 passkey for Ada. */
export type CreationOverrides = Partial<SimpleWebAuthn.GenerateRegistrationOptionsOpts>

/** Members of the request options that differ from a sign-in with any passkey. */
export type RequestOverrides = Partial<SimpleWebAuthn.GenerateAuthenticationOptionsOpts>

/** A registered passkey, as the relying party keeps it. */
export type RegisteredCredential = SimpleWebAuthn.WebAuthnCredential

/**
 * A relying party for demos and harnesses: `@simplewebauthn/server` with a memory, for one user and one ceremony at
 * a time. The package is an optional peer, loaded by `createRelyingParty`.
 *
 * @example
 * const rp = await createRelyingParty({ origin: 'https://login.example.com' })
 * const client = createLab().client()
 * await rp.signIn(await client.get(await rp.requestOptions(), { origin: rp.origin, onQr }))
 */
export class RelyingParty {
  readonly origin: string
  readonly rpId: string
  /** What has been registered, oldest first. */
  readonly credentials: RegisteredCredential[] = []
  readonly #library: typeof SimpleWebAuthn
  readonly #rpName: string
  #challenge = ''
  /** COSE identifiers of the options whose answer is awaited. */
  #algorithms: readonly number[] = []

  constructor(library: typeof SimpleWebAuthn, options: RelyingPartyOptions) {
    this.#library = library
    this.origin = options.origin
    this.rpId = options.rpId ?? new URL(options.origin).hostname
    this.#rpName = options.rpName ?? 'Example'
  }

  /** Options for `create`, with a fresh challenge; the one before is void. */
  async creationOptions(overrides: CreationOverrides = {}): Promise<CreationOptionsForAll> {
    const options = await this.#library.generateRegistrationOptions({
      rpName: this.#rpName,
      rpID: this.rpId,
      userName: 'ada@example.com',
      userDisplayName: 'Ada',
      attestationType: 'none',
      supportedAlgorithmIDs: [-7],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      ...overrides,
    })
    this.#challenge = options.challenge
    this.#algorithms = options.pubKeyCredParams.map(({ alg }) => alg)
    return options
  }

  /** Verifies a registration and keeps its credential. @throws what the library finds wrong, else ProtocolError `response-invalid`. */
  async register(response: SimpleWebAuthn.RegistrationResponseJSON): Promise<RegisteredCredential> {
    const { verified, registrationInfo } = await this.#library.verifyRegistrationResponse({
      response,
      supportedAlgorithmIDs: [...this.#algorithms],
      ...this.#expectations(),
    })
    if (!verified) throw new ProtocolError('response-invalid', 'the registration does not verify')
    this.credentials.push(registrationInfo.credential)
    return registrationInfo.credential
  }

  /** Options for `get`, with a fresh challenge; the one before is void. */
  async requestOptions(overrides: RequestOverrides = {}): Promise<RequestOptionsForAll> {
    const options = await this.#library.generateAuthenticationOptions({
      rpID: this.rpId,
      userVerification: 'required',
      ...overrides,
    })
    this.#challenge = options.challenge
    return options
  }

  /**
   * Verifies a sign-in; returns the credential that signed. @throws what the library finds wrong, else ProtocolError
   * `response-invalid`.
   */
  async signIn(response: SimpleWebAuthn.AuthenticationResponseJSON): Promise<RegisteredCredential> {
    const credential = this.credentials.find(({ id }) => id === response.id)
    if (credential === undefined)
      throw new ProtocolError('response-invalid', 'this credential is not registered')
    const { verified, authenticationInfo } = await this.#library.verifyAuthenticationResponse({
      response,
      credential,
      ...this.#expectations(),
    })
    if (!verified) throw new ProtocolError('response-invalid', 'the sign-in does not verify')
    credential.counter = authenticationInfo.newCounter
    return credential
  }

  /** Each challenge is good for one answer. */
  #expectations(): { expectedChallenge: string; expectedOrigin: string; expectedRPID: string } {
    const expectedChallenge = this.#challenge
    this.#challenge = ''
    return { expectedChallenge, expectedOrigin: this.origin, expectedRPID: this.rpId }
  }
}

/**
 * Makes a relying party.
 * @throws UnsupportedError `package-missing` without `@simplewebauthn/server`.
 *
 * @example
 * const rp = await createRelyingParty({ origin: 'https://login.example.com' })
 * await rp.register(await client.create(await rp.creationOptions(), { origin: rp.origin, onQr }))
 */
export async function createRelyingParty(options: RelyingPartyOptions): Promise<RelyingParty> {
  return new RelyingParty(await load(), options)
}

async function load(): Promise<typeof SimpleWebAuthn> {
  try {
    return await import('@simplewebauthn/server')
  } catch (cause) {
    throw new UnsupportedError(
      'package-missing',
      'a relying party needs the package @simplewebauthn/server',
      { cause },
    )
  }
}
