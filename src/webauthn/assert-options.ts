import { HybridError } from '../errors.js'
import type { RequestOptionsInput } from './authentication-json.js'
import { parseCreationOptions } from './creation-options.js'
import type { AuthenticatorAttachment } from './credential-json.js'
import type { CreationOptionsInput } from './registration-json.js'
import { parseRequestOptions } from './request-options.js'
import { toWebAuthnError } from './webauthn-error.js'
import type { CeremonyKind } from './webauthn-error.js'

/**
 * Checks JSON that nobody has looked at yet, such as what `response.json()` gives, so that it may go to `create`.
 * @param attachment of the authenticator that is there: `platform` for a `LocalClient`.
 * @throws WebAuthnError as `create` does for such options.
 */
export function assertCreationOptions(
  json: unknown,
  attachment?: AuthenticatorAttachment,
): asserts json is CreationOptionsInput {
  check('create', () => parseCreationOptions(json, attachment))
}

/**
 * Checks JSON that nobody has looked at yet, such as what `response.json()` gives, so that it may go to `get`.
 * @throws WebAuthnError as `get` does for such options.
 */
export function assertRequestOptions(json: unknown): asserts json is RequestOptionsInput {
  check('get', () => parseRequestOptions(json))
}

function check(ceremony: CeremonyKind, parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    throw error instanceof HybridError ? toWebAuthnError(error, ceremony) : error
  }
}
