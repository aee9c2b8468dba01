import type { Credentials } from '../credentials/create-credentials.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../ports/credential-signals.js'
import type { RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { CreationOptionsInput } from '../webauthn/registration-json.js'
import type { PageCredentialRequest } from './page-request.js'

type UncheckedOptions = CreationOptionsInput &
  RequestOptionsInput &
  AllAcceptedCredentialsOptions &
  CurrentUserDetailsOptions &
  UnknownCredentialOptions

/** Has a container answer one call of a page, which checks the options. @returns what JSON holds. */
export async function answered(
  credentials: Credentials,
  call: PageCredentialRequest['call'],
  options: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const publicKey = unchecked(options)
  if (call === 'create') return (await credentials.create({ publicKey, signal })).toJSON()
  if (call === 'get') return (await credentials.get({ publicKey, signal }))?.toJSON()
  return credentials.PublicKeyCredential[call](publicKey)
}

function unchecked(options: unknown): UncheckedOptions
function unchecked(options: unknown): unknown {
  return options
}
