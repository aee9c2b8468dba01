import { UsageError } from '../errors.js'
import type { PageFailure } from '../credentials/page-side/page-messages.js'
import { isObject, ownMember } from '../webauthn/web-idl.js'

/** The longest message that a page may send, in UTF-16 code units: a list of a hundred credentials of 1023 bytes goes in. */
export const MAX_MESSAGE_LENGTH = 262_144

/** Each call that is known, and whether it is a signal. */
const PAGE_CALLS = {
  create: false,
  get: false,
  cancel: false,
  getClientCapabilities: false,
  signalAllAcceptedCredentials: true,
  signalCurrentUserDetails: true,
  signalUnknownCredential: true,
} as const

/** What a page can ask for. */
export type PageCall = keyof typeof PAGE_CALLS
type SignalCall = Extract<PageCall, `signal${string}`>

/** One message of a page. Nothing is known of its options. */
export interface PageMessage {
  readonly call: PageCall
  readonly options: unknown
}

/** The answer to a message. */
export type PageReply = { readonly result: unknown } | { readonly error: PageFailure }

/** @throws UsageError `options-invalid`. */
export function readPageMessage(text: unknown): PageMessage {
  if (typeof text !== 'string' || text.length > MAX_MESSAGE_LENGTH)
    throw new UsageError('options-invalid', `a message is text of at most ${MAX_MESSAGE_LENGTH} letters`)
  const message = parsedJson(text)
  const call = isObject(message) ? ownMember(message, 'call') : undefined
  if (!isObject(message) || !isPageCall(call))
    throw new UsageError('options-invalid', 'a message has no call that is known')
  return { call, options: ownMember(message, 'options') }
}

export function isSignalCall(call: PageCall): call is SignalCall {
  return PAGE_CALLS[call]
}

function isPageCall(value: unknown): value is PageCall {
  return typeof value === 'string' && Object.hasOwn(PAGE_CALLS, value)
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('options-invalid', 'a message is not JSON')
  }
}
