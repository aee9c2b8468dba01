import type { StoredCredential } from '../../src/ports/credential-store.js'

/** A credential whose bytes all derive from `seed`, 0 to 255. */
export function sampleCredential(seed: number, changes: Partial<StoredCredential> = {}): StoredCredential {
  return {
    credentialId: new Uint8Array(32).fill(seed),
    privateKey: new Uint8Array(32).fill(255 - seed),
    algorithm: -7,
    rpId: 'example.org',
    rpName: 'Example',
    userId: Uint8Array.of(seed),
    userName: `user${seed}@example.org`,
    userDisplayName: 'Zoë 🦊 "q" \u0000\u2028',
    discoverable: true,
    signCount: seed,
    createdAt: 1_795_341_940_000 + seed,
    backupEligible: true,
    backedUp: false,
    hmacSecret: new Uint8Array(32).fill(255 - seed),
    credProtect: 1,
    largeBlob: new Uint8Array(10).fill(255 - seed),
    largeBlobSize: 8,
    confirmed: true,
    ...changes,
  }
}
