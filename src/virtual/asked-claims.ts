import { decodeBase64url } from '../bytes/base64url.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { decodeUtf8 } from '../bytes/utf8.js'
import { readDeviceRequest } from '../digital/device-request.js'
import type { DigitalRequest } from '../digital/digital-request.js'
import { isJsonArray, isJsonObject, jsonMember } from '../digital/members.js'
import { decodeJson } from '../message/json.js'
import type { JsonObject, JsonValue } from '../message/json.js'

/**
 * What a verifier asks for, for a prompt: each claim’s path, after the type of its credential where one is named, such as
 * `eu.europa.ec.eudi.pid.1 / family_name`. Empty for protocols of issuance and for requests that are not understood. A signed request
 * is read, and its signature is not checked.
 */
export function askedClaims({ protocol, data }: DigitalRequest): readonly string[] {
  return protocol === 'org-iso-mdoc' ? askedElements(data) : askedInQuery(data)
}

/** ISO 18013-7 Annex C. */
function askedElements(data: JsonObject): readonly string[] {
  const request = jsonMember(data, 'deviceRequest')
  if (typeof request !== 'string') return []
  const documents = decodedOrUndefined(() => readDeviceRequest(decodeBase64url(request))) ?? []
  return documents.flatMap(({ docType, elements }) => underType(docType, elements))
}

/** OpenID4VP 1.0 section 6. */
function askedInQuery(data: JsonObject): readonly string[] {
  const query = jsonMember(payloadOf(data), 'dcql_query')
  return listIn(query, 'credentials').flatMap(claimsOf)
}

/** The parameters: as they are, or out of a JWS, compact (`-signed`) or in JSON (`-multisigned`). */
function payloadOf(data: JsonObject): JsonValue | undefined {
  const request = jsonMember(data, 'request')
  const payload = typeof request === 'string' ? request.split('.')[1] : jsonMember(request, 'payload')
  if (typeof payload !== 'string') return data
  return decodedOrUndefined(() => decodeJson(decodeUtf8(decodeBase64url(payload))))
}

function claimsOf(credential: JsonValue): readonly string[] {
  const meta = jsonMember(credential, 'meta')
  const doctype = jsonMember(meta, 'doctype_value')
  const types = [doctype, ...listIn(meta, 'vct_values')].filter(type => typeof type === 'string')
  const claims = listIn(credential, 'claims').map(claim => listIn(claim, 'path').map(String).join('.'))
  return underType(types.join(' or '), claims)
}

function underType(type: string, claims: readonly string[]): readonly string[] {
  if (type === '') return claims
  return claims.length === 0 ? [type] : claims.map(claim => `${type} / ${claim}`)
}

function listIn(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  const member = isJsonObject(value) ? jsonMember(value, name) : undefined
  return isJsonArray(member) ? member : []
}
