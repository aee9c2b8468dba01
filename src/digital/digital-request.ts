import { DecodeError, UsageError } from '../errors.js'
import { decodeJson, encodeJson } from '../message/json.js'
import type { JsonObject, JsonValue } from '../message/json.js'
import { arrayMember, isJsonObject, objectMember, textMember } from './members.js'
import { isProtocolName, knownProtocols } from './protocols.js'
import type { DigitalKind } from './protocols.js'

export type { DigitalKind } from './protocols.js'

/** What is asked of a wallet in one protocol. */
export interface DigitalRequest {
  /** Such as `openid4vp-v1-unsigned`. */
  readonly protocol: string
  /** What the protocol says. */
  readonly data: JsonObject
}

/** The one message of a client that wants a digital credential (protocol.md 14.2). */
export interface DigitalRequestMessage {
  readonly kind: DigitalKind
  /** What the client says that the verifier’s origin is; the phone cannot check it. */
  readonly origin: string
  readonly requests: readonly DigitalRequest[]
}

/** The `digital` member of CredentialRequestOptions and CredentialCreationOptions (W3C Digital Credentials). */
export interface DigitalCredentialOptions {
  /** At least one, each with data that JSON can say. */
  readonly requests: readonly { readonly protocol: string; readonly data: object }[]
}

const REQUEST_TYPES = { presentation: 'credential.get', issuance: 'credential.create' } as const

/**
 * Checks the options of a verifier or issuer. As in a browser, requests in protocols that are not known are left out.
 * @throws UsageError `options-invalid`, also where no request is left; `argument-invalid` for data beyond `JSON_LIMITS`.
 */
export function parseDigitalOptions(options: unknown, kind: DigitalKind): readonly DigitalRequest[] {
  const json = decodeJson(encodeJson(options))
  const given = isJsonObject(json) ? json['requests'] : undefined
  if (!Array.isArray(given)) throw invalid('requests is not a list')
  const known = knownProtocols(kind)
  const requests = given.map(parseRequest).filter(({ protocol }) => known.includes(protocol))
  if (requests.length > 0) return requests
  throw invalid(`no element of requests is in a known protocol of ${kind}: ${known.join(', ')}`)
}

function parseRequest(given: JsonValue, index: number): DigitalRequest {
  const { protocol, data } = isJsonObject(given) ? given : {}
  if (typeof protocol !== 'string' || !isProtocolName(protocol)) {
    throw invalid(`requests[${index}].protocol is not a name of lower-case letters, digits and hyphens`)
  }
  if (!isJsonObject(data)) throw invalid(`requests[${index}].data is not an object`)
  return { protocol, data }
}

function invalid(what: string): UsageError {
  return new UsageError('options-invalid', `the options are not those of a digital credential: ${what}`)
}

/** The message as it goes to the phone. The names in each object are sorted, as Chromium sorts them. */
export function writeDigitalRequest({ kind, origin, requests }: DigitalRequestMessage): JsonValue {
  const message = { origin, requestType: REQUEST_TYPES[kind], request: { digital: { requests } } }
  return sorted(decodeJson(encodeJson(message)))
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Reads the message on the phone.
 * @throws DecodeError `json-malformed`.
 */
export function readDigitalRequest(message: JsonValue): DigitalRequestMessage {
  const requestType = textMember(message, 'requestType')
  const requests = arrayMember(objectMember(objectMember(message, 'request'), 'digital'), 'requests')
  return {
    kind: kindOf(requestType),
    origin: textMember(message, 'origin'),
    requests: requests.map(request => ({
      protocol: textMember(request, 'protocol'),
      data: objectMember(request, 'data'),
    })),
  }
}

function kindOf(requestType: string): DigitalKind {
  if (requestType === REQUEST_TYPES.presentation) return 'presentation'
  if (requestType === REQUEST_TYPES.issuance) return 'issuance'
  throw new DecodeError('json-malformed', 'requestType is neither credential.get nor credential.create')
}
