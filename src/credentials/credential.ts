import { refuseOutsiders, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/**
 * The base class of what `create` and `get` give (Credential Management Level 1). Only they make one.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const credential = await credentials.get({ publicKey: requestOptions })
 * if (credential instanceof Credential) console.log(credential.id, credential.type)
 */
export abstract class Credential {
  readonly #id: string
  readonly #type: 'public-key' | 'digital'

  /** @internal @param type default `public-key`. */
  constructor(inside: Inside, id: string, type: 'public-key' | 'digital' = 'public-key') {
    refuseOutsiders(inside)
    this.#id = id
    this.#type = type
  }

  /** base64url. */
  get id(): string {
    return this.#id
  }

  /** `public-key` for a passkey, `digital` for a digital credential. */
  get type(): string {
    return this.#type
  }

  static {
    webInterface(Credential)
  }
}
