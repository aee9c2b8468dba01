import { describe, expect, it } from 'vitest'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import type { CredentialStore } from '../../src/ports/credential-store.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { sampleCredential } from '../support/sample-credential.js'
import { APPROVE, createTestPhone, registered, signedIn } from '../support/virtual-phone.js'

const user = (id: number, name: string): { id: Uint8Array; name: string; displayName: string } => ({
  id: Uint8Array.of(id),
  name,
  displayName: name.toUpperCase(),
})

describe('signing in', () => {
  it('is verified with the registered key', async () => {
    const phone = createTestPhone()
    const credential = registered(await phone.register())
    const assertion = signedIn(await phone.signIn())
    expect(credential.verifies(assertion)).toBe(true)
    expect(credential.verifies(assertion, new Uint8Array(32))).toBe(false)
    expect(assertion).toMatchObject({
      credential: { id: credential.id, type: 'public-key' },
      user: { id: Uint8Array.of(1, 2, 3), name: 'alice', displayName: 'Alice' },
      userSelected: true,
      numberOfCredentials: undefined,
    })
    expect(phone.told[1]).toEqual({
      event: 'signed-in',
      rpId: 'example.org',
      credentialId: encodeBase64url(credential.id),
      userName: 'alice',
    })
  })

  it('counts in the answer and in the store', async () => {
    const phone = createTestPhone()
    const credential = registered(await phone.register())
    for (const signCount of [1, 2, 3]) {
      const assertion = signedIn(await phone.signIn())
      expect(credential.verifies(assertion)).toBe(true)
      expect(decodeAuthenticatorData(assertion.authData)).toMatchObject({
        signCount,
        flags: { up: true, uv: true, be: false, bs: false },
        attestedCredential: undefined,
      })
      expect(await phone.store.list()).toMatchObject([{ signCount }])
    }
  })

  it('counts each of several at once', async () => {
    const phone = createTestPhone()
    await phone.register()
    const answers = await Promise.all([phone.signIn(), phone.signIn(), phone.signIn()])
    const counts = answers.map(answer => decodeAuthenticatorData(signedIn(answer).authData).signCount)
    expect(counts).toEqual([1, 2, 3])
  })

  it('stops counting at the top', async () => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    const stored = await phone.store.find(id)
    await phone.store.put({ ...sampleCredential(1), ...stored, signCount: 0xffff_ffff })
    expect(decodeAuthenticatorData(signedIn(await phone.signIn()).authData).signCount).toBe(0xffff_ffff)
  })

  it('gives no names without user verification', async () => {
    const phone = createTestPhone(() => Promise.resolve({ approved: true, userVerified: false }))
    await phone.register({ uv: false })
    const { user: given, authData, userSelected } = signedIn(await phone.signIn({ uv: false }))
    expect(given).toEqual({ id: Uint8Array.of(1, 2, 3), name: undefined, displayName: undefined })
    expect(userSelected).toBe(true)
    expect(decodeAuthenticatorData(authData).flags).toMatchObject({ up: true, uv: false })
  })

  it('asks also for a silent probe', async () => {
    const phone = createTestPhone()
    await phone.register()
    signedIn(await phone.signIn({ up: false }))
    expect(phone.asked).toHaveLength(2)
  })
})

describe('several accounts', () => {
  it('are offered newest first, and the user’s choice signs', async () => {
    const phone = createTestPhone(() => Promise.resolve({ ...APPROVE, account: 1 }))
    const ids = new Map<string, ReturnType<typeof registered>>()
    for (const name of ['ada', 'ben', 'cay']) {
      ids.set(name, registered(await phone.register({ user: user(name.length + ids.size, name) })))
    }
    const assertion = signedIn(await phone.signIn())
    expect(phone.asked.at(-1)).toEqual({
      operation: 'sign-in',
      rpId: 'example.org',
      rpName: 'Example',
      userVerification: true,
      accounts: ['cay', 'ben', 'ada'].map((name, index) => ({
        credentialId: ids.get(name)?.id,
        userName: name,
        userDisplayName: name.toUpperCase(),
        createdAt: 1002 - index,
        confirmed: false,
      })),
    })
    expect(assertion.user?.name).toBe('ben')
    expect(ids.get('ben')?.verifies(assertion)).toBe(true)
  })

  it('keep their order when one is used, also when the clock stands still', async () => {
    const phone = createTestPhone(undefined, { now: () => 5 })
    for (const name of ['ada', 'ben']) await phone.register({ user: user(name.charCodeAt(0), name) })
    for (let round = 0; round < 2; round++) {
      expect(signedIn(await phone.signIn()).user?.name).toBe('ben')
    }
  })

  it('of others are not offered', async () => {
    const phone = createTestPhone()
    await phone.register({ rp: { id: 'example.com' } })
    await phone.register({ rk: false, user: user(1, 'hidden') })
    await phone.store.put(sampleCredential(1, { algorithm: -37 }))
    expect(await phone.signIn()).toEqual(Uint8Array.of(0x2e))
    expect(phone.asked).toHaveLength(2)
  })

  it.each([-1, 1, 0.5])('chosen outside the list are a fault (%d)', async account => {
    const phone = createTestPhone(() => Promise.resolve({ ...APPROVE, account }))
    await phone.register()
    expect(await phone.signIn()).toEqual(Uint8Array.of(0x7f))
    expect(phone.faults).toMatchObject([{ code: 'argument-invalid' }])
    expect(await phone.store.list()).toMatchObject([{ signCount: 0 }])
  })
})

