import type { ContactTag } from '../../bytes/contact-tag.js'
import { systemClock } from '../system/system.js'
import type { LineAge } from './frames.js'

/** Two lines of one phone that are less apart may be of the same moment: clocks of machines differ by less. */
const AT_ONCE_MS = 5000

interface HeldLine extends LineAge {
  /** By a clock that only goes forward. */
  readonly since: number
}

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

  all(): Iterable<readonly [ContactTag, LineAge]> {
    return Array.from(this.#lines, ([contact, { at, member }]) => [contact, { at, member }] as const)
  }

  /**
   * Compares with the line that another member has. Which one is newer both judge alike, whatever their clocks say; only a line
   * that is far older by its own clock yields without that to one that was registered just now.
   * @returns whether the line here yields; `mine` when it does not, for the other to hear of.
   */
  compare(
    contact: ContactTag,
    other: LineAge & { readonly type: 'held' | 'holds' },
  ): { readonly yields: boolean; readonly mine?: LineAge } {
    const mine = this.#lines.get(contact)
    if (mine === undefined || other.member === this.#member) return { yields: false }
    const isFarOlder = systemClock.now() - mine.since > AT_ONCE_MS
    if ((other.type === 'held' && isFarOlder) || isNewer(other, mine)) return { yields: true }
    return { yields: false, mine: { at: mine.at, member: mine.member } }
  }
}

function isNewer(one: LineAge, other: LineAge): boolean {
  return one.at > other.at || (one.at === other.at && one.member > other.member)
}
