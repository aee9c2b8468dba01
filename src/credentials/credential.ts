import { refuseOutsiders, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/** What `create` and `get` give (Credential Management Level 1). Only they make one. */
export abstract class Credential {
  readonly #id: string
  readonly #type: 'public-key' | 'digital'

  constructor(inside: Inside, id: string, type: 'public-key' | 'digital' = 'public-key') {
    refuseOutsiders(inside)
    this.#id = id
    this.#type = type
  }

  /** base64url. */
  get id(): string {
    return this.#id
  }

  get type(): string {
    return this.#type
  }

  static {
    webInterface(Credential)
  }
}
