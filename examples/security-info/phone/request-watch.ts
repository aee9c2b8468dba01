import type { TransactionOutcome } from 'fido-hybrid'
import type { Consent, ConsentAnswer, ConsentRequest, VirtualEvent } from 'fido-hybrid/virtual'
import { describeFailure } from '../failure.js'
import { siteOf } from '../prompt/site-of.js'
import type { PhoneOutcome } from '../wire/phone.js'

/** CTAP 2.2 section 6. */
const GET_ASSERTION = 0x02
/** CTAP 2.2 section 8.2. */
const ERR_CREDENTIAL_EXCLUDED = 0x19
const ERR_NO_CREDENTIALS = 0x2e

/** What says more than the error with which its request ended. */
const TELLING: readonly (PhoneOutcome['kind'] | undefined)[] = [
  'unconfirmed',
  'refused',
  'provider-off',
  'already-registered',
  'not-taken',
]

/** Gathers what becomes of one request. */
export class RequestWatch {
  #outcome: PhoneOutcome | undefined
  #hasAsked = false

  /** The same user, watched. @param isProvider whether the phone’s settings let it keep passkeys. */
  watched(consent: Consent, isProvider: boolean): Consent {
    return {
      ask: async (request: ConsentRequest, signal: AbortSignal): Promise<ConsentAnswer> => {
        this.#hasAsked = true
        if (!isProvider) return this.#refuse('provider-off')
        const answer = await consent.ask(request, signal)
        if (!answer.approved && !signal.aborted) this.#outcome = { kind: 'refused' }
        return answer
      },
    }
  }

  /** The same user, asked for a card. */
  async watchedCard(origin: string, signal: AbortSignal, ask: () => Promise<boolean>): Promise<boolean> {
    const isShown = await ask()
    const rpId = siteOf(origin)
    if (!signal.aborted) this.#outcome = isShown ? { kind: 'card-shown', rpId } : { kind: 'card-kept' }
    return isShown
  }

  /** Nobody was asked: the wallet has nothing for the site. */
  noCard(): void {
    this.#outcome = { kind: 'no-card' }
  }

  event({ event, rpId, userName }: VirtualEvent): void {
    this.#outcome = { kind: event, rpId, userName }
  }

  answered(command: number | undefined, status: number | undefined): void {
    const isHangUp = command === GET_ASSERTION && status === undefined && !this.#hasAsked
    if (status === ERR_NO_CREDENTIALS || isHangUp) this.#outcome = { kind: 'no-passkey' }
    if (status === ERR_CREDENTIAL_EXCLUDED) this.#outcome = { kind: 'already-registered' }
  }

  /** A sign-in without a goodbye is one that the site may not have taken. */
  concluded(outcome: TransactionOutcome): void {
    if (outcome === 'cut' && this.#outcome?.kind === 'signed-in') this.#outcome = { kind: 'not-taken' }
  }

  /** What it came to. @param error what the request failed with; a passkey that was left unconfirmed says more. */
  outcome(error?: unknown): PhoneOutcome {
    if (error === undefined) return this.#outcome ?? { kind: 'refused' }
    const isTold = TELLING.includes(this.#outcome?.kind)
    return isTold && this.#outcome ? this.#outcome : { kind: 'failed', failure: describeFailure(error) }
  }

  #refuse(kind: 'provider-off'): ConsentAnswer {
    this.#outcome = { kind }
    return { approved: false, how: 'hang-up' }
  }
}
