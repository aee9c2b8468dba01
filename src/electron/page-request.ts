import type {
  RequestKind,
  RequestQuestion,
  SignalKind,
  SignalQuestion,
} from '../credentials/page-side/page-messages.js'
import { isRequest } from '../credentials/page-side/message-reader.js'
import type { CeremonyOrigin } from '../webauthn/ceremony-origin.js'
import { isObject, ownMember } from '../webauthn/web-idl.js'
import type { CallingContents, CallingFrame } from './calling-page.js'
import { originOfFrame } from './frame-origin.js'
import type { FrameOrigin } from '../credentials/page-side/frame-origin.js'

/** What a page asks for. The origins are the browser’s word. */
export interface PageCredentialRequest extends FrameOrigin {
  /** Which method of `navigator.credentials` or `PublicKeyCredential` was called. */
  readonly call: RequestKind | SignalKind
  /** Whether `create` or `get` asks a wallet for a digital credential, and not for a passkey. */
  readonly digital: boolean
  /** As the page has it; the client checks it against the origin. Default: the origin’s host. */
  readonly rpId: string | undefined
  /** The `WebContents` that shows the page. */
  readonly contents: CallingContents
  readonly frame: CallingFrame
}

/** The rights that the embedder gives to a frame. */
export type FrameRights = Pick<CeremonyOrigin, 'appRpIds' | 'allowRemoteClientData'>

/**
 * Decides whether a page may ask. Browsers let a frame of another origin ask only where the page around it agrees; here it is
 * this function that decides.
 * @returns true, or rights beyond those of an origin of the web; false makes the request a `NotAllowedError`.
 */
export type PermitRequest = (
  request: PageCredentialRequest,
) => boolean | FrameRights | Promise<boolean | FrameRights>

export function pageRequest(
  question: RequestQuestion | SignalQuestion,
  from: Pick<PageCredentialRequest, 'contents' | 'frame'>,
): PageCredentialRequest {
  const digital = isRequest(question) && question.digital !== undefined
  return { call: question.kind, digital, rpId: askedRpId(question), ...from, ...originOfFrame(from.frame) }
}

function askedRpId(question: RequestQuestion | SignalQuestion): string | undefined {
  const options = isRequest(question) ? question.publicKey : question.options
  const rpId = question.kind === 'create' ? member(member(options, 'rp'), 'id') : member(options, 'rpId')
  return typeof rpId === 'string' ? rpId : undefined
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? ownMember(value, name) : undefined
}
