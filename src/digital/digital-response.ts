import { ProtocolError, WalletError } from '../errors.js'
import type { CodeOf } from '../errors.js'
import type { JsonObject, JsonValue } from '../message/json.js'
import type { DigitalRequest } from './digital-request.js'
import { isJsonObject, jsonMember } from './members.js'

/** What a wallet gave: the members of a DigitalCredential (W3C Digital Credentials). */
export interface DigitalCredentialResponse {
  /** One of those that were asked for. */
  readonly protocol: string
  /** What the protocol says; for the verifier or issuer to check. */
  readonly data: JsonObject
}

/** Why a phone gives no credential. */
export type DigitalFailure = 'USER_CANCELED' | 'DEVICE_ABORTED' | 'NO_CREDENTIAL'

/** The answer of a phone that gives a credential (protocol.md 14.2). */
export function writeDigitalResponse(data: DigitalCredentialResponse): JsonValue {
  const { protocol, data: content } = data
  return { response: { digital: { data: { protocol, data: content } } } }
}

/** The answer of a phone that gives no credential. */
export function writeDigitalFailure(error: DigitalFailure): JsonValue {
  return { response: { digital: { error } } }
}

/**
 * Reads a phone’s answer. Data without a protocol, which older phones send, belongs to the protocol that was asked for, if there is
 * one only.
 * @throws WalletError for a failure, and for data that is not an object; ProtocolError `response-invalid` for any other shape.
 */
export function readDigitalResponse(
  answer: JsonValue,
  asked: readonly DigitalRequest[],
): DigitalCredentialResponse {
  const digital = jsonMember(jsonMember(answer, 'response'), 'digital')
  const error = jsonMember(digital, 'error')
  const data = jsonMember(digital, 'data')
  if (error !== undefined && data !== undefined) throw responseInvalid('has both data and an error')
  if (typeof error === 'string') throw failure(error)
  if (error !== undefined) throw responseInvalid('has an error that is not a text')
  if (data === undefined) throw responseInvalid('has neither data nor an error')
  const protocol = jsonMember(data, 'protocol')
  const content = jsonMember(data, 'data')
  return typeof protocol === 'string' && content !== undefined
    ? credentialOf(protocol, content, asked)
    : credentialOf(onlyProtocol(asked), data, asked)
}

function credentialOf(
  protocol: string,
  data: JsonValue,
  asked: readonly DigitalRequest[],
): DigitalCredentialResponse {
  if (!asked.some(request => request.protocol === protocol)) {
    throw responseInvalid('is in a protocol that was not asked for')
  }
  if (isJsonObject(data)) return { protocol, data }
  throw new WalletError(
    'wallet-data-invalid',
    'the phone’s digital credential has data that is not an object',
  )
}

function onlyProtocol(asked: readonly DigitalRequest[]): string {
  const [protocol, ...others] = new Set(asked.map(request => request.protocol))
  if (protocol !== undefined && others.length === 0) return protocol
  throw responseInvalid('does not say which of the protocols it is in')
}

function responseInvalid(what: string): ProtocolError {
  return new ProtocolError('response-invalid', `the phone’s answer ${what}`)
}

const FAILURES: ReadonlyMap<string, CodeOf<'wallet'>> = new Map<DigitalFailure, CodeOf<'wallet'>>([
  ['USER_CANCELED', 'wallet-refused'],
  ['DEVICE_ABORTED', 'wallet-aborted'],
  ['NO_CREDENTIAL', 'wallet-empty'],
])

/** Letters of the phone’s own words that reach a message. */
const SHOWN_LETTERS = 64

function failure(text: string): WalletError {
  const code = FAILURES.get(text)
  // A site that is shown the message must not learn from it whether the phone has such a credential.
  if (code !== undefined) return new WalletError(code, 'the phone gave no digital credential')
  const shown = text.slice(0, SHOWN_LETTERS).replaceAll(/[^ -~]/g, '?')
  return new WalletError('wallet-error', `the phone answered with an error: ${shown}`)
}
