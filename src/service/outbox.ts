import type { RelayLimits } from './limits.js'

/** In a queue’s size a message counts at least this much. */
const MIN_SIZE_BYTES = 64
/** What a message takes of memory beside its bytes, as measured: buffers, their backing store, the socket’s list of writes. */
const MESSAGE_COST = 512
/** A message that is a view of a much larger buffer keeps all of it. */
const MAX_PINNED_BYTES = 4096

const sizeOf = (byteLength: number): number => Math.max(MIN_SIZE_BYTES, byteLength)

const NOTHING: readonly Uint8Array[] = []

/** What all legs of one relay may take together. */
export class ByteBudget {
  readonly #total: number
  #left: number

  constructor(bytes: number) {
    this.#total = bytes
    this.#left = bytes
  }

  get taken(): number {
    return this.#total - this.#left
  }

  /** @returns whether there was enough. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }
}

/**
 * One direction of a tunnel. What its reader can take goes on at once: one message of any length, or several that
 * fit the queue’s size. The rest waits, within the limits.
 */
export class Outbox {
  readonly #limits: RelayLimits
  readonly #budget: ByteBudget
  #waiting: readonly Uint8Array[] = NOTHING
  #waitingBytes = 0
  /** How long each message is that has been sent and has not left yet; idle tunnels have no array of it. */
  #inFlight: number[] | undefined
  #inFlightSize = 0
  #heldCharge = 0
  #hasReader = false

  constructor(limits: RelayLimits, budget: ByteBudget) {
    this.#limits = limits
    this.#budget = budget
  }

  /** @returns what to send now, perhaps nothing; undefined when the message is one too many. */
  push(message: Uint8Array): readonly Uint8Array[] | undefined {
    const charge = MESSAGE_COST + message.length
    const goesOn = this.#hasReader && this.#waiting.length === 0 && this.#fitsWindow(message)
    if (!(goesOn || this.#mayWait(message)) || !this.#budget.take(charge)) return undefined
    this.#heldCharge += charge
    if (goesOn) {
      this.#takeOff(message.length)
      return [unpinned(message)]
    }
    // A fresh copy: the reader’s socket may hand out views of larger buffers.
    this.#waiting = [...this.#waiting, new Uint8Array(message)]
    this.#waitingBytes += message.length
    return NOTHING
  }

  /** The reader has joined. @returns what waited for it. */
  open(): readonly Uint8Array[] {
    this.#hasReader = true
    return this.#release()
  }

  /** So many of the messages that were sent have left for the network. @returns what may follow them. */
  flushed(messages: number): readonly Uint8Array[] {
    for (const byteLength of this.#inFlight?.splice(0, messages) ?? []) {
      const charge = MESSAGE_COST + byteLength
      this.#inFlightSize -= sizeOf(byteLength)
      this.#heldCharge -= charge
      this.#budget.give(charge)
    }
    return this.#release()
  }

  /** The direction ends. @returns what the reader has not been sent yet. */
  end(): readonly Uint8Array[] {
    const rest = this.#hasReader ? this.#waiting : NOTHING
    this.#waiting = NOTHING
    this.#budget.give(this.#heldCharge)
    this.#heldCharge = 0
    this.#inFlight = undefined
    this.#inFlightSize = 0
    return rest
  }

  #release(): readonly Uint8Array[] {
    if (this.#waiting.length === 0) return NOTHING
    const released: Uint8Array[] = []
    for (const message of this.#waiting) {
      if (!this.#fitsWindow(message)) break
      this.#takeOff(message.length)
      this.#waitingBytes -= message.length
      released.push(message)
    }
    this.#waiting = this.#waiting.slice(released.length)
    return released
  }

  #takeOff(byteLength: number): void {
    this.#inFlight ??= []
    this.#inFlight.push(byteLength)
    this.#inFlightSize += sizeOf(byteLength)
  }

  #fitsWindow(message: Uint8Array): boolean {
    return (
      this.#inFlightSize === 0 || this.#inFlightSize + sizeOf(message.length) <= this.#limits.maxQueuedBytes
    )
  }

  #mayWait(message: Uint8Array): boolean {
    return (
      this.#waiting.length < this.#limits.maxQueuedMessages &&
      this.#waitingBytes + message.length <= this.#limits.maxQueuedBytes
    )
  }
}

function unpinned(message: Uint8Array): Uint8Array {
  const isPinning = message.buffer.byteLength - message.length > MAX_PINNED_BYTES
  return isPinning ? new Uint8Array(message) : message
}
