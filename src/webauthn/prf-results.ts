import type { AuthenticationResponseJSON } from './authentication-json.js'
import type { RegistrationResponseJSON } from './registration-json.js'
import { base64url, dictionary, optional, required } from './web-idl.js'

/** Secrets of a credential for the inputs that its ceremony gave. */
export interface PrfResults {
  /** 32 bytes. */
  readonly first: Uint8Array
  /** 32 bytes; undefined where there was no second input. */
  readonly second: Uint8Array | undefined
}

const output = base64url({ min: 32, max: 32 }, 'refuse-left-over-bits')

/** The client extension results of either ceremony, as far as they are secrets. */
const extensionResults = dictionary({
  prf: optional(
    dictionary({ results: optional(dictionary({ first: required(output), second: optional(output) })) }),
  ),
})

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
  return extensionResults(credential.clientExtensionResults, 'clientExtensionResults').prf?.results
}
