import type { PageQuestion, DocumentReply, RequestKind, SendMessage, SignalKind } from './page-messages.js'

/** What is used of a page’s global object. */
export interface PageScope {
  readonly isSecureContext?: boolean
  /** `null` in text for documents of an opaque origin, such as sandboxed frames. */
  readonly origin?: string
  readonly navigator: { readonly credentials?: PageContainer }
  readonly document?: {
    readonly featurePolicy?: { readonly allowsFeature: (feature: string) => boolean }
  }
  readonly Credential?: PageClass
  readonly CredentialsContainer?: PageClass
}

interface PageClass {
  new (): object
  readonly prototype: object
}

type PageContainer = Partial<Record<RequestKind, (options: object) => Promise<unknown>>>

interface PageRequest {
  readonly publicKey?: unknown
  readonly signal?: AbortSignal
  readonly mediation?: unknown
}

type Members = Readonly<Record<string, unknown>>

/** How an interface of Web IDL is made: what its attributes are, and what its methods give. */
interface Shape {
  readonly attributes: Readonly<Record<string, (own: Members) => unknown>>
  readonly methods: Readonly<Record<string, (own: Members) => unknown>>
}

/**
 * A page’s side of a container that is elsewhere: `navigator.credentials` and `PublicKeyCredential`, whose requests go as messages to
 * the program around the page.
 *
 * Its text is put into pages, so it uses nothing from outside, and neither async functions nor private names, which builds may
 * lower to helpers of theirs.
 */
export class PageSide {
  declare private readonly scope: PageScope
  declare private readonly send: SendMessage | undefined
  declare private readonly document: string
  declare private readonly isOpaque: boolean
  /** What the objects of our interfaces are made of. */
  declare private readonly made: WeakMap<object, Members>
  declare private readonly classes: Readonly<Record<string, PageClass>>
  declare private requests: number

  /** @param send undefined where the page’s requests are to be refused. */
  constructor(scope: PageScope, send: SendMessage | undefined) {
    this.scope = scope
    this.send = send
    this.document = crypto.getRandomValues(new Uint32Array(4)).join()
    this.isOpaque = scope.origin === 'null'
    this.made = new WeakMap()
    this.classes = this.makeClasses()
    this.requests = 0
  }

  /** Puts everything where the page looks for it. Pages without a secure context have none of it. */
  place(): void {
    this.tell({ kind: 'begin' })
    if (this.scope.isSecureContext !== true) return
    for (const [name, type] of Object.entries(this.classes)) this.define(this.scope, name, type)
    this.placeContainer()
  }

  private placeContainer(): void {
    const { navigator, CredentialsContainer } = this.scope
    const native = navigator.credentials
    const container = native ?? {}
    const holder = native === undefined ? container : (CredentialsContainer?.prototype ?? container)
    for (const kind of ['create', 'get'] as const) {
      const before = native?.[kind]
      const method = (options: PageRequest = {}): Promise<unknown> =>
        options.publicKey === undefined && before !== undefined
          ? before.call(container, options)
          : this.request(kind, options)
      this.define(holder, kind, method, true)
    }
    if (native === undefined) this.define(navigator, 'credentials', container)
  }

