/** Where a run that is not the same each time takes its decisions from. */
export interface Choices {
  /** An integer of 0 to n − 1. */
  below(n: number): number
  bytes(length: number): Uint8Array
}

const BYTE_VALUES = 256
const UINT32_VALUES = 2 ** 32

/** The same decisions for the same seed (the generator mulberry32). */
export function seededChoices(seed: number): Choices {
  let state = seed >>> 0
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / UINT32_VALUES) * n)
  }
  return { below, bytes: length => Uint8Array.from({ length }, () => below(BYTE_VALUES)) }
}

/** Decisions read from bytes, so that a fuzzer makes them. */
export class ChosenBytes implements Choices {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Whether all bytes are used up; from there on every decision is 0. */
  get ended(): boolean {
    return this.#position >= this.#bytes.length
  }

  below(n: number): number {
    const byte = this.#bytes[this.#position++] ?? 0
    return n <= BYTE_VALUES ? byte % n : (byte * BYTE_VALUES + (this.#bytes[this.#position++] ?? 0)) % n
  }

  /** Fewer where the input ends. */
  bytes(length: number): Uint8Array {
    const start = this.#position
    this.#position += length
    return this.#bytes.slice(start, this.#position)
  }
}
