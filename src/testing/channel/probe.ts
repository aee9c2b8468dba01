import { within } from '../../async/within.js'
import { concatBytes } from '../../bytes/bytes.js'
import type { HybridError } from '../../errors.js'
import type { DataChannelObserver } from '../../ports/data-channel.js'
import { RadioAssertion } from '../radio/assertion.js'

/** An observer that writes down what it is told: `open`, `closed`, `failed CODE`, and the bytes. */
export class ChannelProbe implements DataChannelObserver {
  readonly #patienceMs: number
  readonly #words: string[] = []
  #received: Uint8Array = new Uint8Array()
  #wake: () => void = () => undefined

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Everything so far but the bytes; a copy. */
  get words(): readonly string[] {
    return [...this.#words]
  }

  get received(): Uint8Array {
    return this.#received
  }

  open(): void {
    this.#note('open')
  }

  bytes(chunk: Uint8Array): void {
    this.#received = concatBytes(this.#received, chunk)
    this.#wake()
  }

  closed(): void {
    this.#note('closed')
  }

  failed(error: HybridError): void {
    this.#note(`failed ${error.code}`)
  }

  until(word: string): Promise<void> {
    return this.#expect(word, () => this.#words.includes(word))
  }

  untilReceived(length: number): Promise<void> {
    return this.#expect(`${length} bytes`, () => this.#received.length >= length)
  }

  /** Waits for the end of the channel, whatever it is. */
  untilOver(): Promise<void> {
    return this.#expect('an end', () => this.#isOver())
  }

  async #expect(what: string, isThere: () => boolean): Promise<void> {
    const disappointed = (): RadioAssertion => {
      const actual = [...this.#words, `${this.#received.length} bytes`]
      return new RadioAssertion('the channel did not say what it should', what, actual)
    }
    await within(
      this.#patienceMs,
      this.#wait(() => isThere() || this.#isOver()),
      disappointed,
    )
    if (!isThere()) throw disappointed()
  }

  async #wait(isDue: () => boolean): Promise<void> {
    while (!isDue()) await new Promise<void>(resolve => (this.#wake = resolve))
  }

  #isOver(): boolean {
    return this.#words.some(word => word === 'closed' || word.startsWith('failed'))
  }

  #note(word: string): void {
    this.#words.push(word)
    this.#wake()
  }
}
