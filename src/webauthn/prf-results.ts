import type { AuthenticationResponseJSON } from './authentication-json.js'
import { readJson } from './json-reader.js'
import type { RegistrationResponseJSON } from './registration-json.js'

/** Secrets of a credential for the inputs that its ceremony gave. */
export interface PrfResults {
  /** 32 bytes. */
  readonly first: Uint8Array
  /** 32 bytes; undefined where there was no second input. */
  readonly second: Uint8Array | undefined
}

const OUTPUT_BYTES = { min: 32, max: 32 } as const

/**
 * Reads the secrets that the extension `prf` gave, which stand as base64url in the client extension results.
 * @returns undefined where the phone gave none. They are for this program: take them out before the response goes to the
 * relying party, unless it is to know them.
 * @throws UsageError `options-invalid` when the response was tampered with.
 * @example
 * const key = prfResults(await client.get(requestOptions, ceremony))?.first
 */
export function prfResults(
  credential: RegistrationResponseJSON | AuthenticationResponseJSON,
): PrfResults | undefined {
  const results = readJson(credential.clientExtensionResults, 'clientExtensionResults')
    .object('prf')
    ?.object('results')
  if (results === undefined) return undefined
  return {
    first: results.required('first', results.bytes('first', OUTPUT_BYTES)),
    second: results.bytes('second', OUTPUT_BYTES),
  }
}
