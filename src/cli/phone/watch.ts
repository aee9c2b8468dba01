import { encodeBase64url } from '../../bytes/base64url.js'
import { CTAP_STATUS, statusName } from '../../ctap/status.js'
import { UsageError } from '../../errors.js'
import type { CtapHandler } from '../../ports/ctap-handler.js'
import type { Consent, ConsentAnswer, ConsentRequest } from '../../virtual/consent.js'
import type { VirtualEvent } from '../../virtual/virtual-device.js'
import { toFailure } from '../failure.js'
import type { Output } from '../output.js'
import { unconfirmedText } from '../text/passkey.js'
import { oneLine, printable, printableRpId } from '../text/printable.js'

const DONE: Readonly<Record<VirtualEvent['event'], string>> = {
  registered: 'registered a passkey for',
  'signed-in': 'signed in as',
  unconfirmed: 'the laptop never confirmed the passkey for',
}

/** Watches what a software authenticator and its user do, reports it, and tells at the end whether it was a success. */
export class PhoneWatch {
  readonly #output: Output
  #hasRefused = false
  #fault: Error | undefined

  constructor(output: Output) {
    this.#output = output
  }

  /** The user, watched. */
  watchedConsent(consent: Consent): Consent {
    return {
      ask: async (request, signal) => {
        this.#tellUnconfirmed(request)
        this.#asked(request)
        const answer = await consent.ask(request, signal)
        // A prompt that was taken away was not answered.
        if (!signal.aborted) this.#note(request, answer)
        return answer
      },
    }
  }

  /** The handler, watched. */
  watchedHandler(handler: CtapHandler): CtapHandler {
    const { features, commands, updates, handleJson } = handler
    const concluded = handler.concluded?.bind(handler)
    return {
      features,
      commands,
      updates,
      handleJson,
      getInfo: () => handler.getInfo(),
      ...(concluded && { concluded }),
      handle: async (request, context) => {
        const response = await handler.handle(request, context)
        const [status] = response ?? []
        if (status !== undefined && status !== CTAP_STATUS.SUCCESS) this.answered(statusName(status))
        return response
      },
    }
  }

  /** For the software authenticator. */
  readonly onEvent = (event: VirtualEvent): void => {
    this.#output.event(event)
    this.#output.note(`${DONE[event.event]} ${printable(event.userName)} at ${printableRpId(event.rpId)}`)
  }

  /** For the software authenticator: the laptop only learns that something failed. */
  readonly onFault = (error: unknown): void => {
    this.#fault ??= error instanceof Error ? error : new Error(String(error))
  }

  /** For a phone that goes on: reports what went wrong since the last call. */
  tellFault(): void {
    if (this.#fault === undefined) return
    const { event } = toFailure(this.#fault)
    this.#output.event({ ...event, event: 'warning' })
    this.#output.note(
      `${this.#output.colors.yellow('warning:')} ${oneLine(event.message)} (${event.code}). ${event.cure}`,
    )
    this.#fault = undefined
  }

  /** Settles like the transaction, but fails for what went wrong behind it. @throws UsageError `aborted` after a refusal. */
  async judge(transaction: Promise<unknown>): Promise<void> {
    try {
      await transaction
    } catch (error) {
      this.#throwFault()
      throw error
    }
    this.#throwFault()
    if (this.#hasRefused) throw new UsageError('aborted', 'the user of the phone refused')
  }

  #asked({ operation, rpId, rpName, user, accounts, proximity, qrAgeSeconds }: ConsentRequest): void {
    const userNames = user === undefined ? accounts.map(({ userName }) => userName) : [user.name]
    this.#output.event({ event: 'consent', operation, rpId, rpName, userNames, proximity, qrAgeSeconds })
  }

  #note({ operation, rpId }: ConsentRequest, { approved }: ConsentAnswer): void {
    if (approved) return
    this.#hasRefused = true
    this.#output.event({ event: 'refused', operation, rpId })
    this.#output.note(`refused ${operation}${rpId === '' ? '' : ` at ${printableRpId(rpId)}`}`)
  }

  /** Shows, also without a prompt, the passkeys that an earlier try left unconfirmed. */
  #tellUnconfirmed({ operation, rpId, accounts }: ConsentRequest): void {
    if (operation === 'sign-in') return
    for (const { credentialId: id } of accounts.filter(({ confirmed }) => !confirmed)) {
      const credentialId = encodeBase64url(id)
      this.#output.event({ event: 'already-unconfirmed', operation, rpId, credentialId })
      this.#output.note(`${unconfirmedText(operation)} (${credentialId})`)
    }
  }

  /** Of a wallet. */
  refused(operation: string, origin: string): void {
    this.#hasRefused = true
    this.#output.event({ event: 'refused', operation, origin })
    this.#output.note(`refused ${operation} for ${printable(origin)}`)
  }

  /** With a status of CTAP2, or the failure of a wallet. */
  answered(status: string): void {
    this.#output.event({ event: 'answered', status })
    this.#output.note(`answered ${status}`)
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault
  }
}
