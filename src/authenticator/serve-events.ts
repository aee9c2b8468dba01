import type { ServeResult } from '../driver/authenticator-driver.js'
import type { HybridError } from '../errors.js'
import type { ClientPayload } from '../tunnel/client-payload.js'
import type { PhoneLink } from './phone-links.js'

/**
 * Why a linked client was not answered: its payload does not parse (`malformed`), its nonce came before for another tunnel (`replayed`), its link is not on
 * the list (`unlinked`), or too many others wait (`busy`).
 */
export type CallDropReason = 'malformed' | 'replayed' | 'unlinked' | 'busy'

/** A linked client that asks for this phone. */
export interface LinkedCaller {
  readonly link: PhoneLink
  /** What it says that it wants: `ga` sign in, `mc` register. The request itself has the last word. */
  readonly requestType: ClientPayload['requestType']
}

/** What happens while a phone serves its links. */
export type ServeEvent =
  /** Linked clients can find the phone from now on. */
  | { readonly event: 'reachable' }
  /** They cannot; the next attempt is after this time. */
  | { readonly event: 'line-lost'; readonly error: HybridError; readonly retryInMs: number }
  | ({ readonly event: 'call' } & LinkedCaller)
  /** `onCall` said no: the client hears nothing. */
  | ({ readonly event: 'declined' } & LinkedCaller)
  | ({ readonly event: 'served' } & ServeResult & LinkedCaller)
  | ({ readonly event: 'failed'; readonly error: HybridError } & Partial<LinkedCaller>)
  /** A client was not answered; so many were dropped for this reason so far. */
  | { readonly event: 'dropped'; readonly reason: CallDropReason; readonly total: number }

/** What serving came to. */
export interface ServeReport {
  /** Transactions that came to their end. */
  readonly served: number
  /** Clients that `onCall` said no to. */
  readonly declined: number
  /** Transactions that ended with an error. */
  readonly failed: number
  /** Clients that were not answered, by the reason. */
  readonly dropped: Readonly<Record<CallDropReason, number>>
}

/** Counts the events of a serving. */
export class ServeTally {
  readonly #counts = { served: 0, declined: 0, failed: 0 }
  readonly #dropped: Record<CallDropReason, number> = { malformed: 0, replayed: 0, unlinked: 0, busy: 0 }

  count(event: ServeEvent['event']): void {
    if (event === 'served' || event === 'declined' || event === 'failed') this.#counts[event] += 1
  }

  /** @returns how many there are now. */
  drop(reason: CallDropReason): number {
    this.#dropped[reason] += 1
    return this.#dropped[reason]
  }

  get report(): ServeReport {
    return { ...this.#counts, dropped: { ...this.#dropped } }
  }
}
