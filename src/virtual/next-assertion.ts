import type { GetAssertionRequest } from '../ctap/get-assertion.js'

/** CTAP 2.2 section 6.3, step 3. */
const PATIENCE_MS = 30_000

/** A sign-in whose client fetches the assertions of further accounts. */
export interface Unfetched {
  readonly request: GetAssertionRequest
  readonly userVerified: boolean
  /** Of the accounts that are left, newest first. */
  readonly credentialIds: readonly Uint8Array[]
}

/** What each connection may still fetch by authenticatorGetNextAssertion, for 30 seconds since it last fetched. */
export class UnfetchedAssertions {
  readonly #connections = new WeakMap<AbortSignal, Unfetched & { readonly since: number }>()

  /** @param now wall-clock milliseconds. */
  keep(unfetched: Unfetched, connection: AbortSignal, now: number): void {
    this.#connections.set(connection, { ...unfetched, since: now })
  }

  /** undefined when there is nothing, or it is too late. */
  take(connection: AbortSignal, now: number): Unfetched | undefined {
    const unfetched = this.#connections.get(connection)
    this.forget(connection)
    return unfetched !== undefined && now - unfetched.since <= PATIENCE_MS ? unfetched : undefined
  }

  /** Any other command ends it (CTAP 2.2 section 6). */
  forget(connection: AbortSignal): void {
    this.#connections.delete(connection)
  }
}
