import type { DocumentDesk } from '../../credentials/page-side/document-desk.js'
import { pageFailure } from '../../credentials/page-side/page-failure.js'
import { readDocumentMessage } from '../../credentials/page-side/message-reader.js'
import type { DocumentReply } from '../../credentials/page-side/page-messages.js'
import { forPage } from '../../credentials/rejections.js'

interface OpenDocument {
  readonly id: string
  readonly desk: DocumentDesk
}

/** The documents of a page’s frames, and their requests: a frame’s new document ends those of the former one. */
export class DocumentDesks<Frame extends object> {
  readonly #open = new Map<Frame, OpenDocument>()
  readonly #makeDesk: (frame: Frame) => DocumentDesk
  readonly #onFailure: ((error: unknown) => void) | undefined

  /** @param makeDesk called for each new document. @param onFailure hears of what is answered without a desk. */
  constructor(makeDesk: (frame: Frame) => DocumentDesk, onFailure?: (error: unknown) => void) {
    this.#makeDesk = makeDesk
    this.#onFailure = onFailure
  }

  /** @returns the reply in JSON. */
  async answer(frame: Frame, text: unknown): Promise<string> {
    try {
      return JSON.stringify(await forPage('get', () => this.#reply(frame, text)))
    } catch (error) {
      this.#onFailure?.(error)
      return JSON.stringify({ error: pageFailure(error) })
    }
  }

  /** The frame’s document is gone. */
  leave(frame: Frame): void {
    this.#open.get(frame)?.desk.end(new DOMException('the document is gone', 'AbortError'))
    this.#open.delete(frame)
  }

  leaveAll(): void {
    for (const frame of [...this.#open.keys()]) this.leave(frame)
  }

  /** Settles when the requests that are pending now are over. */
  async settled(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ desk }) => desk.settled()))
  }

  async #reply(frame: Frame, text: unknown): Promise<DocumentReply> {
    const message = readDocumentMessage(text)
    if (message.document !== this.#open.get(frame)?.id) this.leave(frame)
    return message.kind === 'begin' ? {} : await this.#deskOf(frame, message.document).answer(message)
  }

  #deskOf(frame: Frame, id: string): DocumentDesk {
    const desk = this.#open.get(frame)?.desk ?? this.#makeDesk(frame)
    this.#open.set(frame, { id, desk })
    return desk
  }
}
