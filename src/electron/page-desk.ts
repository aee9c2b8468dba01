import { createCredentials } from '../credentials/create-credentials.js'
import type { Credentials } from '../credentials/create-credentials.js'
import { forPage } from '../credentials/rejections.js'
import { UsageError } from '../errors.js'
import { calling } from '../ports/calling.js'
import { isObject } from '../webauthn/web-idl.js'
import type { CallingContents, IpcCall } from './calling-page.js'
import { FrameRequests } from './frame-requests.js'
import { answered } from './page-call.js'
import { pageFailure } from '../credentials/page-side/page-failure.js'
import { isSignalCall, readPageMessage } from './page-message.js'
import type { PageReply } from './page-message.js'
import { pageRequest } from './page-request.js'
import type { FrameRights, PageCredentialRequest } from './page-request.js'
import { RequestShow } from './request-show.js'
import type { ServeCredentialsOptions } from './serve-options.js'

/** Answers the messages of all pages. A page is hostile until `permit` says otherwise, and then still. */
export class PageDesk {
  readonly #options: ServeCredentialsOptions
  readonly #pages = new Map<CallingContents, FrameRequests>()
  /** Of no page: it tells what the clients can do, and that none is missing. */
  readonly #ofNoPage: Credentials

  constructor(options: ServeCredentialsOptions) {
    const { onQr, window } = options
    const shown = onQr !== undefined || window !== undefined
    this.#options = options
    this.#ofNoPage = createCredentials({
      ...options,
      origin: 'https://localhost',
      onQr: shown ? () => undefined : undefined,
    })
  }

  /** @returns JSON of a `PageReply`. */
  async answer(call: IpcCall, text: unknown): Promise<string> {
    return JSON.stringify(await this.#reply(call, text))
  }

  close(): void {
    for (const requests of this.#pages.values()) requests.abortAll()
  }

  async #reply(call: IpcCall, text: unknown): Promise<PageReply> {
    try {
      return { result: await forPage('get', () => this.#result(call, text)) }
    } catch (error) {
      return { error: pageFailure(error) }
    }
  }

  async #result({ sender: contents, senderFrame: frame }: IpcCall, text: unknown): Promise<unknown> {
    const { call, options } = readPageMessage(text)
    if (call === 'getClientCapabilities') return this.#ofNoPage.PublicKeyCredential.getClientCapabilities()
    if (frame === null) throw new UsageError('options-unsatisfiable', 'the frame is gone')
    const requests = this.#requestsOf(contents)
    if (call === 'cancel') {
      requests.cancel(frame)
      return
    }
    const request = pageRequest(call, options, { contents, frame })
    try {
      return await this.#served(request, options, requests)
    } catch (error) {
      this.#options.onFailure?.(error, request)
      throw error
    }
  }

  #served(request: PageCredentialRequest, options: unknown, requests: FrameRequests): Promise<unknown> {
    const { call, frame } = request
    return forPage(call === 'create' ? 'create' : 'get', () =>
      isSignalCall(call)
        ? this.#shown(request, options, new AbortController())
        : requests.run(frame, controller => this.#shown(request, options, controller)),
    )
  }

  async #shown(
    request: PageCredentialRequest,
    options: unknown,
    controller: AbortController,
  ): Promise<unknown> {
    const { origin, topOrigin, crossOrigin } = request
    const rights = await this.#rightsOf(request)
    const show = new RequestShow(this.#options, request, controller)
    const { onQr, onProgress } = show
    const from = { origin, topOrigin, crossOrigin, ...rights }
    try {
      const credentials = createCredentials({ ...this.#options, ...from, onQr, onProgress })
      return await answered(credentials, request.call, options, controller.signal)
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
