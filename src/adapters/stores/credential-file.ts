import { encodeHex } from '../../bytes/hex.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { CREDENTIAL } from './credential-record.js'
import { arrayOf, malformed } from './json.js'
import type { StoreFormat } from './store-format.js'

/**
 * A phone’s passkeys: a list of objects with the members of `CREDENTIAL`, in that order, oldest passkey first. Version 1 ends
 * each with `createdAt`; it is read, all of it as confirmed, and written no more.
 */
export const CREDENTIAL_FORMAT: StoreFormat<readonly StoredCredential[]> = {
  name: 'fido-hybrid credentials',
  version: 2,
  member: 'credentials',
  maxBytes: 16 * 1024 * 1024,
  empty: [],
  encode: credentials => credentials.map(credential => CREDENTIAL.encode(credential)),
  decode: (json, version) => {
    const credentials = arrayOf(json, 'credentials').map((entry, index) =>
      CREDENTIAL.decode(entry, `credential ${index + 1}`, version),
    )
    const ids = new Set(credentials.map(({ credentialId }) => encodeHex(credentialId)))
    if (ids.size === credentials.length) return credentials
    throw malformed('two credentials have the same credentialId')
  },
}
