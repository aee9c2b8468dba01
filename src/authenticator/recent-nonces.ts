import type { ClientNonce, TunnelId } from '../bytes/brands.js'
import { encodeHex } from '../bytes/hex.js'

/**
 * Client nonces that were used lately, and the tunnel of each: a nonce is good for one transaction. The oldest make
 * room for new ones.
 */
export class RecentNonces {
  readonly #limit: number
  readonly #tunnels = new Map<string, string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** `repeated`: the same call came before; `replayed`: the nonce came before, for another tunnel. */
  judge(nonce: ClientNonce, tunnelId: TunnelId): 'new' | 'repeated' | 'replayed' {
    const taken = this.#tunnels.get(encodeHex(nonce))
    if (taken === undefined) return 'new'
    return taken === encodeHex(tunnelId) ? 'repeated' : 'replayed'
  }

  add(nonce: ClientNonce, tunnelId: TunnelId): void {
    const [oldest] = this.#tunnels.keys()
    if (this.#tunnels.size >= this.#limit && oldest !== undefined) this.#tunnels.delete(oldest)
    this.#tunnels.set(encodeHex(nonce), encodeHex(tunnelId))
  }
}
