import type { Consent, ConsentAnswer, ConsentRequest, VirtualEvent } from 'fido-hybrid/virtual'
import { describeFailure } from '../failure.js'
import type { ScanOutcome } from '../wire/phone.js'

/** CTAP 2.2 section 6. */
const GET_ASSERTION = 0x02
/** CTAP 2.2 section 8.2. */
const ERR_CREDENTIAL_EXCLUDED = 0x19
const ERR_NO_CREDENTIALS = 0x2e

/** Gathers what becomes of one QR code. */
export class ScanWatch {
  #outcome: ScanOutcome | undefined
  #hasAsked = false

  /** The same user, watched. */
  watched(consent: Consent): Consent {
    return {
      ask: async (request: ConsentRequest, signal: AbortSignal): Promise<ConsentAnswer> => {
        this.#hasAsked = true
        const answer = await consent.ask(request, signal)
        if (!answer.approved && !signal.aborted) this.#outcome = { kind: 'refused' }
        return answer
      },
    }
  }

  event({ event, rpId, userName }: VirtualEvent): void {
    this.#outcome = { kind: event, rpId, userName }
  }

  answered(command: number | undefined, status: number | undefined): void {
    const isHangUp = command === GET_ASSERTION && status === undefined && !this.#hasAsked
    if (status === ERR_NO_CREDENTIALS || isHangUp) this.#outcome = { kind: 'no-passkey' }
    if (status === ERR_CREDENTIAL_EXCLUDED) this.#outcome = { kind: 'already-registered' }
  }

  /** What it came to. @param error what the scan failed with; a passkey that was left unconfirmed says more. */
  outcome(error?: unknown): ScanOutcome {
    if (error === undefined) return this.#outcome ?? { kind: 'refused' }
    const isTold = this.#outcome?.kind === 'unconfirmed' || this.#outcome?.kind === 'refused'
    return isTold && this.#outcome ? this.#outcome : { kind: 'failed', failure: describeFailure(error) }
  }
}
