import type { Duplex } from 'node:stream'
import type { RawData } from 'ws'

/** RFC 6455 section 5.2: a client’s frame has two bytes of head, four of mask, and two or eight of a longer length. */
const HEAD_BYTES = 6
const SHORT_LENGTH_MAX = 125
const LONG_LENGTH_MIN = 65_536

/** How many bytes are there of a message that is not whole yet; the library keeps them, and says nothing of them. */
export class Incoming {
  #pending = 0
  #consumed = 0
  #isWhole = false

  /**
   * To be made right after the upgrade, so that the library has parsed each piece before it is counted here.
   * @param changed hears every new number.
   */
  constructor(stream: Duplex, changed: (bytes: number) => void) {
    stream.on('data', (piece: Buffer) => {
      const pending = this.#pending
      this.#count(piece.length)
      if (this.#pending !== pending) changed(this.#pending)
    })
  }

  /** The library has given a ping or a pong. */
  control(data: Buffer): void {
    this.#consumed += frameBytes(data.length)
  }

  /** The library has given a message. */
  message(data: RawData): void {
    this.#consumed += frameBytes(byteLengthOf(data))
    this.#isWhole = true
  }

  #count(pieceBytes: number): void {
    const unread = Math.max(0, this.#pending + pieceBytes - this.#consumed)
    // More heads than were counted, of fragments, went before the end of a whole message.
    this.#pending = this.#isWhole ? Math.min(unread, pieceBytes) : unread
    this.#consumed = 0
    this.#isWhole = false
  }
}

function frameBytes(length: number): number {
  if (length <= SHORT_LENGTH_MAX) return HEAD_BYTES + length
  return HEAD_BYTES + (length < LONG_LENGTH_MIN ? 2 : 8) + length
}

function byteLengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength
}
