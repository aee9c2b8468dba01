import type { ContactTag } from '../../bytes/contact-tag.js'
import type { Engine } from './engine.js'
import { encodeMemberFrame, MAX_REVOKED_IN_FRAME } from './frames.js'

/** The topic on which members announce revoked contacts. */
export const REVOKED = 'revoked'
/** How many contacts are held in memory until the engine takes them. Further ones are dropped. */
const MAX_UNSENT = 65_536

/** The contacts revoked here that have not reached the engine yet, or that it has not kept. */
export class Revocations {
  readonly #unsent = new Set<ContactTag>()

  add(contacts: readonly ContactTag[]): void {
    for (const contact of contacts) if (this.#unsent.size < MAX_UNSENT) this.#unsent.add(contact)
  }

  /** Tells all members, and has the engine keep them. @returns false when something is left to be sent again. */
  async send(engine: Engine): Promise<boolean> {
    const contacts = [...this.#unsent]
    this.#unsent.clear()
    for (let start = 0; start < contacts.length; start += MAX_REVOKED_IN_FRAME) {
      const part = contacts.slice(start, start + MAX_REVOKED_IN_FRAME)
      engine.publish(REVOKED, encodeMemberFrame({ type: 'revoked', contacts: part }))
      if (!(await engine.keep(part))) this.add(part)
    }
    return this.#unsent.size === 0
  }
}
