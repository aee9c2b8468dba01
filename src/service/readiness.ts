/** Whether the service is ready for new requests, and whether somebody asks for that. */
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
