import type { RelayLimits } from './limits.js'

/** A message counts at least this much in a queue’s size, so that a flood of empty messages reaches the limit too. */
const MIN_SIZE_BYTES = 64
/** What a message takes of memory beside its bytes, as measured: buffers, their backing store, the socket’s list of writes. */
const MESSAGE_COST = 512
/** A message may be a view of a larger buffer, which then stays in memory. Above this excess the message is copied. */
const MAX_PINNED_BYTES = 4096

const sizeOf = (byteLength: number): number => Math.max(MIN_SIZE_BYTES, byteLength)

const NOTHING: readonly Uint8Array[] = []

/** The memory that all tunnels of one relay may use together: a limit for each tunnel alone would multiply by the tunnels. */
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

  /** Charges bytes to the budget. @returns false, with nothing charged, when too few are left. */
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
 * One direction of a tunnel: messages on their way to one reader. As many are handed to the reader’s socket as fit the queue’s size;
 * the others wait here. A socket takes every message and buffers it out of sight, so a reader that does not read would fill the
 * memory without a limit; here the tunnel ends at one. An idle socket gets one message of any length: a long message must
 * not wait for ever.
 */
export class Outbox {
  readonly #limits: RelayLimits
  readonly #budget: ByteBudget
  #waiting: readonly Uint8Array[] = NOTHING
  #waitingBytes = 0
  /** Length of each message that was handed to the socket and has not left for the network. Absent in idle tunnels, to save memory. */
  #inFlight: number[] | undefined
  #inFlightSize = 0
  #heldCharge = 0
  #hasReader = false

  constructor(limits: RelayLimits, budget: ByteBudget) {
    this.#limits = limits
    this.#budget = budget
  }

  /**
   * Takes a message. @returns what to send now, perhaps nothing; undefined when the message is over a limit, which ends the
   * tunnel.
   */
  push(message: Uint8Array): readonly Uint8Array[] | undefined {
    const charge = MESSAGE_COST + message.length
    const goesOn = this.#hasReader && this.#waiting.length === 0 && this.#fitsWindow(message)
    if (!(goesOn || this.#mayWait(message)) || !this.#budget.take(charge)) return undefined
    this.#heldCharge += charge
    if (goesOn) {
      this.#takeOff(message.length)
      return [unpinned(message)]
    }
    // A copy: the sender’s socket may hand out a view of a larger buffer, which waiting here would keep alive.
    this.#waiting = [...this.#waiting, new Uint8Array(message)]
    this.#waitingBytes += message.length
    return NOTHING
  }

  /** The reader has joined. @returns what waited for it. */
  open(): readonly Uint8Array[] {
    this.#hasReader = true
    return this.#release()
  }

  /** The oldest `messages` of those sent have left for the network, which makes room. @returns what to send next. */
  flushed(messages: number): readonly Uint8Array[] {
    for (let left = messages; left > 0; left--) this.#leftOne()
    return this.#release()
  }

  /**
   * The direction ends, and gives its share of the budget back.
   * @returns what the reader has not been sent yet, for a last farewell; nothing when there never was a reader.
   */
  end(): readonly Uint8Array[] {
    const rest = this.#hasReader ? this.#waiting : NOTHING
    this.#waiting = NOTHING
    this.#budget.give(this.#heldCharge)
    this.#heldCharge = 0
    this.#inFlight = undefined
    this.#inFlightSize = 0
    return rest
  }

  #leftOne(): void {
    const byteLength = this.#inFlight?.shift()
    if (byteLength === undefined) return
    const charge = MESSAGE_COST + byteLength
    this.#inFlightSize -= sizeOf(byteLength)
    this.#heldCharge -= charge
    this.#budget.give(charge)
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
