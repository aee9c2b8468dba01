/** Bytes whose number is known before they come. */
export class BytesToFill {
  readonly bytes: Uint8Array<ArrayBuffer>
  #filled = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
  }

  get isEmpty(): boolean {
    return this.#filled === 0
  }

  get isFull(): boolean {
    return this.#filled === this.bytes.length
  }

  /** Copies what is lacking. @returns what is left over. */
  fill(from: Uint8Array): Uint8Array {
    const taken = from.subarray(0, this.bytes.length - this.#filled)
    this.bytes.set(taken, this.#filled)
    this.#filled += taken.length
    return from.subarray(taken.length)
  }
}
