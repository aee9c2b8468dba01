import type { DigitalCredentialResponse } from '../digital/digital-response.js'
import { knownProtocols } from '../digital/protocols.js'
import { Credential } from './credential.js'
import { INSIDE, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/**
 * What a wallet gave (W3C Digital Credentials). Only `create` and `get` make one.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const requests = [{ protocol: 'openid4vp-v1-unsigned', data: { nonce: 'n-0S6' } }]
 * const credential = await credentials.get({ digital: { requests } })
 * if (credential instanceof DigitalCredential) console.log(credential.protocol, credential.data)
 */
export class DigitalCredential extends Credential {
  readonly #protocol: string
  readonly #data: object

  /** @internal */
  constructor(inside: Inside, { protocol, data }: DigitalCredentialResponse) {
    super(inside, '', 'digital')
    this.#protocol = protocol
    this.#data = structuredClone(data)
  }

  /** The one of the requested protocols that the wallet answered in. */
  get protocol(): string {
    return this.#protocol
  }

  /** What the protocol says; for the verifier or issuer to check. */
  get data(): object {
    return this.#data
  }

  /** Protocol and data, as a verifier takes them over HTTP. */
  toJSON(): { protocol: string; data: object } {
    return { protocol: this.#protocol, data: structuredClone(this.#data) }
  }

  /** Whether requests in this protocol reach a wallet; others are left out. */
  static userAgentAllowsProtocol(protocol: string): boolean {
    return (['presentation', 'issuance'] as const).some(kind => knownProtocols(kind).includes(protocol))
  }

  static {
    webInterface(DigitalCredential)
  }
}

export function digitalCredential(response: DigitalCredentialResponse): DigitalCredential {
  return new DigitalCredential(INSIDE, response)
}
