import { attempt } from '../ports/calling.js'
import type { Preconnection, TunnelDialer } from '../ports/tunnel-dialer.js'

/**
 * The connections that one ceremony opens ahead of its dial. They only save time: a failure of one does not end the
 * ceremony, and the dial reports what is wrong.
 */
export class Preconnections {
  readonly #dialer: TunnelDialer
  readonly #open: Preconnection[] = []
  #isOver = false

  constructor(dialer: TunnelDialer) {
    this.#dialer = dialer
  }

  /**
   * Prepares the dialer, and opens a connection to each service. Nothing is opened once a tunnel was dialled or `close`
   * was called.
   */
  open(urls: readonly string[]): void {
    if (this.#isOver) return
    attempt(() => this.#dialer.prepare?.())
    for (const url of urls)
      attempt(() => {
        const connection = this.#dialer.preconnect?.(url)
        if (connection !== undefined) this.#open.push(connection)
      })
  }

  /** Closes the connections that no tunnel took, and settles when they are gone. No more are opened. */
  async close(): Promise<void> {
    this.#isOver = true
    await Promise.allSettled(this.#open.map(async connection => connection.close()))
  }
}
