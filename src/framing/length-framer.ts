import { concatBytes } from '../bytes/bytes.js'
import { BytesToFill } from './bytes-to-fill.js'
import { messageTooLong } from './message-too-long.js'
import type { StreamFramer } from './framer.js'

const LENGTH_BYTES = 4

/** Each message behind its length. */
export class LengthFramer implements StreamFramer {
  readonly #maxMessageBytes: number
  #maxNextBytes: number
  #length = new BytesToFill(LENGTH_BYTES)
  #message: BytesToFill | undefined

  constructor(maxMessageBytes: number, maxFirstBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
    this.#maxNextBytes = maxFirstBytes
  }

  frame(message: Uint8Array): Uint8Array {
    const length = new Uint8Array(LENGTH_BYTES)
    new DataView(length.buffer).setUint32(0, message.length)
    return concatBytes(length, message)
  }

  *read(chunk: Uint8Array): Generator<Uint8Array, undefined> {
    let rest = chunk
    while (rest.length > 0) {
      rest = this.#length.fill(rest)
      if (!this.#length.isFull) return
      const message = (this.#message ??= new BytesToFill(this.#announced()))
      rest = message.fill(rest)
      if (!message.isFull) return
      this.#length = new BytesToFill(LENGTH_BYTES)
      this.#message = undefined
      this.#maxNextBytes = this.#maxMessageBytes
      yield message.bytes
    }
  }

  get isWithinMessage(): boolean {
    return !this.#length.isEmpty
  }

  #announced(): number {
    const length = new DataView(this.#length.bytes.buffer).getUint32(0)
    if (length > this.#maxNextBytes) throw messageTooLong(this.#maxNextBytes, `${length} bytes`)
    return length
  }
}
