/**
 * Passkeys of a software phone in memory.
 * @module
 */
import type { StoredCredential } from '../../ports/credential-store.js'
import { listCodec } from './codec.js'
import { CREDENTIAL } from './credential-record.js'
import { KeptCredentials } from './kept-credentials.js'
import { KeptInMemory } from './kept.js'

/**
 * Passkeys that live as long as the process, oldest first.
 *
 * @example
 * const phone = new VirtualAuthenticator({ store: new MemoryCredentialStore(), consent: alwaysApprove(), random })
 */
export class MemoryCredentialStore extends KeptCredentials {
  constructor() {
    super(new KeptInMemory<readonly StoredCredential[]>([], listCodec(CREDENTIAL, 'credential')))
  }
}
