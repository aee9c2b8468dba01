import { decodeBase64url } from '../../bytes/base64url.js'
import { UsageError } from '../../errors.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../../ports/credential-signals.js'
import { isObject, ownMember } from '../../webauthn/web-idl.js'
import type { CredentialCreationOptions, CredentialRequestOptions } from '../credential-requests.js'

/** How a page’s message has bytes. */
const BYTES = '$bytes'
const NAME_OF_SELF = 'publicKey'

/** What either request may be of. The container checks it: a page may have sent anything. */
type AnyRequest = CredentialCreationOptions & CredentialRequestOptions
type AnySignal = UnknownCredentialOptions & AllAcceptedCredentialsOptions & CurrentUserDetailsOptions

/** The part of a page’s message that says what is asked. */
interface AskedRequest {
  readonly mediation?: unknown
  readonly publicKey: unknown
}

/**
 * A request as the page gave it.
 * @throws UsageError `options-invalid` for text where pages have bytes: a container would take it for JSON’s.
 */
export function requestOf(asked: AskedRequest, signal: AbortSignal): AnyRequest
export function requestOf({ mediation, publicKey }: AskedRequest, signal: AbortSignal): object {
  const options = readValue(publicKey)
  if (isObject(options)) refuseText(options)
  return { publicKey: options, mediation, signal }
}

/** The options of a signal as the page gave them. */
export function signalOf(options: unknown): AnySignal
export function signalOf(options: unknown): unknown {
  return readValue(options)
}

function readValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readValue)
  if (!isObject(value)) return value
  const bytes = ownMember(value, BYTES)
  if (typeof bytes === 'string') return decodeBase64url(bytes)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readValue(member)]))
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
