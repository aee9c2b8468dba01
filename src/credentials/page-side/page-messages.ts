import { UsageError } from '../../errors.js'

/** Sends a page’s message to the program around it, and gives that program’s reply. Both are JSON. */
export type SendMessage = (message: string) => Promise<string>

/** The two requests that ask a user. */
export type RequestKind = 'create' | 'get'

/** Signals of WebAuthn L3 section 5.1.10. */
export type SignalKind =
  'signalUnknownCredential' | 'signalAllAcceptedCredentials' | 'signalCurrentUserDetails'

/** What a page’s message asks for. Its options stand as `PageSide` writes them, bytes as `{ $bytes: base64url }`. */
export type PageQuestion =
  /** A new document: the requests of the frame’s former one are over. */
  | { readonly kind: 'begin' }
  /** Gives up the request of that number. */
  | { readonly kind: 'abort'; readonly request: number }
  | {
      readonly kind: RequestKind
      readonly request: number
      readonly mediation?: unknown
      readonly publicKey: unknown
    }
  | { readonly kind: SignalKind; readonly options: unknown }
  | { readonly kind: 'getClientCapabilities' | 'isUserVerifyingPlatformAuthenticatorAvailable' }

/** A question, and which document of the frame asks it. */
export type DocumentMessage = PageQuestion & { readonly document: string }

/** What a page is told of a failure, as browsers have it. */
export interface PageFailure {
  readonly name: string
  readonly message: string
}

/** What a page is answered; the value is JSON. */
export type DocumentReply =
  { readonly value?: unknown; readonly error?: undefined } | { readonly error: PageFailure }

const KINDS: ReadonlySet<unknown> = new Set<DocumentMessage['kind']>([
  'begin',
  'abort',
  'create',
  'get',
  'signalUnknownCredential',
  'signalAllAcceptedCredentials',
  'signalCurrentUserDetails',
  'getClientCapabilities',
  'isUserVerifyingPlatformAuthenticatorAvailable',
])

/**
 * A page’s message. What it asks with is checked by the container.
 * @throws UsageError `options-invalid` for one that no `PageSide` sends.
 */
export function readDocumentMessage(text: unknown): DocumentMessage {
  const message = parsed(text)
  if (isDocumentMessage(message)) return message
  throw new UsageError('options-invalid', 'the page’s message is none that its script sends')
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch (cause) {
    throw new UsageError('options-invalid', 'the page’s message is not JSON', { cause })
  }
}

function isDocumentMessage(value: unknown): value is DocumentMessage {
  if (typeof value !== 'object' || value === null) return false
  const { kind, document, request }: Partial<Record<keyof DocumentMessage | 'request', unknown>> = value
  const isRequest = kind === 'create' || kind === 'get' || kind === 'abort'
  return KINDS.has(kind) && typeof document === 'string' && (!isRequest || typeof request === 'number')
}
