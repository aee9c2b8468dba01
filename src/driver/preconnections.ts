import { attempt } from '../ports/calling.js'
import type { Preconnection, TunnelDialer } from '../ports/tunnel-dialer.js'

/**
 * The connections that one ceremony opens ahead of its dial. They are a help: none of their faults ends it, and the dial tells what is
 * wrong.
 */
export class Preconnections {
  readonly #dialer: TunnelDialer
  readonly #open: Preconnection[] = []
  #isOver = false

  constructor(dialer: TunnelDialer) {
    this.#dialer = dialer
  }

  /** Prepares the dialer, and opens one to each service, where the dialer can and nothing was dialled or closed yet. */
  open(urls: readonly string[]): void {
    if (this.#isOver) return
    attempt(() => this.#dialer.prepare?.())
    for (const url of urls)
      attempt(() => {
        const connection = this.#dialer.preconnect?.(url)
        if (connection !== undefined) this.#open.push(connection)
      })
  }

  /** Closes those that no tunnel took, and settles when they are gone; no more are opened. */
  async close(): Promise<void> {
    this.#isOver = true
    await Promise.allSettled(this.#open.map(async connection => connection.close()))
  }
}
