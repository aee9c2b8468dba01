import type { RegistrationKey } from '../bytes/brands.js'
import { untilAborted } from '../driver/abortable.js'
import type { Served } from '../driver/authenticator-driver.js'
import { DecodeError, HybridError } from '../errors.js'
import type { UsageError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { Contact, ContactReply } from '../ports/contact-line.js'
import { decodeClientPayload } from '../tunnel/client-payload.js'
import type { ClientPayload } from '../tunnel/client-payload.js'
import { toPhoneLink } from './phone-links.js'
import type { LinkKeys, PhoneLinks } from './phone-links.js'
import { RecentNonces } from './recent-nonces.js'
import { ServeTally } from './serve-events.js'
import type { DropReason, LinkedContact, ServeEvent, ServeReport } from './serve-events.js'
import { TaskQueue } from './task-queue.js'

/** A call from a linked client, with all that its transaction needs. */
export interface LinkedCall {
  readonly contact: Contact
  readonly payload: ClientPayload
  readonly keys: LinkKeys
}

/** What a contact desk is made of. */
export interface ContactDeskOptions {
  readonly links: PhoneLinks
  /** Ends with the desk. */
  readonly signal: AbortSignal
  /** Serves one client; takes the keys over. */
  readonly transact: (call: LinkedCall) => Promise<Served>
  /** Somebody asked under a registration key that the phone has no more. */
  readonly moved: () => void
  readonly onContact: ((contact: LinkedContact) => boolean | Promise<boolean>) | undefined
  readonly onEvent: ((event: ServeEvent) => void) | undefined
  /** A listener threw. */
  readonly fail: (error: UsageError) => void
}

const WAITING_MAX = 4
const NONCES_MAX = 1024

/** Checks who asks for the phone, and answers one after the other (protocol.md 13, steps 2 and 3). */
export class ContactDesk {
  readonly #options: ContactDeskOptions
  readonly #tally = new ServeTally()
  readonly #nonces = new RecentNonces(NONCES_MAX)
  readonly #queue = new TaskQueue(WAITING_MAX)

  constructor(options: ContactDeskOptions) {
    this.#options = options
  }

  get report(): ServeReport {
    return this.#tally.report
  }

  /** A client whose link has ended hears `gone`. A call that is dropped for any other reason is answered with `busy`. */
  async receive(contact: Contact, registeredAs: RegistrationKey): Promise<ContactReply> {
    try {
      return await this.#receive(contact, registeredAs)
    } catch (error) {
      this.#failed(error, undefined)
      throw error
    }
  }

  async #receive(contact: Contact, registeredAs: RegistrationKey): Promise<ContactReply> {
    const payload = readPayload(contact.clientPayload)
    if (payload === undefined) return this.#drop('malformed')
    const { state } = await this.#options.links.find(payload.linkId, registeredAs)
    if (state === 'moved') this.#options.moved()
    if (state !== 'known') {
      this.#drop('unlinked')
      return 'gone'
    }
    if (!this.#nonces.add(payload.clientNonce)) return this.#drop('replayed')
    const isQueued = this.#queue.offer(() => this.#answer(contact, payload, registeredAs))
    return isQueued ? 'ringing' : this.#drop('busy')
  }

  tell(event: ServeEvent): void {
    this.#tally.count(event.event)
    try {
      this.#options.onEvent?.(event)
    } catch (cause) {
      this.#options.fail(callbackFailed('onEvent', cause))
    }
  }

  /** Settles when nobody is being answered any more. */
  close(): Promise<void> {
    return this.#queue.stop()
  }

  /** What changed while the client waited counts: its link may have been ended. */
  async #answer(contact: Contact, payload: ClientPayload, registeredAs: RegistrationKey): Promise<void> {
    let who: LinkedContact | undefined
    try {
      const found = await this.#options.links.find(payload.linkId, registeredAs)
      if (found.state !== 'known') {
        this.#drop('unlinked')
        return
      }
      who = { link: toPhoneLink(found.link), requestType: payload.requestType }
      this.tell({ event: 'contact', ...who })
      if (!(await this.#isWelcome(who))) {
        this.tell({ event: 'declined', ...who })
        return
      }
      await this.#serve({ contact, payload, keys: found.takeKeys() }, who)
    } catch (error) {
      this.#failed(error, who)
    }
  }

  async #serve(call: LinkedCall, who: LinkedContact): Promise<void> {
    const { answered, proximity } = await this.#options.transact(call)
    this.tell({ event: 'served', answered, proximity, ...who })
    if (answered > 0) await this.#options.links.used(call.payload.linkId)
  }

  async #isWelcome(who: LinkedContact): Promise<boolean> {
    const { onContact, signal } = this.#options
    if (onContact === undefined) return true
    try {
      return await untilAborted(signal, () => onContact(who))
    } catch (cause) {
      if (!signal.aborted) this.#options.fail(callbackFailed('onContact', cause))
      throw cause
    }
  }

  #failed(error: unknown, who: LinkedContact | undefined): void {
    if (this.#options.signal.aborted) return
    if (error instanceof HybridError) this.tell({ event: 'failed', error, ...who })
    else this.#options.fail(callbackFailed('a function of the crypto provider', error))
  }

  #drop(reason: DropReason): ContactReply {
    this.tell({ event: 'dropped', reason, total: this.#tally.drop(reason) })
    return 'busy'
  }
}

function readPayload(bytes: Uint8Array): ClientPayload | undefined {
  try {
    return decodeClientPayload(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
