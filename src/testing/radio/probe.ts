import { encodeHex } from '../../bytes/hex.js'
import type { HybridError } from '../../errors.js'
import type { RadioListener, AdvertReport, BleScanListener } from '../../ports/ble.js'
import { RadioAssertion } from './assertion.js'
import { within } from '../../async/within.js'

/** A listener that writes down what it is told: `started`, `failed CODE`, and adverts as `UUID HEX`. */
export class RadioProbe implements BleScanListener, RadioListener {
  readonly #patienceMs: number
  readonly #seen: string[] = []
  #wake: () => void = () => undefined

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Everything so far; a copy. */
  get seen(): readonly string[] {
    return [...this.#seen]
  }

  started(): void {
    this.#note('started')
  }

  advert({ uuid, serviceData }: AdvertReport): void {
    this.#note(wordOf(uuid, serviceData))
  }

  failed(error: HybridError): void {
    this.#note(`failed ${error.code}`)
  }

  /** Waits for a word that it may have heard already; fails early when the radio has failed. */
  async until(word: string): Promise<void> {
    await within(this.#patienceMs, this.#hearing(word), () => this.#disappointed(word))
  }

  async #hearing(word: string): Promise<void> {
    while (!this.#seen.includes(word)) {
      if (this.#seen.at(-1)?.startsWith('failed') === true) throw this.#disappointed(word)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  #disappointed(word: string): RadioAssertion {
    return new RadioAssertion('the radio did not say what it should', word, this.#seen)
  }

  #note(word: string): void {
    this.#seen.push(word)
    this.#wake()
  }
}

/** How a probe writes an advert down. */
export function wordOf(uuid: string, serviceData: Uint8Array): string {
  return `${uuid} ${encodeHex(serviceData)}`
}
