import { encodeBase64url } from '../bytes/base64url.js'
import type { SignalOrigin } from '../client/signal-origin.js'
import type { CredentialSignals } from '../ports/credential-signals.js'
import { claimedRpId } from '../webauthn/ceremony-origin.js'
import type { RpIdRules } from '../webauthn/rp-id.js'
import {
  allAcceptedCredentials,
  currentUserDetails,
  unknownCredential,
} from '../webauthn/signal-dictionaries.js'
import type { CredentialClient } from './credential-client.js'
import { convertedForPage, forPage } from './rejections.js'

/** Takes every top-level domain for a public suffix, which is enough where a signal changes nothing. */
const topLevelOnly: RpIdRules = {
  publicSuffixes: host => ({ suffix: host.slice(host.lastIndexOf('.') + 1), listed: true }),
}

/** The signals of WebAuthn L3 section 5.1.10, for every client that has them: each client also checks the origin itself. */
export function credentialSignals(
  clients: readonly CredentialClient[],
  from: SignalOrigin,
): CredentialSignals {
  const tell = async (rpId: string, signal: (client: CredentialClient) => unknown): Promise<void> => {
    if (from.fetchRelatedOrigins === undefined) await claimedRpId(from, rpId, topLevelOnly)
    await Promise.all(clients.map(signal))
  }
  return {
    signalUnknownCredential: options =>
      forPage('get', async () => {
        const { rpId, ...members } = convertedForPage(() => unknownCredential(options, 'options'))
        const credentialId = encodeBase64url(members.credentialId)
        await tell(rpId, client => client.signalUnknownCredential?.({ rpId, credentialId }, from))
      }),
    signalAllAcceptedCredentials: options =>
      forPage('get', async () => {
        const { rpId, ...members } = convertedForPage(() => allAcceptedCredentials(options, 'options'))
        const userId = encodeBase64url(members.userId)
        const allAcceptedCredentialIds = members.allAcceptedCredentialIds.map(encodeBase64url)
        await tell(rpId, client =>
          client.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }, from),
        )
      }),
    signalCurrentUserDetails: options =>
      forPage('get', async () => {
        const { rpId, ...members } = convertedForPage(() => currentUserDetails(options, 'options'))
        const details = { ...members, rpId, userId: encodeBase64url(members.userId) }
        await tell(rpId, client => client.signalCurrentUserDetails?.(details, from))
      }),
  }
}
