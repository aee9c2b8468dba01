import { REDACTED } from '../../crypto/redacted.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import { readDigitalRequest } from '../../digital/digital-request.js'
import { isJsonObject, jsonMember } from '../../digital/members.js'
import { decodeJson } from '../../message/json.js'
import type { JsonValue } from '../../message/json.js'
import { explanation } from './explanation.js'
import type { Explanation, GuessContext } from './explanation.js'

/** Explains a JSON message (protocol.md 14.2). What a wallet gives is personal, and so is hidden like a secret. */
export function explainJson(text: string, { showSecrets }: GuessContext): Explanation {
  const json = decodeJson(text)
  const request = decodedOrUndefined(() => readDigitalRequest(json))
  if (request !== undefined) {
    const about = `request for the ${request.kind} of a digital credential`
    return explanation('message:json:digital-request', about, { ...request })
  }
  const digital = jsonMember(jsonMember(json, 'response'), 'digital')
  if (isJsonObject(digital)) return explainResponse(digital, showSecrets)
  return explanation('json', 'JSON message', { json })
}

function explainResponse(digital: JsonValue, showSecrets: boolean): Explanation {
  const error = jsonMember(digital, 'error')
  const data = jsonMember(digital, 'data')
  const about =
    error === undefined ? 'a phone’s digital credential' : 'a phone’s refusal of a digital credential'
  return explanation('message:json:digital-response', about, {
    error,
    protocol: jsonMember(data, 'protocol'),
    data: showSecrets || data === undefined ? data : REDACTED,
  })
}
