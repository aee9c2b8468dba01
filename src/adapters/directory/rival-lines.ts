import type { ContactTag } from '../../bytes/contact-tag.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import type { Asked } from './engine.js'
import { decodeAge } from './frames.js'
import type { Claim, HeldLines } from './held-lines.js'

/** What can be done about a phone of which two members have a line. */
export interface RivalActs {
  /** Asks another member for the age of its line. */
  ask(member: string, contact: ContactTag): Promise<Asked>
  /** The line here is closed. */
  yieldLine(contact: ContactTag): void
  /** The others hear of the line here. */
  insist(contact: ContactTag): void
}

/** Lines here of phones that also have a line at another member: one line of each phone stays. */
export class RivalLines {
  readonly #lines: HeldLines
  readonly #acts: RivalActs
  /** Contacts of which another member is being asked. */
  readonly #doubts = new Set<ContactTag>()

  constructor(lines: HeldLines, acts: RivalActs) {
    this.#lines = lines
    this.#acts = acts
  }

  hear(contact: ContactTag, claim: Claim): void {
    const outcome = this.#lines.compare(contact, claim)
    if (outcome === 'yields') this.#acts.yieldLine(contact)
    else if (outcome === 'stays') this.#acts.insist(contact)
    else if (outcome === 'doubtful' && !this.#doubts.has(contact)) void this.#settle(contact, claim.member)
  }

  /** Asks how old the other line is, by a clock that only goes forward. A member that does not answer has no line. */
  async #settle(contact: ContactTag, member: string): Promise<void> {
    this.#doubts.add(contact)
    const asked = await this.#acts.ask(member, contact)
    this.#doubts.delete(contact)
    const theirs = asked instanceof Uint8Array ? decodedOrUndefined(() => decodeAge(asked)) : undefined
    const mine = this.#lines.ageOf(contact)
    if (mine === undefined) return
    if (theirs !== undefined && theirs < mine) this.#acts.yieldLine(contact)
    else this.#acts.insist(contact)
  }
}
