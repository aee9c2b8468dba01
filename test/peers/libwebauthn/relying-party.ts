import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { createRelyingParty } from '../../../src/testing.js'
import type {
  CreationOverrides,
  RegisteredCredential,
  RelyingParty,
  RequestOverrides,
} from '../../../src/testing.js'
import type { By, Laptop, Wanted } from './laptop.js'
import { meet, responsesOf } from './phone.js'
import type { Phone } from './phone.js'

const ORIGIN = 'https://login.example.com'

/** Inputs and results of extensions in JSON; libwebauthn has its own words for some. */
export type Extensions = Readonly<Record<string, unknown>>

/** How a ceremony differs from the usual. */
export interface Manner {
  readonly by?: By
  readonly remember?: boolean
  readonly extensions?: Extensions
}

/** A response that the relying party’s library has verified. */
export interface Verified<Response> {
  readonly credential: RegisteredCredential
  readonly response: Response
  readonly results: Extensions
}

/** A site, and laptops that are at it. */
export class Site {
  readonly rp: RelyingParty

  private constructor(rp: RelyingParty) {
    this.rp = rp
  }

  static async open(): Promise<Site> {
    return new Site(await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' }))
  }

  async registration(overrides: CreationOverrides = {}, manner: Manner = {}): Promise<Wanted> {
    return wanted('register', await this.rp.creationOptions(overrides), manner)
  }

  async signIn(overrides: RequestOverrides = {}, manner: Manner = {}): Promise<Wanted> {
    return wanted('sign-in', await this.rp.requestOptions(overrides), manner)
  }

  /** A passkey is made, and the site takes it. */
  async registered(
    laptop: Laptop,
    phone: Phone,
    overrides?: CreationOverrides,
    manner: Manner = {},
  ): Promise<Verified<RegistrationResponseJSON>> {
    const met = await meet(laptop, phone, await this.registration(overrides, manner), manner.remember)
    return this.takes(responsesOf(met))
  }

  /** Somebody signs in, and the site takes it. */
  async signedIn(
    laptop: Laptop,
    phone: Phone,
    overrides?: RequestOverrides,
    manner: Manner = {},
  ): Promise<Verified<AuthenticationResponseJSON>> {
    const met = await meet(laptop, phone, await this.signIn(overrides, manner), manner.remember)
    return this.accepts(responsesOf(met))
  }

  async takes([only]: readonly unknown[]): Promise<Verified<RegistrationResponseJSON>> {
    const response = only as RegistrationResponseJSON
    const credential = await this.rp.register(response)
    return { credential, response, results: { ...response.clientExtensionResults } }
  }

  /** @param place of the response that is verified. */
  async accepts(responses: readonly unknown[], place = 0): Promise<Verified<AuthenticationResponseJSON>> {
    const response = responses[place] as AuthenticationResponseJSON
    const credential = await this.rp.signIn(response)
    return { credential, response, results: { ...response.clientExtensionResults } }
  }
}

function wanted(
  operation: Wanted['operation'],
  options: object,
  { by = 'code', extensions }: Manner,
): Wanted {
  return { operation, by, origin: ORIGIN, options: { ...options, ...(extensions && { extensions }) } }
}
