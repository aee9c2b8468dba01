import { decodeBase64url, encodeBase64url } from '../bytes/base64url.js'
import type { RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { AuthenticationExtensionsClientOutputs } from '../webauthn/extensions-json.js'
import type { CreationMembers, RequestMembers } from '../webauthn/option-dictionaries.js'
import type { CreationOptionsInput } from '../webauthn/registration-json.js'
import { base64url, boolean, dictionary, optional, required } from '../webauthn/web-idl.js'

const ANY_BYTES = { min: 0, max: 65_536 } as const
const output = base64url(ANY_BYTES)

/** The outputs of extensions that have bytes. */
const binaryOutputs = dictionary({
  prf: optional(
    dictionary({
      enabled: optional(boolean),
      results: optional(dictionary({ first: required(output), second: optional(output) })),
    }),
  ),
  largeBlob: optional(
    dictionary({ supported: optional(boolean), blob: optional(output), written: optional(boolean) }),
  ),
})

/** base64url as a page has bytes. */
export function bufferOf(text: string): ArrayBuffer {
  return toBuffer(decodeBase64url(text))
}

/** Extension outputs as a page has them: their bytes in buffers. */
export function pageOutputs(outputs: AuthenticationExtensionsClientOutputs): object {
  return { ...outputs, ...asPage(binaryOutputs(outputs, 'clientExtensionResults')) }
}

/** A converted dictionary as a page has it: bytes in buffers, absent members left out. */
export function asPage(dictionary: object): object {
  return mapped(dictionary, toBuffer)
}

/** Options of a registration as JSON has them: bytes as base64url, absent members left out. */
export function creationJson(members: CreationMembers): CreationOptionsInput
export function creationJson(members: object): object {
  return mapped(members, encodeBase64url)
}

/** Options of a sign-in as JSON has them. */
export function requestJson(members: RequestMembers): RequestOptionsInput
export function requestJson(members: object): object {
  return mapped(members, encodeBase64url)
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer
}

type ConvertBytes = (bytes: Uint8Array) => unknown

function mapped(dictionary: object, convert: ConvertBytes): object {
  const members: [unknown, unknown][] =
    dictionary instanceof Map ? [...dictionary] : Object.entries(dictionary)
  const converted = members
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, mappedValue(value, convert)])
  return Object.fromEntries(converted) as object
}

function mappedValue(value: unknown, convert: ConvertBytes): unknown {
  if (value instanceof Uint8Array) return convert(value)
  if (Array.isArray(value)) return value.map(each => mappedValue(each, convert))
  return typeof value === 'object' && value !== null ? mapped(value, convert) : value
}
