import { concatBytes } from '../bytes/bytes.js'
import { messageTooLong } from './message-too-long.js'
import type { StreamFramer } from './framer.js'

const CR = 0x0d
const LF = 0x0a
const END = Uint8Array.of(CR, LF)

const FIRST_BUFFER_BYTES = 256

// A sealed message is padded to 32 bytes, or 32 and one from some clients, and has a tag of 16. So has a Noise message, behind a
// point of 65 bytes.
const PADDED_TO = 32
const TAG_BYTES = 16

/**
 * Each message before CR LF. A sealed message may also contain these two bytes: they count as its end only where its
 * length is one that messages have.
 */
export class CrlfFramer implements StreamFramer {
  readonly #maxMessageBytes: number
  #maxNextBytes: number
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES)
  #length = 0

  constructor(maxMessageBytes: number, maxFirstBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
    this.#maxNextBytes = maxFirstBytes
  }

  frame(message: Uint8Array): Uint8Array {
    return concatBytes(message, END)
  }

  *read(chunk: Uint8Array): Generator<Uint8Array, undefined> {
    for (const byte of chunk) {
      this.#keep(byte)
      if (this.#isEnd()) yield this.#take()
      else if (this.#length >= this.#maxNextBytes + END.length)
        throw messageTooLong(this.#maxNextBytes, `${this.#length} bytes without an end`)
    }
  }

  get isWithinMessage(): boolean {
    return this.#length > 0
  }

  #keep(byte: number): void {
    if (this.#length === this.#buffer.length) {
      const longer = new Uint8Array(this.#length * 2)
      longer.set(this.#buffer)
      this.#buffer = longer
    }
    this.#buffer[this.#length++] = byte
  }

  #isEnd(): boolean {
    const messageBytes = this.#length - END.length
    return (
      isMessageLength(messageBytes) &&
      this.#buffer[messageBytes] === CR &&
      this.#buffer[messageBytes + 1] === LF
    )
  }

  #take(): Uint8Array {
    const message = this.#buffer.slice(0, this.#length - END.length)
    this.#length = 0
    this.#maxNextBytes = this.#maxMessageBytes
    return message
  }
}

function isMessageLength(bytes: number): boolean {
  const overPadding = (bytes - TAG_BYTES) % PADDED_TO
  return bytes >= PADDED_TO + TAG_BYTES && (overPadding === 0 || overPadding === 1)
}
