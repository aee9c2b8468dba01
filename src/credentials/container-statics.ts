import type { CredentialSignals } from '../ports/credential-signals.js'
import { HYBRID_CAPABILITIES, mergedCapabilities } from '../webauthn/client-capabilities.js'
import type { ClientCapabilities } from '../webauthn/client-capabilities.js'
import type { CredentialClient } from './credential-client.js'
import { ownClass } from './public-key-credential.js'
import { forPage } from './rejections.js'

/** The static methods of `PublicKeyCredential` that a client answers (WebAuthn L3 section 5.1). */
export interface ContainerStatics extends CredentialSignals {
  /** What the clients can do, by the names of WebAuthn L3 section 5.8.7 and `extension:` with an extension’s name. */
  getClientCapabilities(): Promise<ClientCapabilities>
  /** Whether a local client verifies its user. */
  isUserVerifyingPlatformAuthenticatorAvailable(): Promise<boolean>
  /** False: there is no field that passkeys could be offered in. */
  isConditionalMediationAvailable(): Promise<boolean>
}

/** The class of one container’s credentials. */
export type ContainerCredentialClass = ReturnType<typeof ownClass> & ContainerStatics

/** A class of its own, whose static methods know their clients. */
export function containerCredentialClass(
  clients: readonly CredentialClient[],
  own: ClientCapabilities,
  signals: CredentialSignals,
): ContainerCredentialClass {
  const getClientCapabilities = (): Promise<ClientCapabilities> =>
    forPage('get', async () => mergedCapabilities([own, ...(await Promise.all(clients.map(capabilitiesOf)))]))
  const statics: ContainerStatics = {
    ...signals,
    getClientCapabilities,
    isConditionalMediationAvailable: () => Promise.resolve(false),
    async isUserVerifyingPlatformAuthenticatorAvailable() {
      return (await getClientCapabilities())['userVerifyingPlatformAuthenticator'] === true
    },
  }
  return Object.assign(ownClass(), statics)
}

async function capabilitiesOf(client: CredentialClient): Promise<ClientCapabilities> {
  return (await client.getClientCapabilities?.()) ?? HYBRID_CAPABILITIES
}
