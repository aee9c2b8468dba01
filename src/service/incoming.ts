/*
 * RFC 6455 section 5.2: two bytes of head, two or eight of a longer length, four of a client’s mask, then the payload.
 */
const HEAD_BYTES = 2
const MASK_BYTES = 4
const FINAL = 0x80
const OPCODE = 0x0f
const FIRST_CONTROL_OPCODE = 0x08
const LENGTH = 0x7f
const LENGTH_IN_TWO = 126
const LENGTH_IN_EIGHT = 127
const BYTE = 256

/** What Node takes for each piece beside its bytes, as measured: a buffer, its backing store and its place in a list. */
const PIECE_COST = 512
/** A fragment may be the last view of a slab from which Node cuts small buffers, and keep the whole slab. */
const FRAGMENT_COST = 8192

/** A message may come in this many pieces, and one more for each 256 bytes: network packets are larger than that. */
const FREE_PIECES = 128
const BYTES_A_PIECE = 256
/** Fragments of one message. The clients known send each message as one frame. */
export const MAX_FRAGMENTS = 64

/**
 * Follows the frames that a client sends, to know how much memory an incomplete message takes. The library keeps the pieces of such a
 * message as they came, and reports nothing until it is complete. Clients that never finish their messages would use memory that no
 * limit sees.
 */
export class Incoming {
  /** Bytes left to the end of the frame, once its head is read. */
  #rest = 0
  /** Bytes of the head that are read, and how many there are. */
  #headRead = 0
  #headLength = HEAD_BYTES
  #length = 0
  #first = 0
  /** Counts since the message began. */
  #bytes = 0
  #pieces = 0
  #fragments = 0

  /** The memory of the incomplete message, in bytes. */
  get charge(): number {
    return this.#bytes + this.#pieces * PIECE_COST + this.#fragments * FRAGMENT_COST
  }

  /** Whether the message comes in more pieces or fragments than any honest client sends. */
  get isCrumbled(): boolean {
    return this.#pieces > FREE_PIECES + this.#bytes / BYTES_A_PIECE || this.#fragments > MAX_FRAGMENTS
  }

  /** The socket has read a piece. @returns whether `charge` has changed. */
  piece(bytes: Uint8Array): boolean {
    const before = this.#pieces
    this.#follow(bytes)
    if (this.#isWhole()) {
      this.#forget()
      return before > 0
    }
    // The whole piece counts, because a view of its end or middle keeps all of it in memory.
    this.#bytes += bytes.length
    this.#pieces += 1
    return true
  }

  #follow(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#headRead < this.#headLength) {
        this.#head(bytes[at] ?? 0)
        at += 1
      } else {
        const skipped = Math.min(this.#rest, bytes.length - at)
        this.#rest -= skipped
        at += skipped
      }
      if (this.#headRead === this.#headLength && this.#rest === 0) this.#endFrame()
    }
  }

  #head(byte: number): void {
    const index = this.#headRead++
    if (index === 0) this.#first = byte
    else if (index === 1) this.#readLength(byte & LENGTH)
    else this.#length = this.#length * BYTE + byte
    if (index > 0 && this.#headRead === this.#headLength) this.#rest = this.#length + MASK_BYTES
  }

  #readLength(length: number): void {
    if (length === LENGTH_IN_TWO) this.#headLength += 2
    else if (length === LENGTH_IN_EIGHT) this.#headLength += 8
    this.#length = length < LENGTH_IN_TWO ? length : 0
  }

  #endFrame(): void {
    this.#headRead = 0
    this.#headLength = HEAD_BYTES
    if ((this.#first & OPCODE) >= FIRST_CONTROL_OPCODE) return
    if ((this.#first & FINAL) === 0) this.#fragments += 1
    else this.#forget()
  }

  #isWhole(): boolean {
    return this.#headRead === 0 && this.#fragments === 0
  }

  #forget(): void {
    this.#bytes = 0
    this.#pieces = 0
    this.#fragments = 0
  }
}
