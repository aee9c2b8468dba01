import type { Credentials } from '../create-credentials.js'
import { forPage } from '../rejections.js'
import { answered } from './page-answer.js'
import { pageFailure } from './page-failure.js'
import type { DocumentMessage, DocumentReply, RequestQuestion } from './page-messages.js'

/** The requests of one document. */
export interface DocumentDeskOptions {
  /** The container that serves them: its origin is that of the document’s frame. */
  readonly credentials: Credentials
  /** Hears why a request failed, of which the page is told little. */
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

  /** @returns the reply, also for a failure. */
  async answer(message: DocumentMessage): Promise<DocumentReply> {
    try {
      return { value: await forPage('get', () => this.#valueOf(message)) }
    } catch (error) {
      this.#options.onFailure?.(error)
      return { error: pageFailure(error) }
    }
  }

  async #valueOf(message: DocumentMessage): Promise<unknown> {
    switch (message.kind) {
      case 'begin':
        return undefined
      case 'abort':
        return this.#pending.get(message.request)?.controller.abort()
      case 'create':
      case 'get':
        return this.#request(message)
      default:
        return answered(this.#options.credentials, message, new AbortController().signal)
    }
  }

  #request(question: RequestQuestion): Promise<unknown> {
    const { kind, request } = question
    const controller = new AbortController()
    const response = forPage(kind, () =>
      answered(this.#options.credentials, question, controller.signal),
    ).finally(() => this.#pending.delete(request))
    this.#pending.set(request, { controller, response })
    return response
  }
}
