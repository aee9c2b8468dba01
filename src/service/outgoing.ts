import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

const BINARY = { binary: true } as const

/** What one leg is sent, its farewell included. All of a tick leaves in one write: writes are what a relay spends most of its time on. */
export class Outgoing {
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #whenLeft: (messages: number) => void
  /** Messages sent that have not been told of. */
  #leaving = 0
  /** Messages told of before their turn. */
  #ahead = 0

  /** @param whenLeft is told how many more messages have left for the network. */
  constructor(webSocket: WebSocket, stream: Duplex, whenLeft: (messages: number) => void) {
    this.#webSocket = webSocket
    this.#stream = stream
    this.#whenLeft = whenLeft
  }

  send(bytes: Uint8Array): void {
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork()
      process.nextTick(uncork, this.#stream)
    }
    this.#leaving += 1
    this.#webSocket.send(bytes, BINARY, this.#written)
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  /** At once, without a farewell. */
  cut(): void {
    this.#webSocket.terminate()
  }

  /** Called for each message, in order; those that left with the first are told of with it. */
  readonly #written = (): void => {
    if (this.#ahead > 0) {
      this.#ahead -= 1
      return
    }
    const left = this.#stream.writableLength === 0 ? this.#leaving : 1
    this.#leaving -= left
    this.#ahead = left - 1
    this.#whenLeft(left)
  }
}

function uncork(stream: Duplex): void {
  stream.uncork()
}
