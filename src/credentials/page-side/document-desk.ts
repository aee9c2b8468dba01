import { HybridError } from '../../errors.js'
import { toWebAuthnError } from '../../webauthn/webauthn-error.js'
import type { Credentials } from '../create-credentials.js'
import { forPage } from '../rejections.js'
import type { DocumentMessage, DocumentReply, RequestKind } from './page-messages.js'
import { requestOf, signalOf } from './page-values.js'

/** The requests of one document. */
export interface DocumentDeskOptions {
  /** The container that serves them: its origin is that of the document’s frame. */
  readonly credentials: Credentials
  /** Hears why a request failed; the page is told name and message only. */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** A request that is being served. */
interface PendingRequest {
  readonly controller: AbortController
  readonly response: Promise<unknown>
}

/** Answers what the `PageSide` of one document asks, by a container of that document’s own. */
export class DocumentDesk {
  readonly #options: DocumentDeskOptions
  readonly #pending = new Map<number, PendingRequest>()

  constructor(options: DocumentDeskOptions) {
    this.#options = options
  }

  /** Settles when the requests that are pending now are over. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ response }) => response))
  }

  /** Ends every request, for instance because its document is gone. */
  end(reason: unknown): void {
    for (const { controller } of this.#pending.values()) controller.abort(reason)
  }

  /** @returns the reply; a failure is one, too. */
  async answer(message: DocumentMessage): Promise<DocumentReply> {
    try {
      return { value: await this.#valueOf(message) }
    } catch (error) {
      this.#options.onFailure?.(error)
      return failureReply(error)
    }
  }

  #valueOf(message: DocumentMessage): unknown {
    const { PublicKeyCredential } = this.#options.credentials
    switch (message.kind) {
      case 'begin':
        return undefined
      case 'abort':
        return this.#pending.get(message.request)?.controller.abort()
      case 'create':
      case 'get':
        return this.#request(message.kind, message)
      case 'signalUnknownCredential':
      case 'signalAllAcceptedCredentials':
      case 'signalCurrentUserDetails':
        return PublicKeyCredential[message.kind](signalOf(message.options))
      case 'getClientCapabilities':
      case 'isUserVerifyingPlatformAuthenticatorAvailable':
        return PublicKeyCredential[message.kind]()
    }
  }

  #request(
    kind: RequestKind,
    { request, ...asked }: Extract<DocumentMessage, { readonly kind: RequestKind }>,
  ): Promise<unknown> {
    const controller = new AbortController()
    const { credentials } = this.#options
    const response = forPage(kind, async () => {
      const options = requestOf(asked, controller.signal)
      const credential = await (kind === 'create' ? credentials.create(options) : credentials.get(options))
      return credential?.toJSON() ?? null
    }).finally(() => this.#pending.delete(request))
    this.#pending.set(request, { controller, response })
    return response
  }
}

/** An error as a page may know it. */
export function failureReply(error: unknown): DocumentReply {
  const named = error instanceof HybridError ? toWebAuthnError(error, 'get') : error
  if (!(named instanceof Error)) return { error: { name: 'UnknownError', message: String(named) } }
  const { name, message } = named
  return { error: { name, message } }
}
