import type { GetInfo } from '../ctap/get-info.js'
import type { CredentialSignals } from '../ports/credential-signals.js'
import { hasOption } from '../webauthn/ceremony.js'
import type { ClientCapabilities } from '../webauthn/client-capabilities.js'
import { knowsExtension } from '../webauthn/extension-outputs.js'

const SIGNALS = [
  'signalAllAcceptedCredentials',
  'signalCurrentUserDetails',
  'signalUnknownCredential',
] as const satisfies readonly (keyof CredentialSignals)[]

/** What this device can do. @param signals the authenticator, which may have methods of these names. */
export function localCapabilities(info: GetInfo, signals: Partial<CredentialSignals>): ClientCapabilities {
  const verifies = hasOption(info, 'uv')
  return {
    'extension:largeBlob': knowsExtension(info, 'largeBlob'),
    'extension:prf': knowsExtension(info, 'prf') || knowsExtension(info, 'hmac-secret'),
    passkeyPlatformAuthenticator: verifies && hasOption(info, 'rk'),
    ...Object.fromEntries(SIGNALS.map(name => [name, typeof signals[name] === 'function'])),
    userVerifyingPlatformAuthenticator: verifies,
  }
}
