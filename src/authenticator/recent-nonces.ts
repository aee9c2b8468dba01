import type { ClientNonce } from '../bytes/brands.js'
import { encodeHex } from '../bytes/hex.js'

/** Client nonces that came lately: each is good for one transaction. The oldest make room. */
export class RecentNonces {
  readonly #limit: number
  readonly #seen = new Set<string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @returns false for a nonce that came before. */
  add(nonce: ClientNonce): boolean {
    const key = encodeHex(nonce)
    if (this.#seen.has(key)) return false
    const [oldest] = this.#seen
    if (this.#seen.size >= this.#limit && oldest !== undefined) this.#seen.delete(oldest)
    this.#seen.add(key)
    return true
  }
}
