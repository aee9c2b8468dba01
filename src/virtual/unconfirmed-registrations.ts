import type { StoredCredential } from '../ports/credential-store.js'
import type { TransactionOutcome } from '../ports/ctap-handler.js'

/** What one transaction made. */
interface Transaction {
  readonly made: StoredCredential[]
  isCut: boolean
}

/** Which passkeys were made in which transaction, for as long as that is not over. */
export class UnconfirmedRegistrations {
  readonly #transactions = new WeakMap<AbortSignal, Transaction>()
  readonly #tellCut: (credential: StoredCredential) => void

  /** @param tellCut hears of a passkey that was kept after its transaction had been cut. */
  constructor(tellCut: (credential: StoredCredential) => void) {
    this.#tellCut = tellCut
  }

  /** A passkey was made and kept. */
  note(credential: StoredCredential, signal: AbortSignal): void {
    const transaction = this.#of(signal)
    if (transaction.isCut) this.#tellCut(credential)
    else transaction.made.push(credential)
  }

  /** The passkeys made since the last call. Another request, or the end of the transaction, decides about them. */
  take(signal: AbortSignal): readonly StoredCredential[] {
    return this.#transactions.get(signal)?.made.splice(0) ?? []
  }

  /** The transaction is over. @returns like `take`. */
  conclude(outcome: TransactionOutcome, signal: AbortSignal): readonly StoredCredential[] {
    if (outcome === 'cut') this.#of(signal).isCut = true
    return this.take(signal)
  }

  #of(signal: AbortSignal): Transaction {
    const known = this.#transactions.get(signal) ?? { made: [], isCut: false }
    this.#transactions.set(signal, known)
    return known
  }
}
