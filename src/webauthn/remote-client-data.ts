import { DecodeError, UsageError } from '../errors.js'

const MEMBER = 'options.extensions.remoteClientDataJSON'

/**
 * Judges client data that was made elsewhere, to be taken verbatim (WebAuthn L3, extension `remoteClientDataJSON`).
 * @param isAllowed by the embedder.
 * @returns the RP ID, which cannot be checked against an origin.
 * @throws UsageError `options-unsatisfiable` unless it is allowed and there is an RP ID; `options-invalid` for text that is not
 * JSON, where a browser throws an EncodingError.
 */
export function remoteRpId(clientData: string, rpId: string | undefined, isAllowed: boolean): string {
  if (!isAllowed) throw new UsageError('options-unsatisfiable', `${MEMBER} is not allowed here`)
  if (rpId === undefined) throw new UsageError('options-unsatisfiable', `${MEMBER} needs an RP ID`)
  checkJson(clientData)
  return rpId
}

function checkJson(text: string): void {
  try {
    JSON.parse(text)
  } catch (cause) {
    const malformed = new DecodeError('json-malformed', 'the text is not JSON', { cause })
    throw new UsageError('options-invalid', `${MEMBER} is not JSON`, { cause: malformed })
  }
}
