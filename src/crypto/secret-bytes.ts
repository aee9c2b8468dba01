import { wipeBytes } from '../bytes/bytes.js'
import { UsageError } from '../errors.js'
import { Redacted } from './redacted.js'

/** A copy of key bytes that does not print and can be wiped. */
export class SecretBytes extends Redacted {
  #bytes: Uint8Array | undefined

  constructor(bytes: Uint8Array) {
    super()
    this.#bytes = new Uint8Array(bytes)
  }

  /** @throws UsageError `session-misused` after `destroy`. */
  get bytes(): Uint8Array {
    if (this.#bytes === undefined) throw new UsageError('session-misused', 'the secret has been destroyed')
    return this.#bytes
  }

  destroy(): void {
    if (this.#bytes !== undefined) wipeBytes(this.#bytes)
    this.#bytes = undefined
  }
}