describe('the allow list', () => {
  it.each([true, false])('finds the passkey (discoverable: %s)', async rk => {
    const phone = createTestPhone()
    const credential = registered(await phone.register({ rk }))
    const allowList = [
      { id: new Uint8Array(16), type: 'public-key' },
      { id: credential.id, type: 'public-key' },
    ]
    const assertion = signedIn(await phone.signIn({ allowList }))
    expect(credential.verifies(assertion)).toBe(true)
    expect(assertion.credential?.id).toEqual(credential.id)
    expect(assertion.userSelected).toBeUndefined()
    expect(assertion.user).toEqual(rk ? { id: Uint8Array.of(1, 2, 3) } : undefined)
  })

  it('that is empty counts as absent', async () => {
    const phone = createTestPhone()
    await phone.register()
    // {1: "example.org", 2: hash, 3: []}: our own encoder leaves empty lists out.
    const request = `02a3016b6578616d706c652e6f7267025820${'00'.repeat(32)}0380`
    const assertion = signedIn(await phone.send(Uint8Array.from(Buffer.from(request, 'hex'))))
    expect(assertion.userSelected).toBe(true)
  })

  it.each([
    ['unknown identifiers', { type: 'public-key', strange: true }, {}],
    ['another type', { type: 'password', strange: false }, {}],
    ['another relying party', { type: 'public-key', strange: false }, { rpId: 'example.com' }],
  ])('with %s finds nothing, and nobody is asked', async (_, { type, strange }, changes) => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    const allowList = [{ id: strange ? new Uint8Array(32) : id, type }]
    expect(await phone.signIn({ ...changes, allowList })).toEqual(Uint8Array.of(0x2e))
    expect(phone.asked).toHaveLength(1)
  })
})

describe('what it cannot sign', () => {
  it.each([
    [0x2e, {}],
    [0x03, { rpId: '' }],
    [0x03, { rpId: 'a'.repeat(256) }],
    [0x02, { pinUvAuthParam: new Uint8Array(16) }],
    [0x2b, { rk: true }],
    [0x2b, { rk: false }],
  ])('status %i, without asking (%#)', async (status, changes) => {
    const phone = createTestPhone()
    expect(await phone.signIn(changes)).toEqual(Uint8Array.of(status))
    expect(phone.asked).toEqual([])
  })

  it('is a passkey that is deleted while its use is counted; it stays deleted', async () => {
    const store = new MemoryCredentialStore()
    const inner = createTestPhone(undefined, { store })
    await inner.register()
    const deleting: CredentialStore = {
      list: () => store.list(),
      find: id => store.find(id),
      put: credential => store.put(credential),
      update: async (id, change, options) => {
        await store.delete(id)
        return await store.update(id, change, options)
      },
      delete: id => store.delete(id),
    }
    expect(await createTestPhone(undefined, { store: deleting }).signIn()).toEqual(Uint8Array.of(0x2e))
    expect(await store.list()).toEqual([])
  })

  it('is a passkey that was deleted during the prompt', async () => {
    const phone = createTestPhone(async request => {
      for (const { credentialId } of request.accounts) await phone.store.delete(credentialId)
      return APPROVE
    })
    await phone.register()
    expect(await phone.signIn()).toEqual(Uint8Array.of(0x2e))
    expect(phone.told).toHaveLength(1)
  })
})
