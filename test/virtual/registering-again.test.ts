import { describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { PUBLIC_KEY } from '../../src/ctap/credential-descriptor.js'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { StoreError } from '../../src/errors.js'
import type { CredentialStore } from '../../src/ports/credential-store.js'
import { useFolderPerFile } from '../support/test-folder.js'
import {
  APPROVE,
  contextOf,
  createTestPhone,
  MAKE_CREDENTIAL,
  registered,
  signedIn,
} from '../support/virtual-phone.js'
import type { Registered, TestPhone } from '../support/virtual-phone.js'
import type { ConsentAnswer, ConsentRequest } from '../../src/virtual/consent.js'

const REGISTER = encodeMakeCredentialRequest(MAKE_CREDENTIAL)

const folder = useFolderPerFile()
let count = 0

type Answer = (request: ConsentRequest) => Promise<ConsentAnswer>

/** A phone with a passkey that works. */
interface Known {
  readonly phone: TestPhone
  readonly store: CredentialStore
  readonly old: Registered
  /** Whatever is put is refused from now on. */
  failToPut(): void
}

const STORES: readonly [string, () => Promise<CredentialStore>][] = [
  ['memory', () => Promise.resolve(new MemoryCredentialStore())],
  ['a file', () => openFileCredentialStore(folder.at(`${++count}.json`))],
]

async function knownPhone(open: () => Promise<CredentialStore>, answer?: Answer): Promise<Known> {
  const inner = await open()
  let isFull = false
  const store: CredentialStore = {
    list: () => inner.list(),
    find: id => inner.find(id),
    put: passkey =>
      isFull ? Promise.reject(new StoreError('store-unavailable', 'full')) : inner.put(passkey),
    update: (id, change, options) => inner.update(id, change, options),
    delete: id => inner.delete(id),
  }
  const phone = createTestPhone(answer, { store })
  const old = await registerAndConclude(phone, 'confirmed')
  return { phone, store: inner, old, failToPut: () => (isFull = true) }
}

async function registerAndConclude({ phone }: TestPhone, outcome: 'confirmed' | 'cut'): Promise<Registered> {
  const { signal } = new AbortController()
  const made = registered(await phone.handle(REGISTER, contextOf(signal)))
  await phone.concluded(outcome, signal)
  return made
}

async function kept(store: CredentialStore): Promise<readonly (readonly [string, boolean])[]> {
  return (await store.list()).map(({ credentialId, confirmed }) => [encodeBase64url(credentialId), confirmed])
}

const idOf = ({ id }: Registered): string => encodeBase64url(id)

/** The relying party knows the old passkey only, and names none. */
async function expectOldSignsIn({ phone, old }: Known): Promise<void> {
  const answer = signedIn(await phone.signIn())
  expect(answer.credential?.id).toEqual(old.id)
  expect(old.verifies(answer)).toBe(true)
}

describe.each(STORES)('an account that registers again, its passkeys in %s', (_, open) => {
  it('is asked with a word about the passkey that works', async () => {
    const { phone, old } = await knownPhone(open)
    await registerAndConclude(phone, 'cut')
    expect(phone.asked).toMatchObject([
      { accounts: [] },
      { replacesWorkingPasskey: true, accounts: [{ credentialId: old.id, confirmed: true }] },
    ])
    await phone.register({ excludeList: [{ id: old.id, type: PUBLIC_KEY }] })
    await phone.register({ rk: false })
    await phone.register({ user: { id: Uint8Array.of(9) } })
    const told = phone.asked.map(asked => asked.replacesWorkingPasskey)
    expect(told).toEqual([undefined, true, undefined, undefined, undefined])
  })

  it('keeps the passkey that works when the answer does not arrive', async () => {
    const known = await knownPhone(open)
    const fresh = await registerAndConclude(known.phone, 'cut')
    expect(await kept(known.store)).toEqual([
      [idOf(known.old), true],
      [idOf(fresh), false],
    ])
    await expectOldSignsIn(known)
  })

  it('keeps it through any number of tries, also one that arrived and was never confirmed', async () => {
    const known = await knownPhone(open)
    const tries = [idOf(await registerAndConclude(known.phone, 'cut'))]
    tries.push(idOf(await registerAndConclude(known.phone, 'cut')))
    expect((await kept(known.store)).map(([id]) => id)).toEqual([idOf(known.old), ...tries])
    await expectOldSignsIn(known)
    const last = await registerAndConclude(known.phone, 'confirmed')
    expect(await kept(known.store)).toEqual([[idOf(last), true]])
  })

  it('keeps it when the client goes away during the prompt', async () => {
    const away = new AbortController()
    const known = await knownPhone(open, ({ replacesWorkingPasskey }) => {
      if (replacesWorkingPasskey === true) away.abort()
      return Promise.resolve(APPROVE)
    })
    expect(await known.phone.phone.handle(REGISTER, contextOf(away.signal))).toBeUndefined()
    expect(await kept(known.store)).toEqual([[idOf(known.old), true]])
    await expectOldSignsIn(known)
  })

  it('keeps it when the new one cannot be kept', async () => {
    const known = await knownPhone(open)
    known.failToPut()
    expect(await known.phone.register()).toEqual(Uint8Array.of(0x7f))
    expect(await kept(known.store)).toEqual([[idOf(known.old), true]])
    await expectOldSignsIn(known)
  })

  it('has it still when the new one is discarded, or unknown to the relying party', async () => {
    const known = await knownPhone(open)
    const { phone } = known.phone
    await phone.discard(idOf(await registerAndConclude(known.phone, 'cut')))
    expect(await kept(known.store)).toEqual([[idOf(known.old), true]])
    const credentialId = idOf(await registerAndConclude(known.phone, 'cut'))
    await phone.signalUnknownCredential({ rpId: 'example.org', credentialId })
    expect(await kept(known.store)).toEqual([[idOf(known.old), true]])
    await expectOldSignsIn(known)
  })

  it('has the new one only once that is confirmed: by the goodbye, its user or a relying party that names it', async () => {
    const confirmations: readonly ((known: Known, fresh: Registered) => Promise<unknown>)[] = [
      ({ phone }, fresh) => phone.phone.accept(idOf(fresh)),
      ({ phone }, { id }) => phone.signIn({ allowList: [{ id, type: PUBLIC_KEY }] }),
      ({ phone }, fresh) =>
        phone.phone.signalAllAcceptedCredentials({
          rpId: 'example.org',
          userId: encodeBase64url(Uint8Array.of(1, 2, 3)),
          allAcceptedCredentialIds: [idOf(fresh)],
        }),
    ]
    for (const confirm of confirmations) {
      const known = await knownPhone(open)
      const fresh = await registerAndConclude(known.phone, 'cut')
      await confirm(known, fresh)
      expect(await kept(known.store)).toEqual([[idOf(fresh), true]])
    }
    const { phone, store } = await knownPhone(open)
    const fresh = await registerAndConclude(phone, 'confirmed')
    expect(await kept(store)).toEqual([[idOf(fresh), true]])
  })

  it('may sign in with the new one that is not confirmed; that alone drops nothing', async () => {
    const known = await knownPhone(open, ({ operation }) =>
      Promise.resolve(operation === 'sign-in' ? { ...APPROVE, account: 1 } : APPROVE),
    )
    const fresh = await registerAndConclude(known.phone, 'cut')
    const answer = signedIn(await known.phone.signIn())
    expect(answer.credential?.id).toEqual(fresh.id)
    expect(fresh.verifies(answer)).toBe(true)
    expect(await kept(known.store)).toEqual([
      [idOf(known.old), true],
      [idOf(fresh), false],
    ])
  })

  it('loses nothing when the old one is named meanwhile', async () => {
    const known = await knownPhone(open)
    const fresh = await registerAndConclude(known.phone, 'cut')
    await known.phone.signIn({ allowList: [{ id: known.old.id, type: PUBLIC_KEY }] })
    expect(await kept(known.store)).toEqual([
      [idOf(known.old), true],
      [idOf(fresh), false],
    ])
  })
})
