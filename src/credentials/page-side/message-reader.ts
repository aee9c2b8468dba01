import { UsageError } from '../../errors.js'
import type { DocumentMessage, RequestQuestion, SignalQuestion } from './page-messages.js'

/** The longest message that a page may send, in UTF-16 code units: a list of a hundred credentials of 1023 bytes goes in. */
export const MAX_MESSAGE_LENGTH = 262_144

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
  if (typeof text !== 'string' || text.length > MAX_MESSAGE_LENGTH)
    throw new UsageError('options-invalid', `a message is text of at most ${MAX_MESSAGE_LENGTH} letters`)
  const message = parsed(text)
  if (isDocumentMessage(message)) return message
  throw new UsageError('options-invalid', 'the page’s message is not one of those that its script sends')
}

/** Whether a user is asked; else a page gives a signal. */
export function isRequest(question: RequestQuestion | SignalQuestion): question is RequestQuestion {
  return question.kind === 'create' || question.kind === 'get'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('options-invalid', 'the page’s message is not JSON')
  }
}

function isDocumentMessage(value: unknown): value is DocumentMessage {
  if (typeof value !== 'object' || value === null) return false
  const { kind, document, request }: Partial<Record<keyof DocumentMessage | 'request', unknown>> = value
  const isRequest = kind === 'create' || kind === 'get' || kind === 'abort'
  return KINDS.has(kind) && typeof document === 'string' && (!isRequest || typeof request === 'number')
}
