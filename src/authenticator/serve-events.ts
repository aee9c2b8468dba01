import type { ServeResult } from '../driver/authenticator-driver.js'
import type { HybridError } from '../errors.js'
import type { ClientPayload } from '../tunnel/client-payload.js'
import type { PhoneLink } from './phone-links.js'

/**
 * Why a linked client was not served: its payload does not parse (`malformed`), its nonce was used before for another
 * tunnel (`replayed`), its link is not on the list (`unlinked`), or too many others wait (`busy`).
 */
export type CallDropReason = 'malformed' | 'replayed' | 'unlinked' | 'busy'

/** A linked client that asks for this phone. */
export interface LinkedCaller {
  readonly link: PhoneLink
  /** What the client says that it wants: `ga` sign in, `mc` register. Only the request itself decides. */
  readonly requestType: ClientPayload['requestType']
}

/** What happens while a phone serves its links. */
export type ServeEvent =
  /** Linked clients can find the phone from now on. */
  | { readonly event: 'reachable' }
  /** Linked clients cannot find the phone. The line is opened again after this time, ms. */
  | { readonly event: 'line-lost'; readonly error: HybridError; readonly retryInMs: number }
  /** A linked client calls; `onCall` is asked next. */
  | ({ readonly event: 'call' } & LinkedCaller)
  /** `onCall` gave false. The client is not told, and waits until its time is over. */
  | ({ readonly event: 'declined' } & LinkedCaller)
  /** A transaction ended without an error. */
  | ({ readonly event: 'served' } & ServeResult & LinkedCaller)
  /** A call or transaction ended with an error; the members of the caller are absent where its link was not found yet. */
  | ({ readonly event: 'failed'; readonly error: HybridError } & Partial<LinkedCaller>)
  /** A client was not served. `total` counts the clients that were dropped for this reason so far. */
  | { readonly event: 'dropped'; readonly reason: CallDropReason; readonly total: number }

/** What happened in one call of `serve`. */
export interface ServeReport {
  /** Transactions that ended without an error. */
  readonly served: number
  /** Calls for which `onCall` gave false. */
  readonly declined: number
  /** Calls and transactions that ended with an error. */
  readonly failed: number
  /** Clients that were not served, by the reason. */
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
