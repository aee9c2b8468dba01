import type { ContactTag } from '../../bytes/contact-tag.js'
import { systemClock } from '../system/system.js'
import type { LineAge } from './frames.js'

/** Two lines of one phone that are less apart may be of the same moment: clocks of machines differ by less. */
const AT_ONCE_MS = 5000

interface HeldLine extends LineAge {
  /** By a clock that only goes forward. */
  readonly since: number
}

/** What another member says of its line. */
export type Claim = LineAge & { readonly type: 'held' | 'holds' }

/** The lines of one member, and which of two lines of a phone counts. */
export class HeldLines {
  readonly #member: string
  readonly #lines = new Map<ContactTag, HeldLine>()

  constructor(member: string) {
    this.#member = member
  }

  add(contact: ContactTag): LineAge {
    const since = systemClock.now()
    // `Date.now()` says the same for all that happens in a millisecond.
    const age = { at: performance.timeOrigin + since, member: this.#member }
    this.#lines.set(contact, { ...age, since })
    return age
  }

  remove(contact: ContactTag): void {
    this.#lines.delete(contact)
  }

  has(contact: ContactTag): boolean {
    return this.#lines.has(contact)
  }

  all(): readonly ContactTag[] {
    return [...this.#lines.keys()]
  }

  of(contact: ContactTag): LineAge | undefined {
    const line = this.#lines.get(contact)
    return line && { at: line.at, member: line.member }
  }

  /** How long it has been there, ms, by a clock that only goes forward. */
  ageOf(contact: ContactTag): number | undefined {
    const line = this.#lines.get(contact)
    return line && systemClock.now() - line.since
  }

  /**
   * Compares the line here with that of another member. Both members get the same answer to which is newer.
   * @returns `doubtful` where the other says that its line is new, but gives a time long before the line here: its
   * clock is wrong, or a split network held its message back. Undefined where there are not two lines.
   */
  compare(contact: ContactTag, other: Claim): 'yields' | 'stays' | 'doubtful' | undefined {
    const mine = this.#lines.get(contact)
    if (mine === undefined || other.member === this.#member) return undefined
    if (isNewer(other, mine)) return 'yields'
    return other.type === 'held' && systemClock.now() - mine.since > AT_ONCE_MS ? 'doubtful' : 'stays'
  }
}

function isNewer(one: LineAge, other: LineAge): boolean {
  return one.at > other.at || (one.at === other.at && one.member > other.member)
}
