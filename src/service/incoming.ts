import type { RawData } from 'ws'

/** RFC 6455 section 5.2: a client’s frame has two bytes of head, four of mask, and two or eight of a longer length. */
const HEAD_BYTES = 6
const SHORT_LENGTH_MAX = 125
const LONG_LENGTH_MIN = 65_536

/** Counts how many bytes are there of a message that is not whole yet; the library keeps them, and says nothing of them. */
export class Incoming {
  #pending = 0
  #consumed = 0
  #isWhole = false

  /** The library has given a ping or a pong. */
  control(data: Buffer): void {
    this.#consumed += frameBytes(data.length)
  }

  /** The library has given a message. */
  message(data: RawData): void {
    this.#consumed += frameBytes(byteLengthOf(data))
    this.#isWhole = true
  }

  /**
   * A piece of so many bytes has come, and the library has parsed it.
   * @returns how many are pending now, undefined when it is as many as before.
   */
  piece(length: number): number | undefined {
    const before = this.#pending
    const unread = Math.max(0, before + length - this.#consumed)
    // More heads than were counted, of fragments, went before the end of a whole message.
    this.#pending = this.#isWhole ? Math.min(unread, length) : unread
    this.#consumed = 0
    this.#isWhole = false
    return this.#pending === before ? undefined : this.#pending
  }
}

function frameBytes(length: number): number {
  if (length <= SHORT_LENGTH_MAX) return HEAD_BYTES + length
  return HEAD_BYTES + (length < LONG_LENGTH_MIN ? 2 : 8) + length
}

function byteLengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength
}
