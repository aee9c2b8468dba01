import { createCredentials } from '../credentials/create-credentials.js'
import type { Credentials } from '../credentials/create-credentials.js'
import { answered, checkQuestion } from '../credentials/page-side/page-answer.js'
import { pageFailure } from '../credentials/page-side/page-failure.js'
import { isRequest, readDocumentMessage } from '../credentials/page-side/message-reader.js'
import type {
  DocumentMessage,
  DocumentReply,
  RequestQuestion,
  SignalQuestion,
} from '../credentials/page-side/page-messages.js'
import { asksWallets } from '../credentials/digital-requests.js'
import { forPage } from '../credentials/rejections.js'
import { UsageError } from '../errors.js'
import { calling } from '../ports/calling.js'
import { isObject } from '../webauthn/web-idl.js'
import type { CallingContents, IpcCall } from './calling-page.js'
import { FrameRequests } from './frame-requests.js'
import { pageRequest } from './page-request.js'
import type { FrameRights, PageCredentialRequest } from './page-request.js'
import { RequestShow } from './request-show.js'
import type { ServeCredentialsOptions } from './serve-options.js'

/** A message that `permit` decides on. */
type AskingMessage = Extract<DocumentMessage, RequestQuestion | SignalQuestion>

/** Answers the messages of all pages. A page counts as hostile, also after `permit` has agreed. */
export class PageDesk {
  readonly #options: ServeCredentialsOptions
  readonly #pages = new Map<CallingContents, FrameRequests>()
  readonly #asksWallets: boolean
  /** A container of no page. It tells what the clients can do. Making it shows whether an option is missing. */
  readonly #ofNoPage: Credentials

  constructor(options: ServeCredentialsOptions) {
    const { onQr, window } = options
    const shown = onQr !== undefined || window !== undefined
    this.#options = options
    this.#asksWallets = asksWallets((options.clients ?? [options]).flatMap(({ client }) => client ?? []))
    this.#ofNoPage = createCredentials({
      ...options,
      origin: 'https://localhost',
      onQr: shown ? () => undefined : undefined,
    })
  }

  /** @returns JSON of a `DocumentReply`. */
  async answer(call: IpcCall, text: unknown): Promise<string> {
    return JSON.stringify(await this.#reply(call, text))
  }

  close(): void {
    for (const requests of this.#pages.values()) requests.abortAll()
  }

  async #reply(call: IpcCall, text: unknown): Promise<DocumentReply> {
    try {
      return { value: await forPage('get', () => this.#value(call, readDocumentMessage(text))) }
    } catch (error) {
      return { error: pageFailure(error) }
    }
  }

  async #value(
    { sender: contents, senderFrame: frame }: IpcCall,
    message: DocumentMessage,
  ): Promise<unknown> {
    switch (message.kind) {
      case 'getClientCapabilities':
      case 'isUserVerifyingPlatformAuthenticatorAvailable':
        return this.#ofNoPage.PublicKeyCredential[message.kind]()
      case 'begin':
        if (frame !== null) this.#requestsOf(contents).begin(frame, message.document)
        return undefined
      case 'abort':
        if (frame !== null) this.#requestsOf(contents).end(frame, message)
        return undefined
      default:
        if (frame === null) throw new UsageError('options-unsatisfiable', 'the frame is gone')
        return await this.#asked(this.#understood(message), { contents, frame })
    }
  }

  /** Removes members of dictionaries that a browser does not know. */
  #understood(message: AskingMessage): AskingMessage {
    return this.#asksWallets ? message : { ...message, ...{ digital: undefined } }
  }

  async #asked(
    message: AskingMessage,
    from: Pick<PageCredentialRequest, 'contents' | 'frame'>,
  ): Promise<unknown> {
    const request = pageRequest(message, from)
    try {
      return await this.#served(message, request)
    } catch (error) {
      this.#options.onFailure?.(error, request)
      throw error
    }
  }

  #served(message: AskingMessage, request: PageCredentialRequest): Promise<unknown> {
    const { contents, frame } = request
    return forPage(message.kind === 'create' ? 'create' : 'get', () =>
      isRequest(message)
        ? this.#requestsOf(contents).run(frame, message, controller =>
            this.#shown(message, request, controller),
          )
        : this.#shown(message, request, new AbortController()),
    )
  }

  async #shown(
    message: AskingMessage,
    request: PageCredentialRequest,
    controller: AbortController,
  ): Promise<unknown> {
    checkQuestion(message)
    const { origin, topOrigin, crossOrigin } = request
    const rights = await this.#rightsOf(request)
    const show = new RequestShow(this.#options, request, controller)
    const { onQr, onProgress } = show
    const from = { origin, topOrigin, crossOrigin, ...rights }
    try {
      const credentials = createCredentials({ ...this.#options, ...from, onQr, onProgress })
      return await answered(credentials, message, controller.signal)
    } finally {
      show.close()
    }
  }

  async #rightsOf(request: PageCredentialRequest): Promise<FrameRights> {
    const permitted = await calling('permit', () => this.#options.permit(request))
    if (permitted === true) return {}
    if (!isObject(permitted))
      throw new UsageError('options-unsatisfiable', 'this page may not ask for passkeys')
    const { appRpIds, allowRemoteClientData } = permitted
    return { appRpIds, allowRemoteClientData }
  }

  #requestsOf(contents: CallingContents): FrameRequests {
    const known = this.#pages.get(contents)
    if (known !== undefined) return known
    const requests = new FrameRequests(contents)
    this.#pages.set(contents, requests)
    contents.on('destroyed', () => this.#pages.delete(contents))
    return requests
  }
}
