import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Consent, ConsentAnswer, ConsentRequest } from 'fido-hybrid/virtual'

const APPROVED: ConsentAnswer = { approved: true, userVerified: true }
const REFUSED: ConsentAnswer = { approved: false, how: 'hang-up' }

/** Enter alone, `y` or `yes`. */
const YES = /^(?:|y|yes)$/i

/** The phone’s user, played by the person at the keyboard: Enter, `y` and `yes` approve; anything else and the end of input refuse. */
export class KeyboardConsent implements Consent {
  readonly #input: Readable
  readonly #prompt: (words: string) => void
  #reader: Interface | undefined
  #lines: AsyncIterator<string> | undefined

  constructor(input: Readable, prompt: (words: string) => void) {
    this.#input = input
    this.#prompt = prompt
  }

  async ask({ replacesWorkingPasskey }: ConsentRequest): Promise<ConsentAnswer> {
    if (replacesWorkingPasskey === true)
      this.#prompt('This replaces a passkey that works there today, once the new one is confirmed.')
    this.#prompt('You hold the phone. Approve? [Y/n] Enter, y or yes approves; n or anything else refuses.')
    this.#reader ??= createInterface({ input: this.#input })
    this.#lines ??= this.#reader[Symbol.asyncIterator]()
    const line: IteratorResult<string, undefined> = await this.#lines.next()
    return YES.test(line.value?.trim() ?? 'n') ? APPROVED : REFUSED
  }

  /** Gives the keyboard back. */
  close(): void {
    this.#reader?.close()
  }
}
