import { Serial } from '../async/serial.js'
import { unlessAborted } from '../async/unless-aborted.js'
import type { LineKey } from '../bytes/brands.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import type { ServeResult } from '../driver/authenticator-driver.js'
import { HybridError } from '../errors.js'
import type { UsageError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { LinkedCall, CallReply } from '../ports/contact-line.js'
import { decodeClientPayload } from '../tunnel/client-payload.js'
import type { ClientPayload } from '../tunnel/client-payload.js'
import { toPhoneLink } from './phone-links.js'
import type { LinkKeys, PhoneLinks } from './phone-links.js'
import { RecentNonces } from './recent-nonces.js'
import type { CallDropReason, LinkedCaller, ServeEvent } from './serve-events.js'

/** A call from a linked client, with all that its transaction needs. */
export interface CheckedCall {
  readonly call: LinkedCall
  readonly payload: ClientPayload
  readonly keys: LinkKeys
}

/** The serving that a desk belongs to. */
export interface DeskOwner {
  /** Fires when the serving ends. */
  readonly signal: AbortSignal
  /** Serves one client; takes the keys over. */
  transact(call: CheckedCall): Promise<ServeResult>
  /** A client called under a line key that the phone has replaced. */
  moved(): void
  drop(reason: CallDropReason): void
  tell(event: ServeEvent): void
  /** Ends the serving with this error. */
  fail(error: UsageError): void
}

const WAITING_MAX = 4
const NONCES_MAX = 1024

/** Checks the calls of linked clients, and answers one after the other (protocol.md 13, steps 2 and 3). */
export class CallDesk {
  readonly #links: PhoneLinks
  readonly #onCall: ((caller: LinkedCaller) => boolean | Promise<boolean>) | undefined
  readonly #owner: DeskOwner
  readonly #nonces = new RecentNonces(NONCES_MAX)
  readonly #calls = new Serial()

  constructor(
    links: PhoneLinks,
    onCall: ((caller: LinkedCaller) => boolean | Promise<boolean>) | undefined,
    owner: DeskOwner,
  ) {
    this.#links = links
    this.#onCall = onCall
    this.#owner = owner
  }

  /**
   * A client whose link has ended hears `gone`. A call that is dropped for any other reason is answered with `busy`. A
   * call that came before is answered with `ringing` again.
   */
  async receive(call: LinkedCall, calledKey: LineKey): Promise<CallReply> {
    try {
      return await this.#receive(call, calledKey)
    } catch (error) {
      this.#failed(error, undefined)
      throw error
    }
  }

  async #receive(call: LinkedCall, calledKey: LineKey): Promise<CallReply> {
    const payload = decodedOrUndefined(() => decodeClientPayload(call.clientPayload))
    if (payload === undefined) return this.#drop('malformed')
    const { state } = await this.#links.find(payload.linkId, calledKey)
    if (state === 'moved') this.#owner.moved()
    if (state !== 'known') {
      this.#drop('unlinked')
      return 'gone'
    }
    const nonce = this.#nonces.judge(payload.clientNonce, call.tunnelId)
    // A tunnel service asks again when the answer was lost on the way.
    if (nonce === 'repeated') return 'ringing'
    if (nonce === 'replayed') return this.#drop('replayed')
    if (this.#calls.size > WAITING_MAX) return this.#drop('busy')
    this.#nonces.add(payload.clientNonce, call.tunnelId)
    void this.#calls.run(() => this.#answer(call, payload, calledKey))
    return 'ringing'
  }

  /** Settles when no client is being served any more. Once the signal has fired, clients that wait are forgotten. */
  close(): Promise<void> {
    return this.#calls.idle()
  }

  /** Looks the link up again: it may have ended while the client waited. */
  async #answer(call: LinkedCall, payload: ClientPayload, calledKey: LineKey): Promise<void> {
    if (this.#owner.signal.aborted) return
    let who: LinkedCaller | undefined
    try {
      const found = await this.#links.find(payload.linkId, calledKey)
      if (found.state !== 'known') {
        this.#drop('unlinked')
        return
      }
      who = { link: toPhoneLink(found.link), requestType: payload.requestType }
      this.#owner.tell({ event: 'call', ...who })
      if (await this.#isWelcome(who)) await this.#serve({ call, payload, keys: found.takeKeys() }, who)
      else this.#decline(who)
    } catch (error) {
      this.#failed(error, who)
    }
  }

  async #serve(call: CheckedCall, who: LinkedCaller): Promise<void> {
    const result = await this.#owner.transact(call)
    this.#owner.tell({ event: 'served', ...result, ...who })
    if (result.answered > 0) await this.#links.used(call.payload.linkId)
  }

  /** @returns whether `onCall` agrees; undefined when the serving ends first. */
  async #isWelcome(who: LinkedCaller): Promise<boolean | undefined> {
    const onCall = this.#onCall
    if (onCall === undefined) return true
    try {
      return await unlessAborted(this.#owner.signal, () => onCall(who))
    } catch (cause) {
      const error = callbackFailed('onCall', cause)
      this.#owner.fail(error)
      throw error
    }
  }

  #decline(who: LinkedCaller): void {
    if (!this.#owner.signal.aborted) this.#owner.tell({ event: 'declined', ...who })
  }

  #failed(error: unknown, who: LinkedCaller | undefined): void {
    if (this.#owner.signal.aborted) return
    if (error instanceof HybridError) this.#owner.tell({ event: 'failed', error, ...who })
    else this.#owner.fail(callbackFailed('a function of the crypto provider', error))
  }

  #drop(reason: CallDropReason): CallReply {
    this.#owner.drop(reason)
    return 'busy'
  }
}
