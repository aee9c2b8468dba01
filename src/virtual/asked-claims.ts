import { decodeBase64url } from '../bytes/base64url.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { decodeUtf8 } from '../bytes/utf8.js'
import { isJsonArray, isJsonObject, jsonMember } from '../digital/members.js'
import { decodeJson } from '../message/json.js'
import type { JsonObject, JsonValue } from '../message/json.js'

/**
 * What OpenID4VP asks for, for a prompt: each claim’s path, after the type of its credential where one is named, such as
 * `eu.europa.ec.eudi.pid.1 / family_name`. Empty for other protocols and for requests that are not understood. A signed request is
 * read, and its signature is not checked.
 */
export function askedClaims(data: JsonObject): readonly string[] {
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
  const type = types.join(' or ')
  const claims = listIn(credential, 'claims').map(claim => listIn(claim, 'path').map(String).join('.'))
  if (claims.length === 0) return type === '' ? [] : [type]
  return claims.map(claim => (type === '' ? claim : `${type} / ${claim}`))
}

function listIn(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  const member = isJsonObject(value) ? jsonMember(value, name) : undefined
  return isJsonArray(member) ? member : []
}
