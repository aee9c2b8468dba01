import { Serial } from '../async/serial.js'
import { unlessAborted } from '../async/unless-aborted.js'
import type { LineKey } from '../bytes/brands.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import type { ServeResult } from '../driver/authenticator-driver.js'
import { HybridError } from '../errors.js'
import type { UsageError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { Contact, ContactReply } from '../ports/contact-line.js'
import { decodeClientPayload } from '../tunnel/client-payload.js'
import type { ClientPayload } from '../tunnel/client-payload.js'
import { toPhoneLink } from './phone-links.js'
import type { LinkKeys, PhoneLinks } from './phone-links.js'
import { RecentNonces } from './recent-nonces.js'
import type { DropReason, LinkedContact, ServeEvent } from './serve-events.js'

/** A call from a linked client, with all that its transaction needs. */
export interface LinkedCall {
  readonly contact: Contact
  readonly payload: ClientPayload
  readonly keys: LinkKeys
}

/** The serving that a desk belongs to. */
export interface DeskOwner {
  /** Fires when the serving ends. */
  readonly signal: AbortSignal
  /** Serves one client; takes the keys over. */
  transact(call: LinkedCall): Promise<ServeResult>
  /** A client asked under a line key that the phone has no more. */
  moved(): void
  drop(reason: DropReason): void
  tell(event: ServeEvent): void
  /** Ends the serving with this error. */
  fail(error: UsageError): void
}

const WAITING_MAX = 4
const NONCES_MAX = 1024

/** Checks the calls of linked clients, and answers one after the other (protocol.md 13, steps 2 and 3). */
export class ContactDesk {
  readonly #links: PhoneLinks
  readonly #onContact: ((contact: LinkedContact) => boolean | Promise<boolean>) | undefined
  readonly #owner: DeskOwner
  readonly #nonces = new RecentNonces(NONCES_MAX)
  readonly #calls = new Serial()

  constructor(
    links: PhoneLinks,
    onContact: ((contact: LinkedContact) => boolean | Promise<boolean>) | undefined,
    owner: DeskOwner,
  ) {
    this.#links = links
    this.#onContact = onContact
    this.#owner = owner
  }

  /** A client whose link has ended hears `gone`. A call that is dropped for any other reason is answered with `busy`. */
  async receive(contact: Contact, calledKey: LineKey): Promise<ContactReply> {
    try {
      return await this.#receive(contact, calledKey)
    } catch (error) {
      this.#failed(error, undefined)
      throw error
    }
  }

  async #receive(contact: Contact, calledKey: LineKey): Promise<ContactReply> {
    const payload = decodedOrUndefined(() => decodeClientPayload(contact.clientPayload))
    if (payload === undefined) return this.#drop('malformed')
    const { state } = await this.#links.find(payload.linkId, calledKey)
    if (state === 'moved') this.#owner.moved()
    if (state !== 'known') {
      this.#drop('unlinked')
      return 'gone'
    }
    if (!this.#nonces.add(payload.clientNonce)) return this.#drop('replayed')
    if (this.#calls.size > WAITING_MAX) return this.#drop('busy')
    void this.#calls.run(() => this.#answer(contact, payload, calledKey))
    return 'ringing'
  }

  /** Settles when nobody is being answered any more; once the signal has fired, clients that wait are forgotten. */
  close(): Promise<void> {
    return this.#calls.idle()
  }

  /** Looks the link up again: it may have ended while the client waited. */
  async #answer(contact: Contact, payload: ClientPayload, calledKey: LineKey): Promise<void> {
    if (this.#owner.signal.aborted) return
    let who: LinkedContact | undefined
    try {
      const found = await this.#links.find(payload.linkId, calledKey)
      if (found.state !== 'known') {
        this.#drop('unlinked')
        return
      }
      who = { link: toPhoneLink(found.link), requestType: payload.requestType }
      this.#owner.tell({ event: 'contact', ...who })
      if (await this.#isWelcome(who)) await this.#serve({ contact, payload, keys: found.takeKeys() }, who)
      else this.#decline(who)
    } catch (error) {
      this.#failed(error, who)
    }
  }

  async #serve(call: LinkedCall, who: LinkedContact): Promise<void> {
    const { answered, proximity } = await this.#owner.transact(call)
    this.#owner.tell({ event: 'served', answered, proximity, ...who })
    if (answered > 0) await this.#links.used(call.payload.linkId)
  }

  /** @returns undefined when the serving ends before there is an answer. */
  async #isWelcome(who: LinkedContact): Promise<boolean | undefined> {
    const onContact = this.#onContact
    if (onContact === undefined) return true
    try {
      return await unlessAborted(this.#owner.signal, () => onContact(who))
    } catch (cause) {
      const error = callbackFailed('onContact', cause)
      this.#owner.fail(error)
      throw error
    }
  }

  #decline(who: LinkedContact): void {
    if (!this.#owner.signal.aborted) this.#owner.tell({ event: 'declined', ...who })
  }

  #failed(error: unknown, who: LinkedContact | undefined): void {
    if (this.#owner.signal.aborted) return
    if (error instanceof HybridError) this.#owner.tell({ event: 'failed', error, ...who })
    else this.#owner.fail(callbackFailed('a function of the crypto provider', error))
  }

  #drop(reason: DropReason): ContactReply {
    this.#owner.drop(reason)
    return 'busy'
  }
}
