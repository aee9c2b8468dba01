import type { Members, PageBytes } from './page-bytes.js'
import type { PageCredentials } from './page-credentials.js'
import type { PageClass, PageInterfaces } from './page-interfaces.js'
import type { PageJson } from './page-json.js'
import type {
  DocumentReply,
  PageQuestion,
  RequestKind,
  RequestQuestion,
  SendMessage,
  SignalKind,
} from './page-messages.js'

/** What is used of a page’s global object. */
export interface PageScope {
  readonly isSecureContext?: boolean
  /** `null` in text for documents of an opaque origin, such as sandboxed frames. */
  readonly origin?: string
  readonly navigator: { readonly credentials?: PageContainer }
  readonly document?: {
    readonly featurePolicy?: {
      readonly features: () => readonly string[]
      readonly allowsFeature: (feature: string) => boolean
    }
  }
  readonly Credential?: PageClass
  readonly CredentialsContainer?: PageClass
}

type PageContainer = Partial<Record<RequestKind, (options: object) => Promise<unknown>>>

interface PageRequest {
  readonly publicKey?: unknown
  readonly digital?: unknown
  readonly signal?: AbortSignal
  readonly mediation?: unknown
}

/** What a page’s side is made of. */
export interface PageSideParts {
  readonly bytes: PageBytes
  readonly interfaces: PageInterfaces
  readonly json: PageJson
  readonly credentials: PageCredentials
  /** Undefined where the page’s requests are to be refused. */
  readonly send: SendMessage | undefined
  /** Whether the document’s permissions policy is kept to. */
  readonly keepsPolicy: boolean
}

/**
 * A page’s side of a container that is elsewhere: `navigator.credentials`, `PublicKeyCredential` and its kin, whose requests go as
 * messages to the program around the page.
 */
export class PageSide {
  declare private readonly scope: PageScope
  declare private readonly parts: PageSideParts
  declare private readonly document: string
  declare private requests: number

  constructor(scope: PageScope, parts: PageSideParts) {
    this.scope = scope
    this.parts = parts
    this.document = crypto.getRandomValues(new Uint32Array(4)).join()
    this.requests = 0
    this.addStatics(parts.credentials.classes.PublicKeyCredential)
  }

  /** Puts everything where the page looks for it. Pages without a secure context have none of it. */
  place(): void {
    this.tell({ kind: 'begin' })
    if (this.scope.isSecureContext !== true) return
    const { credentials, interfaces } = this.parts
    for (const [name, type] of Object.entries(credentials.classes)) interfaces.define(this.scope, name, type)
    if (!this.hasDigital()) Reflect.deleteProperty(this.scope, 'DigitalCredential')
    this.placeContainer()
  }

  private placeContainer(): void {
    const { navigator, CredentialsContainer } = this.scope
    const native = navigator.credentials
    const container = native ?? {}
    const holder = native === undefined ? container : (CredentialsContainer?.prototype ?? container)
    const { interfaces } = this.parts
    for (const kind of ['create', 'get'] as const) {
      const before = native?.[kind]
      const method = (options?: PageRequest): Promise<unknown> =>
        new Promise(resolve => {
          const asked = options ?? {}
          const isOurs = asked.publicKey !== undefined || asked.digital !== undefined || before === undefined
          resolve(isOurs ? this.request(kind, asked) : before.call(container, asked))
        })
      interfaces.define(holder, kind, method, true)
    }
    if (native === undefined) interfaces.define(navigator, 'credentials', container)
  }

  /** One request, which the page’s signal ends here at once. */
  private request(kind: RequestKind, options: PageRequest): Promise<unknown> {
    const { signal } = options
    signal?.throwIfAborted()
    const request = ++this.requests
    const question = this.question(kind, request, options)
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (question !== undefined) this.tell({ kind: 'abort', request })
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', abort)
      this.answer(question, options)
        .then(resolve, reject)
        .finally(() => signal?.removeEventListener('abort', abort))
    })
  }

  /**
   * Undefined for a request that needs no answer from outside: no field offers passkeys, and no passkey is used without
   * its user.
   */
  private question(
    kind: RequestKind,
    request: number,
    { publicKey, digital, mediation }: PageRequest,
  ): RequestQuestion | undefined {
    const wanted = this.hasDigital() ? digital : undefined
    if (kind === 'get' && wanted === undefined && this.isQuiet(mediation)) return undefined
    return {
      kind,
      request,
      mediation,
      publicKey: this.parts.bytes.written(publicKey),
      // The text of it is what a wallet gets.
      digital: wanted === undefined ? undefined : (JSON.parse(JSON.stringify(wanted)) as unknown),
    }
  }

  private answer(question: RequestQuestion | undefined, { mediation }: PageRequest): Promise<unknown> {
    if (question === undefined)
      return mediation === 'silent' ? Promise.resolve(null) : new Promise(() => undefined)
    const { kind, digital } = question
    return this.ask(question, `${digital === undefined ? 'publickey' : 'digital'}-credentials-${kind}`).then(
      json => this.parts.credentials.credential(json as Members | null),
    )
  }

  private isQuiet(mediation: unknown): boolean {
    return mediation === 'conditional' || mediation === 'silent'
  }

  private hasDigital(): boolean {
    return this.parts.credentials.classes['DigitalCredential'] !== undefined
  }

  /** @throws what a browser would: a TypeError, or a DOMException. */
  private ask(question: PageQuestion, feature?: string): Promise<unknown> {
    const { send } = this.parts
    const refusal = this.refusal(feature)
    if (send === undefined || refusal !== undefined)
      return Promise.reject(
        new DOMException(refusal ?? 'frames of this page cannot be told apart', 'NotAllowedError'),
      )
    return send(JSON.stringify({ ...question, document: this.document })).then(text => {
      const { error, ...reply } = JSON.parse(text) as DocumentReply & { value?: unknown }
      if (error === undefined) return reply.value
      throw error.name === 'TypeError'
        ? new TypeError(error.message)
        : new DOMException(error.message, error.name)
    })
  }

  private tell(question: PageQuestion): void {
    this.parts.send?.(JSON.stringify({ ...question, document: this.document })).catch(() => undefined)
  }

  private refusal(feature: string | undefined): string | undefined {
    if (this.scope.origin === 'null') return 'the document has an opaque origin'
    const policy = this.parts.keepsPolicy ? this.scope.document?.featurePolicy : undefined
    if (feature === undefined || policy === undefined) return undefined
    // A browser allows a feature that it does not know nowhere.
    const isRefused = policy.features().includes(feature) && !policy.allowsFeature(feature)
    return isRefused ? `the feature ${feature} is not enabled in this document` : undefined
  }

  private addStatics(type: PageClass): void {
    const { interfaces, bytes, json } = this.parts
    const add = (name: string, method: (options: unknown) => unknown): void =>
      interfaces.define(type, name, method, true)
    const signals: readonly SignalKind[] = [
      'signalUnknownCredential',
      'signalAllAcceptedCredentials',
      'signalCurrentUserDetails',
    ]
    for (const kind of signals)
      add(
        kind,
        options => new Promise(resolve => resolve(this.ask({ kind, options: bytes.written(options) }))),
      )
    for (const kind of ['getClientCapabilities', 'isUserVerifyingPlatformAuthenticatorAvailable'] as const)
      add(kind, () => this.ask({ kind }))
    add('isConditionalMediationAvailable', () => Promise.resolve(false))
    add('parseCreationOptionsFromJSON', options => json.creation(options as Members))
    add('parseRequestOptionsFromJSON', options => json.request(options as Members))
  }
}
