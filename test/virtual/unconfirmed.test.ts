import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { encodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { PUBLIC_KEY } from '../../src/ctap/credential-descriptor.js'
import {
  contextOf,
  createTestPhone,
  GET_ASSERTION,
  MAKE_CREDENTIAL,
  registered,
} from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

const REGISTER = encodeMakeCredentialRequest(MAKE_CREDENTIAL)

const marks = async ({ store }: TestPhone): Promise<boolean[]> =>
  (await store.list()).map(({ confirmed }) => confirmed)

describe('a new passkey', () => {
  it.each(['confirmed', 'cut'] as const)('is what the end of its transaction makes it: %s', async outcome => {
    const phone = createTestPhone()
    const { signal } = new AbortController()
    const { id } = registered(await phone.phone.handle(REGISTER, contextOf(signal)))
    await phone.register({ user: { id: Uint8Array.of(9) } })
    const told = phone.told.length
    await phone.phone.concluded(outcome, signal)
    expect(await marks(phone)).toEqual([outcome === 'confirmed', false])
    expect(phone.told.slice(told)).toEqual(
      outcome === 'confirmed'
        ? []
        : [
            {
              event: 'unconfirmed',
              rpId: 'example.org',
              credentialId: encodeBase64url(id),
              userName: 'alice',
            },
          ],
    )
  })

  it('is confirmed by the next request of its client', async () => {
    const phone = createTestPhone()
    const { signal } = new AbortController()
    await phone.phone.handle(REGISTER, contextOf(signal))
    await phone.phone.handle(Uint8Array.of(4), contextOf(signal))
    expect(await marks(phone)).toEqual([true])
  })

  it('is confirmed when its relying party names it, and not when its user picked it', async () => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    await phone.send(encodeGetAssertionRequest(GET_ASSERTION))
    expect(await marks(phone)).toEqual([false])
    await phone.signIn({ allowList: [{ id, type: PUBLIC_KEY }] })
    expect(await marks(phone)).toEqual([true])
  })

  it('is listed, and accepted or discarded; a confirmed one is not discarded', async () => {
    const phone = createTestPhone()
    const credentialId = encodeBase64url(registered(await phone.register()).id)
    expect(await phone.phone.unconfirmed()).toEqual([
      { rpId: 'example.org', credentialId, userName: 'alice', createdAt: 1000 },
    ])
    expect(await phone.phone.accept(credentialId)).toBe(true)
    expect(await phone.phone.unconfirmed()).toEqual([])
    expect(await phone.phone.discard(credentialId)).toBe(false)
    const other = encodeBase64url(registered(await phone.register({ user: { id: Uint8Array.of(9) } })).id)
    expect(await phone.phone.discard(other)).toBe(true)
    expect(await phone.phone.accept(other)).toBe(false)
    expect(await marks(phone)).toEqual([true])
  })

  it('explains itself to a retry', async () => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    await phone.register({ excludeList: [{ id, type: PUBLIC_KEY }] })
    await phone.register()
    const account = { credentialId: id, confirmed: false }
    expect(phone.asked.slice(1)).toMatchObject([
      { operation: 'already-registered', accounts: [account] },
      { operation: 'register', accounts: [account] },
    ])
    expect(await marks(phone)).toEqual([false, false])
  })
})

describe('a signal of the relying party', () => {
  const rpId = 'example.org'
  const userId = encodeBase64url(Uint8Array.of(1, 2, 3))

  it('removes a passkey that it does not know, of its own only', async () => {
    const phone = createTestPhone()
    const credentialId = encodeBase64url(registered(await phone.register()).id)
    await phone.phone.signalUnknownCredential({ rpId: 'example.com', credentialId })
    expect(await marks(phone)).toHaveLength(1)
    await phone.phone.signalUnknownCredential({ rpId, credentialId })
    expect(await marks(phone)).toHaveLength(0)
  })

  it('removes what it does not list of a user, and confirms what it does', async () => {
    const phone = createTestPhone()
    const ids: string[] = []
    for (const rk of [false, false]) ids.push(encodeBase64url(registered(await phone.register({ rk })).id))
    await phone.register({ user: { id: Uint8Array.of(9) } })
    await phone.phone.signalAllAcceptedCredentials({
      rpId,
      userId,
      allAcceptedCredentialIds: ids.slice(1),
    })
    const left = await phone.store.list()
    expect(left.map(({ credentialId, confirmed }) => [encodeBase64url(credentialId), confirmed])).toEqual([
      [ids[1], true],
      [expect.any(String), false],
    ])
  })

  it('renames a user', async () => {
    const phone = createTestPhone()
    await phone.register()
    await phone.register({ user: { id: Uint8Array.of(9), name: 'bob' } })
    await phone.phone.signalCurrentUserDetails({ rpId, userId, name: 'al', displayName: 'Al' })
    expect(await phone.store.list()).toMatchObject([
      { userName: 'al', userDisplayName: 'Al' },
      { userName: 'bob' },
    ])
  })

  it('that is malformed changes nothing', async () => {
    const testPhone = createTestPhone()
    const { phone, store } = testPhone
    await testPhone.register()
    const refused = { code: 'options-invalid' }
    await expect(phone.signalUnknownCredential({ rpId, credentialId: '!' })).rejects.toMatchObject(refused)
    const listed = { rpId, userId, allAcceptedCredentialIds: ['='] }
    await expect(phone.signalAllAcceptedCredentials(listed)).rejects.toMatchObject(refused)
    const named = { rpId, userId: '', name: '', displayName: '' }
    await expect(phone.signalCurrentUserDetails(named)).rejects.toMatchObject(refused)
    await expect(phone.discard('!')).rejects.toMatchObject(refused)
    expect(await store.list()).toHaveLength(1)
  })
})