  /** One request, which the page’s signal ends here at once. */
  private request(kind: RequestKind, { publicKey, signal, mediation }: PageRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const request = ++this.requests
      const abort = (): void => {
        this.tell({ kind: 'abort', request })
        reject(signal?.reason as Error)
      }
      const over = (): void => signal?.removeEventListener('abort', abort)
      const question = { kind, request, mediation, publicKey: this.written(publicKey, 0) }
      signal?.addEventListener('abort', abort)
      this.ask(question, `publickey-credentials-${kind}`)
        .then(json => resolve(this.credential(json as Members | null)))
        .catch(reject)
        .finally(over)
    })
  }

  private credential(json: Members | null): object | null {
    if (json === null) return null
    const { response, ...rest } = json as { response: Members }
    const isNew = response['attestationObject'] !== undefined
    const type = isNew ? 'AuthenticatorAttestationResponse' : 'AuthenticatorAssertionResponse'
    const own = this.buffers(response, [
      'clientDataJSON',
      'attestationObject',
      'authenticatorData',
      'signature',
    ])
    return this.make('PublicKeyCredential', {
      ...this.buffers(rest, ['rawId']),
      json,
      response: this.make(type, this.buffers(own, ['userHandle', 'publicKey'])),
    })
  }

  /** @throws what a browser would: a TypeError, or a DOMException. */
  private ask(question: PageQuestion, feature?: string): Promise<unknown> {
    const { send } = this
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
    this.send?.(JSON.stringify({ ...question, document: this.document })).catch(() => undefined)
  }

  private refusal(feature: string | undefined): string | undefined {
    if (this.isOpaque) return 'the document has an opaque origin'
    const policy = this.scope.document?.featurePolicy
    if (feature === undefined || policy?.allowsFeature(feature) !== false) return undefined
    return `the feature ${feature} is not enabled in this document`
  }

  /** A page’s value as messages have it: bytes are marked, what has no place in a dictionary is left out. */
  private written(value: unknown, depth: number): unknown {
    if (depth > 16) throw new TypeError('options are nested too deeply')
    if (typeof value !== 'object' || value === null) return value
    const bytes = this.bytesOf(value)
    if (bytes !== undefined) return { $bytes: this.base64url(bytes) }
    if (Symbol.iterator in value)
      return [...(value as Iterable<unknown>)].map(each => this.written(each, depth + 1))
    const members: Record<string, unknown> = {}
    // Dictionaries take inherited members, too (Web IDL section 3.2.17).
    for (const name in value) members[name] = this.written((value as Members)[name], depth + 1)
    return members
  }

  /** Of any realm: a page may take options from a frame of its own. */
  private bytesOf(value: object): Uint8Array | undefined {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const isBuffer = Object.prototype.toString.call(value) === '[object ArrayBuffer]'
    return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined
  }

  private base64url(bytes: Uint8Array): string {
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  }

  /** @throws DOMException EncodingError. */
  private buffer(text: unknown): ArrayBuffer {
    if (typeof text !== 'string' || !/^[\w-]*$/.test(text))
      throw new DOMException('bytes are not written as base64url', 'EncodingError')
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, each => each.charCodeAt(0)).buffer
  }

  /** The same with bytes for base64url in the members of those names, where they are. */
  private buffers(members: Members, names: readonly string[]): Members {
    const changes = names
      .filter(name => members[name] !== undefined)
      .map(name => [name, this.buffer(members[name])] as const)
    return { ...members, ...Object.fromEntries(changes) }
  }

  /** The same with another value in the member of that name, where it is. */
  private changed(members: Members, name: string, change: (value: Members) => unknown): Members {
    const value = members[name]
    return value === undefined ? members : { ...members, [name]: change(value as Members) }
  }

  /** Outputs of extensions as pages have them. */
  private outputs(results: Members): Members {
    const prf = this.changed(results, 'prf', of =>
      this.changed(of, 'results', values => this.buffers(values, ['first', 'second'])),
    )
    return this.changed(prf, 'largeBlob', of => this.buffers(of, ['blob']))
  }

  /** Options that came as JSON (WebAuthn L3 sections 5.1.9 and 5.1.10). */
  private parsed(json: Members): Members {
    const descriptors = (list: unknown): unknown =>
      (list as readonly Members[]).map(each => this.buffers(each, ['id']))
    let options = this.buffers(json, ['challenge'])
    options = this.changed(options, 'user', user => this.buffers(user, ['id']))
    options = this.changed(options, 'excludeCredentials', descriptors)
    options = this.changed(options, 'allowCredentials', descriptors)
    return this.changed(options, 'extensions', inputs => this.inputs(inputs))
  }

  private inputs(extensions: Members): Members {
    const values = (of: Members): Members => this.buffers(of, ['first', 'second'])
    const byCredential = (of: Members): unknown =>
      Object.fromEntries(Object.entries(of).map(([id, each]) => [id, values(each as Members)]))
    const prf = this.changed(this.buffers(extensions, ['credBlob']), 'prf', of =>
      this.changed(this.changed(of, 'eval', values), 'evalByCredential', byCredential),
    )
    return this.changed(prf, 'largeBlob', of => this.buffers(of, ['write']))
  }

  private makeClasses(): Readonly<Record<string, PageClass>> {
    const response = this.makeClass('AuthenticatorResponse', undefined, {
      attributes: { clientDataJSON: own => own['clientDataJSON'] },
      methods: {},
    })
    const credential = this.makeClass('PublicKeyCredential', this.scope.Credential, this.credentialShape())
    this.addStatics(credential)
    return {
      AuthenticatorResponse: response,
      AuthenticatorAttestationResponse: this.makeClass(
        'AuthenticatorAttestationResponse',
        response,
        this.attestationShape(),
      ),
      AuthenticatorAssertionResponse: this.makeClass('AuthenticatorAssertionResponse', response, {
        attributes: {
          authenticatorData: own => own['authenticatorData'],
          signature: own => own['signature'],
          userHandle: own => own['userHandle'] ?? null,
        },
        methods: {},
      }),
      PublicKeyCredential: credential,
    }
  }

  private credentialShape(): Shape {
    return {
      attributes: {
        id: own => own['id'],
        type: own => own['type'],
        rawId: own => own['rawId'],
        response: own => own['response'],
        authenticatorAttachment: own => own['authenticatorAttachment'] ?? null,
      },
      methods: {
        getClientExtensionResults: own => this.outputs(own['clientExtensionResults'] as Members),
        toJSON: own => JSON.parse(JSON.stringify(own['json'])) as unknown,
      },
    }
  }

  private attestationShape(): Shape {
    return {
      attributes: { attestationObject: own => own['attestationObject'] },
      methods: {
        getTransports: own => [...(own['transports'] as readonly string[])],
        getAuthenticatorData: own => (own['authenticatorData'] as ArrayBuffer).slice(0),
        getPublicKey: own => (own['publicKey'] as ArrayBuffer | undefined)?.slice(0) ?? null,
        getPublicKeyAlgorithm: own => own['publicKeyAlgorithm'],
      },
    }
  }

  private addStatics(type: PageClass): void {
    const signals: readonly SignalKind[] = [
      'signalUnknownCredential',
      'signalAllAcceptedCredentials',
      'signalCurrentUserDetails',
    ]
    for (const kind of signals)
      this.define(
        type,
        kind,
        (options: unknown) => this.ask({ kind, options: this.written(options, 0) }),
        true,
      )
    for (const kind of ['getClientCapabilities', 'isUserVerifyingPlatformAuthenticatorAvailable'] as const)
      this.define(type, kind, () => this.ask({ kind }), true)
    this.define(type, 'isConditionalMediationAvailable', () => Promise.resolve(false), true)
    for (const kind of ['parseCreationOptionsFromJSON', 'parseRequestOptionsFromJSON'])
      this.define(type, kind, (json: Members) => this.parsed(json), true)
  }

  /** An interface whose objects only this class makes. */
  private makeClass(name: string, parent: PageClass | undefined, { attributes, methods }: Shape): PageClass {
    const type = function (): never {
      throw new TypeError('Illegal constructor')
    } as unknown as PageClass
    Object.defineProperty(type, 'prototype', { writable: false })
    const { made } = this
    const ownOf = (object: object): Members => {
      const own = made.get(object)
      if (own === undefined) throw new TypeError('Illegal invocation')
      return own
    }
    if (parent !== undefined) Object.setPrototypeOf(type, parent)
    if (parent !== undefined) Object.setPrototypeOf(type.prototype, parent.prototype)
    for (const [key, read] of Object.entries(attributes))
      this.defineAttribute(type.prototype, key, ownOf, read)
    for (const [key, give] of Object.entries(methods))
      this.define(
        type.prototype,
        key,
        function (this: object) {
          return give(ownOf(this))
        },
        true,
      )
    Object.defineProperty(type, 'name', { value: name })
    Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true })
    return type
  }

  private defineAttribute(
    prototype: object,
    key: string,
    ownOf: (object: object) => Members,
    read: (own: Members) => unknown,
  ): void {
    const get = function (this: object): unknown {
      return read(ownOf(this))
    }
    Object.defineProperty(prototype, key, { get, enumerable: true, configurable: true })
  }

  private make(name: string, own: Members): object {
    const object = Object.create(this.classes[name]?.prototype ?? null) as object
    this.made.set(object, own)
    return object
  }

  /** Interfaces are not enumerable in the global object, their members are in them (Web IDL section 3.7). */
  private define(holder: object, name: string, value: unknown, enumerable = false): void {
    Object.defineProperty(holder, name, { value, enumerable, configurable: true, writable: true })
  }
}
