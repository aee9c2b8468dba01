/**
 * Contact IDs that their phones gave up, in memory: phones declare them again whenever they register. When there are too
 * many, the one is forgotten that was declared longest ago.
 */
export class RevokedContacts {
  readonly #max: number
  readonly #contacts = new Set<string>()

  constructor(max: number) {
    this.#max = max
  }

  has(contact: string): boolean {
    return this.#contacts.has(contact)
  }

  add(contact: string): void {
    this.#contacts.delete(contact)
    this.#contacts.add(contact)
    const [oldest] = this.#contacts
    if (this.#contacts.size > this.#max && oldest !== undefined) this.#contacts.delete(oldest)
  }
}
