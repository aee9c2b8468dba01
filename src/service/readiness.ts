/** Whether new requests had better come here, and whether anybody asks. */
export class Readiness {
  readonly #hasRoom: () => boolean
  #isRetiring = false
  #isAsked = false

  constructor(hasRoom: () => boolean) {
    this.#hasRoom = hasRoom
  }

  /** Whether somebody asks, and has to notice that the service retires. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  retire(): void {
    this.#isRetiring = true
  }

  isReady(): boolean {
    this.#isAsked = true
    return !this.#isRetiring && this.#hasRoom()
  }
}
