import { decodeBase64url } from '../../bytes/base64url.js'
import { UsageError } from '../../errors.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../../ports/credential-signals.js'
import { isObject, ownMember } from '../../webauthn/web-idl.js'
import type { CredentialCreationOptions, CredentialRequestOptions } from '../credential-requests.js'
import type { RequestQuestion } from './page-messages.js'

/** How a page’s message has bytes. */
const BYTES = '$bytes'
const NAME_OF_SELF = 'publicKey'
/** As deep as `PageBytes` writes. */
const MAX_DEPTH = 16

/** What either request may be of. The container checks it: a page may have sent anything. */
type AnyRequest = CredentialCreationOptions & CredentialRequestOptions
type AnySignal = UnknownCredentialOptions & AllAcceptedCredentialsOptions & CurrentUserDetailsOptions

type AskedRequest = Pick<RequestQuestion, 'mediation' | 'publicKey' | 'digital'>

/**
 * A request as the page gave it.
 * @throws UsageError `options-invalid` for text where pages have bytes: a container would take it for JSON’s.
 */
export function requestOf(asked: AskedRequest, signal: AbortSignal): AnyRequest
export function requestOf({ mediation, ...asked }: AskedRequest, signal: AbortSignal): object {
  const publicKey = readValue(asked.publicKey)
  if (isObject(publicKey)) refuseText(publicKey)
  const { digital } = asked
  return {
    mediation,
    signal,
    ...(publicKey !== undefined && { publicKey }),
    ...(digital !== undefined && { digital }),
  }
}

/** The options of a signal as the page gave them. */
export function signalOf(options: unknown): AnySignal
export function signalOf(options: unknown): unknown {
  return readValue(options)
}

function readValue(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new UsageError('options-invalid', 'options are nested too deeply')
  if (Array.isArray(value)) return value.map(each => readValue(each, depth + 1))
  if (!isObject(value)) return value
  const bytes = ownMember(value, BYTES)
  if (typeof bytes === 'string') return decodeBase64url(bytes)
  const members = Object.entries(value).map(([name, each]) => [name, readValue(each, depth + 1)] as const)
  return Object.fromEntries(members)
}

function refuseText(options: object): void {
  refuseTextIn(options, 'challenge', NAME_OF_SELF)
  refuseTextIn(ownMember(options, 'user'), 'id', `${NAME_OF_SELF}.user`)
  for (const list of ['excludeCredentials', 'allowCredentials']) {
    const descriptors = ownMember(options, list)
    if (!Array.isArray(descriptors)) continue
    for (const [index, each] of descriptors.entries())
      refuseTextIn(each, 'id', `${NAME_OF_SELF}.${list}[${index}]`)
  }
}

function refuseTextIn(holder: unknown, name: string, path: string): void {
  if (!isObject(holder) || typeof ownMember(holder, name) !== 'string') return
  throw new UsageError(
    'options-invalid',
    `${path}.${name} is text, where an ArrayBuffer or a view of one belongs`,
  )
}
