/** Sends a page’s message to the program around it, and gives that program’s reply. Both are JSON. */
export type SendMessage = (message: string) => Promise<string>

/** The two requests that ask a user. */
export type RequestKind = 'create' | 'get'

/** Signals of WebAuthn L3 section 5.1.10. */
export type SignalKind =
  'signalUnknownCredential' | 'signalAllAcceptedCredentials' | 'signalCurrentUserDetails'

/** One request. */
export interface RequestQuestion {
  readonly kind: RequestKind
  /** Counts the document’s requests. */
  readonly request: number
  readonly mediation?: unknown
  readonly publicKey?: unknown
  /** As the page has it: JSON. */
  readonly digital?: unknown
}

export interface SignalQuestion {
  readonly kind: SignalKind
  readonly options: unknown
}

/** Asks what clients can do. */
export interface AbilityQuestion {
  readonly kind: 'getClientCapabilities' | 'isUserVerifyingPlatformAuthenticatorAvailable'
}

/** What a page’s message asks for. Its options stand as `PageSide` writes them, bytes as `{ $bytes: base64url }`. */
export type PageQuestion =
  /**
   * A new document, or, where `document` is empty, no document any more. The requests of the frame’s former document
   * are over.
   */
  | { readonly kind: 'begin' }
  /** Gives up the request of that number. */
  | { readonly kind: 'abort'; readonly request: number }
  | RequestQuestion
  | SignalQuestion
  | AbilityQuestion

/** A question, and which document of the frame asks it. */
export type DocumentMessage = PageQuestion & { readonly document: string }

/** Says that a frame has no document any more. */
export const NO_DOCUMENT = '{"kind":"begin","document":""}'

/** What a page learns about a failure, as in browsers. */
export interface PageFailure {
  readonly name: string
  readonly message: string
}

/** The answer to a page; the value is JSON. */
export type DocumentReply =
  { readonly value?: unknown; readonly error?: undefined } | { readonly error: PageFailure }
