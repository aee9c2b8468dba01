import type { Qr } from '../client/qr.js'
import type { ProgressEvent } from '../driver/progress.js'
import { UsageError } from '../errors.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import type { PageCredentialRequest } from './page-request.js'
import type { PasskeyView, PasskeyViewRequest } from './passkey-window.js'
import type { ServeCredentialsOptions } from './serve-options.js'

/** What the user sees of one request, from its QR code until it is over. */
export class RequestShow {
  readonly #options: ServeCredentialsOptions
  readonly #request: PageCredentialRequest
  readonly #controller: AbortController
  readonly #over = new AbortController()
  #view: PasskeyView | undefined

  constructor(options: ServeCredentialsOptions, request: PageCredentialRequest, controller: AbortController) {
    this.#options = options
    this.#request = request
    this.#controller = controller
  }

  /** Absent where the embedder shows nothing, as for a client on this device. */
  get onQr(): ((qr: Qr) => unknown) | undefined {
    const { onQr, window } = this.#options
    return onQr === undefined && window === undefined ? undefined : qr => this.#show(qr)
  }

  readonly onProgress = (progress: ProgressEvent): void => {
    this.#view?.step(progress.event)
    this.#options.onProgress?.(progress)
  }

  close(): void {
    this.#over.abort()
    this.#view?.close()
  }

  #show(qr: Qr): unknown {
    const { onQr, window } = this.#options
    const { origin, rpId = new URL(origin).hostname } = this.#request
    if (this.#over.signal.aborted) return undefined
    this.#view = window?.({
      requestType: requestTypeOf(this.#request),
      rpId,
      origin,
      qr,
      cancel: () => this.#refuse(),
    })
    return onQr?.(qr, this.#request, this.#over.signal)
  }

  #refuse(): void {
    // A view that closes at the end may say so.
    if (this.#over.signal.aborted) return
    const cause = new UsageError('options-unsatisfiable', 'the user ended the request')
    this.#controller.abort(toWebAuthnError(cause, this.#request.call === 'create' ? 'create' : 'get'))
  }
}

function requestTypeOf({ call, digital }: PageCredentialRequest): PasskeyViewRequest['requestType'] {
  if (digital) return call === 'create' ? 'dci' : 'dcp'
  return call === 'create' ? 'mc' : 'ga'
}
