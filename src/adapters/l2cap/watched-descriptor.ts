import type { Koffi, PollHandle } from './koffi.js'

/** What a descriptor is waited for. */
interface Interest {
  readonly readable: boolean
  readonly writable: boolean
}

/**
 * A descriptor that libuv watches, without a thread. It keeps to what koffi’s handles bear: they are referred to while they are open,
 * nothing is called after `close`, and no work is done in their callbacks, where errors would be lost.
 */
export class WatchedDescriptor {
  /** libuv calls nobody for a handle that was collected. */
  static readonly #open = new Set<WatchedDescriptor>()

  readonly #ready: () => void
  readonly #handle: PollHandle
  #interest: Interest = { readable: false, writable: false }
  #isRunning = false
  #isDue = false
  #isClosed = false

  /** @param ready is called when the descriptor may be what it is waited for, or has failed: the next call tells. */
  constructor(node: Koffi['node'], descriptor: number, ready: () => void) {
    this.#ready = ready
    this.#handle = node.poll(descriptor, { readable: true, writable: false }, this.#polled)
    this.#handle.stop()
    WatchedDescriptor.#open.add(this)
  }

  /** How many are open, in this process. */
  static get size(): number {
    return WatchedDescriptor.#open.size
  }

  /** Waits for that from now on. */
  wait(interest: Interest): void {
    if (this.#isClosed) return
    const { readable, writable } = this.#interest
    const isSame = readable === interest.readable && writable === interest.writable
    if (isSame && this.#isRunning) return
    this.#interest = interest
    this.#isRunning = interest.readable || interest.writable
    if (this.#isRunning) this.#handle.start(interest, this.#polled)
    else this.#handle.stop()
  }

  /** Calls `ready` soon, whatever the descriptor does. */
  wake(): void {
    if (this.#isDue || this.#isClosed) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      if (!this.#isClosed) this.#ready()
    })
  }

  /** To be called before the descriptor is closed; safe to call twice. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    WatchedDescriptor.#open.delete(this)
    this.#handle.close()
  }

  readonly #polled = (status: number): void => {
    // libuv has stopped a handle with an error, which may be that of one direction only.
    if (status < 0) this.#isRunning = false
    this.wake()
  }
}
