/** Contact IDs that came from one network; the newest is last. */
type Holding = string[]

/**
 * Contact IDs that their phones gave up, in memory: phones declare them again whenever they register. When there are
 * too many, room is made at the cost of the network that declared most, and of its newest: a stranger who makes contact
 * IDs up loses only these, and an older revocation of another network stays.
 */
export class RevokedContacts {
  readonly #max: number
  readonly #maxElsewhere: number
  readonly #contacts = new Set<string>()
  readonly #elsewhere = new Set<string>()
  readonly #holdings = new Map<string, Holding>()
  /** Networks by how many contact IDs they declared. */
  readonly #bySize = new Map<number, Set<string>>()
  #largest = 0

  constructor(max: number, maxElsewhere: number) {
    this.#max = max
    this.#maxElsewhere = maxElsewhere
  }

  has(contact: string): boolean {
    return this.#contacts.has(contact) || this.#elsewhere.has(contact)
  }

  /** Adds one that the directory reports. When the list is full it is left out: the known ones stay. */
  addFromElsewhere(contact: string): void {
    if (this.#elsewhere.size < this.#maxElsewhere && !this.has(contact)) this.#elsewhere.add(contact)
  }

  /**
   * @param network the widest group of addresses of the phone that declares it.
   * @returns whether it is remembered from now on, and was not before.
   */
  add(contact: string, network: string): boolean {
    if (this.has(contact)) return false
    const holding = this.#holdings.get(network) ?? []
    if (this.#contacts.size >= this.#max) {
      if (holding.length >= this.#largest) return false
      this.#makeRoom()
    }
    this.#contacts.add(contact)
    this.#holdings.set(network, holding)
    holding.push(contact)
    this.#moved(network, holding.length - 1, holding.length)
    return true
  }

  #makeRoom(): void {
    for (const network of this.#bySize.get(this.#largest) ?? []) {
      const holding = this.#holdings.get(network) ?? []
      const newest = holding.pop()
      if (newest !== undefined) this.#contacts.delete(newest)
      if (holding.length === 0) this.#holdings.delete(network)
      this.#moved(network, holding.length + 1, holding.length)
      return
    }
  }

  #moved(network: string, from: number, to: number): void {
    const left = this.#bySize.get(from)
    left?.delete(network)
    if (left?.size === 0) this.#bySize.delete(from)
    if (to > 0) this.#bySize.set(to, (this.#bySize.get(to) ?? new Set()).add(network))
    this.#largest = this.#bySize.has(this.#largest) ? Math.max(this.#largest, to) : to
  }
}
