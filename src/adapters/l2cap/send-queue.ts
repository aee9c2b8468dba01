/** What is to be sent, in pieces as they are given. */
export class SendQueue {
  readonly #pieces: Uint8Array[] = []
  #size = 0

  /** In bytes. */
  get size(): number {
    return this.#size
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#size += piece.length
  }

  /** The next bytes, at most so many; they stay until they are dropped. */
  next(limit: number): Uint8Array | undefined {
    return this.#pieces[0]?.subarray(0, limit)
  }

  /** @param length of what `next` gave, or less. */
  drop(length: number): void {
    const [first] = this.#pieces
    if (first === undefined) return
    this.#size -= length
    if (length >= first.length) this.#pieces.shift()
    else this.#pieces[0] = first.subarray(length)
  }
}
