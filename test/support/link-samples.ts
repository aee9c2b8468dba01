import {
  contactId,
  linkId,
  linkSecret,
  lineKey,
  rootSecret,
  tunnelServiceId,
} from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { Link } from '../../src/ports/link-store.js'
import type { IssuedLink, PhoneIdentity } from '../../src/ports/phone-identity-store.js'

const filled = (length: number, seed: number): Uint8Array => new Uint8Array(length).fill(seed)

/** A link whose bytes all derive from `seed`, 1 to 254. */
export function sampleLink(seed: number, changes: Partial<Link> = {}): Link {
  return {
    contactId: contactId(filled(32, seed)),
    linkId: linkId(filled(8, seed)),
    linkSecret: linkSecret(filled(32, 255 - seed)),
    publicKey: nobleProvider.importEcdhKey(filled(32, seed)).publicKey,
    name: `phone ${seed}`,
    tunnelServiceId: tunnelServiceId(seed % 2),
    linkedAt: 1_790_000_000 + seed,
    playServicesMark: false,
    ...changes,
  }
}

export const sampleIssued = (seed: number): IssuedLink => ({
  linkId: linkId(filled(8, seed)),
  linkedAt: seed,
})

export const sampleKey = (seed: number): LineKey => lineKey(filled(32, seed))

/** An identity whose bytes all derive from `seed`, 1 to 254. */
export function sampleIdentity(seed: number, changes: Partial<PhoneIdentity> = {}): PhoneIdentity {
  return {
    rootSecret: rootSecret(filled(32, 255 - seed)),
    lineKey: sampleKey(seed),
    revoked: [sampleKey(seed + 1)],
    links: [sampleIssued(1), { ...sampleIssued(2), lastUsedAt: 9 }],
    ...changes,
  }
}
