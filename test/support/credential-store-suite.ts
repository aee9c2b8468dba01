import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CredentialStore, StoredCredential } from '../../src/ports/credential-store.js'
import { sampleCredential } from './sample-credential.js'

/** A store under test, and how to end it. */
export interface StoreUnderTest {
  readonly store: CredentialStore
  readonly end: () => Promise<void>
}

/** What every CredentialStore does, whatever it keeps the passkeys in. */
export function describeCredentialStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of CredentialStore`, () => {
    let store: CredentialStore
    let end: () => Promise<void>

    beforeEach(async () => {
      ;({ store, end } = await make())
    })

    afterEach(async () => {
      await end()
    })

    it('starts empty', async () => {
      expect(await store.list()).toEqual([])
      expect(await store.find(sampleCredential(1).credentialId)).toBeUndefined()
      expect(await store.delete(sampleCredential(1).credentialId)).toBe(false)
    })

    const { credentialId } = sampleCredential(1)
    const count = (credential: StoredCredential): StoredCredential => ({
      ...credential,
      signCount: credential.signCount + 1,
    })

    it('updates what is there, and brings nothing back that is gone', async () => {
      await store.put(sampleCredential(1))
      expect(await store.update(credentialId, count)).toEqual(sampleCredential(1, { signCount: 2 }))
      expect(await store.list()).toEqual([sampleCredential(1, { signCount: 2 })])
      await store.delete(credentialId)
      expect(await store.update(credentialId, count)).toBeUndefined()
      expect(await store.list()).toEqual([])
    })

    it('loses no update when they overlap', async () => {
      await store.put(sampleCredential(1))
      await Promise.all(Array.from({ length: 10 }, () => store.update(credentialId, count)))
      expect(await store.find(credentialId)).toEqual(sampleCredential(1, { signCount: 11 }))
    })

    it.each([
      ['privateKey', { privateKey: new Uint8Array(31) }],
      ['credentialId', { credentialId: new Uint8Array(32) }],
    ])('refuses an update with a bad %s, and keeps what was there', async (member, changes) => {
      await store.put(sampleCredential(1))
      await expect(store.update(credentialId, stored => ({ ...stored, ...changes }))).rejects.toMatchObject({
        code: 'argument-invalid',
        message: expect.stringContaining(member) as string,
      })
      expect(await store.list()).toEqual([sampleCredential(1)])
    })

    it('keeps what was there when a change throws, and gives the change a copy', async () => {
      await store.put(sampleCredential(1))
      const broken = new Error('broken')
      const breaking = (stored: StoredCredential): StoredCredential => {
        stored.privateKey.fill(0)
        throw broken
      }
      await expect(store.update(credentialId, breaking)).rejects.toBe(broken)
      expect(await store.list()).toEqual([sampleCredential(1)])
    })

    it('gives back what was put, oldest first', async () => {
      const least = sampleCredential(3, {
        credentialId: new Uint8Array(16),
        userId: new Uint8Array(64),
        rpName: '',
        backupEligible: false,
        hmacSecret: new Uint8Array(),
        largeBlob: new Uint8Array(),
        largeBlobSize: 0,
      })
      const most = sampleCredential(2, {
        credentialId: new Uint8Array(1023),
        signCount: 0xffff_ffff,
        algorithm: -257,
        privateKey: new Uint8Array(4096),
        largeBlob: new Uint8Array(4096),
        backedUp: true,
        credProtect: 3,
      })
      for (const credential of [least, most, sampleCredential(1)]) await store.put(credential)
      expect(await store.list()).toEqual([least, most, sampleCredential(1)])
      expect(await store.find(most.credentialId)).toEqual(most)
      expect(await store.find(new Uint8Array(17))).toBeUndefined()
    })

    it('replaces the credential of the same identifier in its place', async () => {
      await store.put(sampleCredential(1))
      await store.put(sampleCredential(2))
      const changed = sampleCredential(1, { signCount: 77 })
      await store.put(changed)
      expect(await store.list()).toEqual([changed, sampleCredential(2)])
    })

    it('drops those that an updated one replaces, and no others', async () => {
      for (const seed of [1, 2, 3]) await store.put(sampleCredential(seed))
      const drops = [sampleCredential(1).credentialId, sampleCredential(3).credentialId, new Uint8Array(32)]
      await store.put(sampleCredential(4))
      await store.update(sampleCredential(4).credentialId, count, { drops })
      expect(await store.list()).toEqual([sampleCredential(2), sampleCredential(4, { signCount: 5 })])
    })

    it('drops nothing where there is nothing to update, and never what it updates', async () => {
      await store.put(sampleCredential(1))
      const drops = [credentialId]
      expect(await store.update(sampleCredential(2).credentialId, count, { drops })).toBeUndefined()
      expect(await store.update(credentialId, count, { drops })).toEqual(
        sampleCredential(1, { signCount: 2 }),
      )
      expect(await store.list()).toEqual([sampleCredential(1, { signCount: 2 })])
    })

    it('deletes one, once', async () => {
      await store.put(sampleCredential(1))
      await store.put(sampleCredential(2))
      expect(await store.delete(sampleCredential(1).credentialId)).toBe(true)
      expect(await store.delete(sampleCredential(1).credentialId)).toBe(false)
      expect(await store.list()).toEqual([sampleCredential(2)])
    })

    it('loses nothing when calls overlap', async () => {
      const seeds = Array.from({ length: 12 }, (_, seed) => seed)
      const deleted = [sampleCredential(0), sampleCredential(5)]
      await Promise.all([
        ...seeds.map(seed => store.put(sampleCredential(seed))),
        ...deleted.map(({ credentialId }) => store.delete(credentialId)),
        store.list(),
      ])
      expect((await store.list()).map(({ signCount }) => signCount)).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11])
    })

    it('shares no bytes with its callers', async () => {
      const given = sampleCredential(1)
      const putting = store.put(given)
      given.privateKey.fill(0)
      given.credentialId.fill(0)
      await putting
      for (const credential of await store.list()) credential.privateKey.fill(9)
      const found = await store.find(sampleCredential(1).credentialId)
      found?.userId.fill(9)
      expect(await store.list()).toEqual([sampleCredential(1)])
    })

    it('prints its credentials without their keys', async () => {
      await store.put(sampleCredential(1))
      const [credential] = await store.list()
      expect(JSON.stringify(credential)).toContain('"privateKey":"[redacted]"')
      expect(JSON.stringify(credential)).toContain('"hmacSecret":"[redacted]"')
      expect(JSON.stringify(credential)).toContain('"largeBlob":"[redacted]"')
      expect(JSON.stringify(credential)).toContain('"rpId":"example.org"')
    })

    it.each<[string, Partial<StoredCredential>]>([
      ['credentialId', { credentialId: new Uint8Array(15) }],
      ['credentialId', { credentialId: new Uint8Array(1024) }],
      ['privateKey', { privateKey: new Uint8Array(31) }],
      ['privateKey', { algorithm: -257, privateKey: new Uint8Array(4097) }],
      ['privateKey', { algorithm: -257, privateKey: new Uint8Array(0) }],
      ['algorithm', { algorithm: 0.5 }],
      ['rpId', { rpId: '' }],
      ['rpId', { rpId: 'a'.repeat(256) }],
      ['rpName', { rpName: 'a'.repeat(1025) }],
      ['userId', { userId: new Uint8Array(0) }],
      ['userId', { userId: new Uint8Array(65) }],
      ['userName', { userName: '\ud800' }],
      ['userDisplayName', { userDisplayName: 'a'.repeat(1025) }],
      ['signCount', { signCount: -1 }],
      ['signCount', { signCount: 0x1_0000_0000 }],
      ['createdAt', { createdAt: NaN }],
      ['backedUp', { backupEligible: false, backedUp: true }],
      ['hmacSecret', { hmacSecret: new Uint8Array(31) }],
      ['credProtect', { credProtect: 0 }],
      ['credProtect', { credProtect: 4 }],
      ['largeBlob', { largeBlob: new Uint8Array(4097) }],
      ['largeBlobSize', { largeBlobSize: -1 }],
    ])('refuses a record with a bad %s (%#)', async (member, changes) => {
      await store.put(sampleCredential(1))
      await expect(store.put(sampleCredential(2, changes))).rejects.toMatchObject({
        code: 'argument-invalid',
        message: expect.stringContaining(member) as string,
      })
      expect(await store.list()).toEqual([sampleCredential(1)])
    })
  })
}
