import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

const BINARY = { binary: true } as const

/** What one leg is sent, its farewell included. All of a tick leaves in one write: writes are what a relay spends most of its time on. */
export class Outgoing {
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #whenLeft: () => void
  #isLeaving = false

  /** @param whenLeft is called when all that was sent has left for the network. */
  constructor(webSocket: WebSocket, stream: Duplex, whenLeft: () => void) {
    this.#webSocket = webSocket
    this.#stream = stream
    this.#whenLeft = whenLeft
  }

  send(bytes: Uint8Array): void {
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork()
      process.nextTick(uncork, this.#stream)
    }
    this.#isLeaving = true
    this.#webSocket.send(bytes, BINARY, this.#written)
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  /** At once, without a farewell. */
  cut(): void {
    this.#webSocket.terminate()
  }

  /** Called for each message, in order. */
  readonly #written = (): void => {
    if (!this.#isLeaving || this.#stream.writableLength > 0) return
    this.#isLeaving = false
    this.#whenLeft()
  }
}

function uncork(stream: Duplex): void {
  stream.uncork()
}
