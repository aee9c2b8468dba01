import type { AccountView, PasskeyView } from '../wire/site.js'
import { authenticatorName } from './known-authenticators.js'
import type { Passkey } from './passkeys.js'
import type { User } from './users.js'

export function accountView(user: User, passkeys: readonly Passkey[]): AccountView {
  const { userName, displayName, isAdministrator, passwordSetAt } = user
  return { userName, displayName, isAdministrator, passwordSetAt, passkeys: passkeys.map(passkeyView) }
}

export function passkeyView(passkey: Passkey): PasskeyView {
  const { id, name, createdAt, lastUsedAt, transports, aaguid } = passkey
  return {
    id,
    name,
    createdAt,
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    authenticator: authenticatorName(aaguid),
    sync: syncOf(passkey),
    transports,
  }
}

function syncOf({ isBackupEligible, isBackedUp }: Passkey): PasskeyView['sync'] {
  if (isBackedUp) return 'synced'
  return isBackupEligible ? 'syncable' : 'device-bound'
}
