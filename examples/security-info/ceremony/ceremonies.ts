import type { CeremonyWish } from '../wire/ceremony.js'
import { Ceremony } from './ceremony.js'
import type { Perform } from './ceremony.js'

/** So many pages may still come to hear how theirs ended. */
const RECENT_MAX = 4

/** The ceremonies of one device, one at a time: the page that asks last has it, and the page before is told. */
export class Ceremonies {
  readonly #perform: Perform
  /** The latest comes first. */
  #recent: readonly Ceremony[] = []

  constructor(perform: Perform) {
    this.#perform = perform
  }

  /** The latest, which may be over. */
  get current(): Ceremony | undefined {
    return this.#recent[0]
  }

  /** Starts a ceremony, in the place of the one before. @param origin of the page that asks. */
  start(wish: CeremonyWish, origin: string): Ceremony {
    const before = this.current?.end('taken-over')
    const ceremony = new Ceremony(this.#perform, wish, origin, before)
    this.#recent = [ceremony, ...this.#recent].slice(0, RECENT_MAX)
    return ceremony
  }

  find(id: string): Ceremony | undefined {
    return this.#recent.find(ceremony => ceremony.id === id)
  }

  /** Settles when nothing is going on any more. */
  async close(): Promise<void> {
    await this.current?.end('cancelled')
  }
}
