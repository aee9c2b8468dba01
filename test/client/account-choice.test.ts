import { expect, test, vi } from 'vitest'
import {
  decodeGetAssertionResponse,
  encodeGetAssertionResponse,
  type GetAssertionResponse,
} from '../../src/ctap/get-assertion.js'
import { LocalClient } from '../../src/index.js'
import type { ChooseAccount, HybridClient } from '../../src/index.js'
import type { CtapHandler } from '../../src/ports/ctap-handler.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone, RelyingParty } from '../../src/testing.js'
import { createTestPhone } from '../support/virtual-phone.js'

const ORIGIN = 'https://login.example.com'
const NAMES = ['ada', 'ben', 'cay'] as const
const GET_NEXT_ASSERTION = 0x08

interface Scene {
  readonly rp: RelyingParty
  readonly client: HybridClient
  readonly phone: LabPhone
  /** Credential IDs, in the order of the names. */
  readonly ids: readonly string[]
}

async function scene(): Promise<Scene> {
  const lab = createLab()
  const phone = lab.phone({ accountChoice: 'client' })
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const client = lab.client()
  const ids: string[] = []
  for (const [index, name] of NAMES.entries()) {
    const user = { userID: Uint8Array.of(index + 1), userName: name, userDisplayName: name.toUpperCase() }
    const options = await rp.creationOptions(user)
    ids.push((await rp.register(await client.create(options, at(phone)))).id)
  }
  return { rp, client, phone, ids }
}

const at = (phone: LabPhone) => ({ origin: ORIGIN, onQr: (qr: { url: string }) => phone.scan(qr.url) })

const named =
  (name: string): ChooseAccount =>
  accounts =>
    accounts.find(account => account.name === name)

/** A device with three accounts whose answers to sign-ins are altered. */
async function local(
  alter: (answer: GetAssertionResponse, command: number | undefined) => GetAssertionResponse,
): Promise<{ client: LocalClient; rp: RelyingParty; commands: number[] }> {
  const { phone } = createTestPhone(undefined, { accountChoice: 'client' })
  const commands: number[] = []
  const authenticator: CtapHandler = {
    getInfo: () => phone.getInfo(),
    handle: async (request, context) => {
      const answer = await phone.handle(request, context)
      const [command = 0] = request
      commands.push(command)
      if (command === 1 || answer?.[0] !== 0) return answer
      return encodeGetAssertionResponse(alter(decodeGetAssertionResponse(answer), command))
    },
  }
  const client = new LocalClient({ authenticator })
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  for (const [index, name] of NAMES.entries()) {
    const user = { userID: Uint8Array.of(index + 1), userName: name }
    await rp.register(await client.create(await rp.creationOptions(user), { origin: ORIGIN }))
  }
  commands.length = 0
  return { client, rp, commands }
}

test.each(NAMES)('over hybrid the chosen account signs in: %s', async name => {
  const { rp, client, phone, ids } = await scene()
  const chooseAccount = vi.fn<ChooseAccount>(named(name))
  const used = await client.get(await rp.requestOptions(), { ...at(phone), chooseAccount })
  expect((await rp.signIn(used)).id).toBe(ids[NAMES.indexOf(name)])
  const [accounts = []] = chooseAccount.mock.calls[0] ?? []
  expect(accounts).toHaveLength(3)
  expect(accounts).toContainEqual({
    credentialId: ids[0],
    userHandle: 'AQ',
    name: 'ada',
    displayName: 'ADA',
  })
})

test('without a chooser no account is taken, over hybrid or on this device', async () => {
  const { rp, client, phone } = await scene()
  const failure = { name: 'NotAllowedError', code: 'account-not-chosen' }
  await expect(client.get(await rp.requestOptions(), at(phone))).rejects.toMatchObject(failure)
  const here = await local(answer => answer)
  const signingIn = here.client.get(await here.rp.requestOptions(), { origin: ORIGIN })
  await expect(signingIn).rejects.toMatchObject(failure)
  expect(here.commands).toEqual([2])
})

test('on this device the chosen account signs in', async () => {
  const { client, rp, commands } = await local(answer => answer)
  const used = await client.get(await rp.requestOptions(), { origin: ORIGIN, chooseAccount: named('ben') })
  await rp.signIn(used)
  expect(used.response.userHandle).toBe('Ag')
  expect(commands).toEqual([2, 8, 8])
})

test.each<[string, ChooseAccount, object]>([
  ['chooses nothing', () => undefined, { name: 'NotAllowedError', code: 'account-not-chosen' }],
  ['invents an account', () => ({ credentialId: 'AQ' }), { name: 'TypeError', code: 'argument-invalid' }],
  [
    'throws',
    () => {
      throw new Error('mine')
    },
    { name: 'OperationError', code: 'callback-failed' },
  ],
])('a chooser that %s', async (_, chooseAccount, failure) => {
  const { client, rp } = await local(answer => answer)
  const signingIn = client.get(await rp.requestOptions(), { origin: ORIGIN, chooseAccount })
  await expect(signingIn).rejects.toMatchObject(failure)
})

test('a chooser that never answers hears the abort signal, and is not waited for', async () => {
  const { client, rp } = await local(answer => answer)
  const stop = new AbortController()
  let told = false
  const chooseAccount: ChooseAccount = (_, signal) => {
    signal.addEventListener('abort', () => (told = true))
    stop.abort()
    return new Promise(() => undefined)
  }
  const signingIn = client.get(await rp.requestOptions(), {
    origin: ORIGIN,
    chooseAccount,
    signal: stop.signal,
  })
  await expect(signingIn).rejects.toMatchObject({ name: 'AbortError' })
  expect(told).toBe(true)
})

test('the chooser is not asked where the authenticator’s user has chosen, or there is one account', async () => {
  for (const changes of [{ userSelected: true }, { numberOfCredentials: 1 }, { numberOfCredentials: 0 }]) {
    const { client, rp, commands } = await local(answer => ({ ...answer, ...changes }))
    await rp.signIn(await client.get(await rp.requestOptions(), { origin: ORIGIN }))
    expect(commands).toEqual([2])
  }
})

const first =
  (changes: Partial<GetAssertionResponse>) =>
  (answer: GetAssertionResponse, command: number | undefined): GetAssertionResponse =>
    command === GET_NEXT_ASSERTION ? answer : { ...answer, ...changes }

const later =
  (changes: Partial<GetAssertionResponse>) =>
  (answer: GetAssertionResponse, command: number | undefined): GetAssertionResponse =>
    command === GET_NEXT_ASSERTION ? { ...answer, ...changes } : answer

test.each<
  [string, (answer: GetAssertionResponse, command: number | undefined) => GetAssertionResponse, number[]]
>([
  ['more accounts than anybody has', first({ numberOfCredentials: 101 }), [2]],
  ['a number beyond all', first({ numberOfCredentials: Number.MAX_SAFE_INTEGER }), [2]],
  ['a long signature in a later answer', later({ signature: new Uint8Array(60_000) }), [2, 8]],
  ['no user in a later answer', later({ user: undefined }), [2, 8]],
  ['endless names', later({ user: { id: Uint8Array.of(1), name: 'x'.repeat(1_048_576) } }), [2, 8]],
  [
    'one passkey twice',
    answer => ({ ...answer, credential: { id: Uint8Array.of(1), type: 'public-key' } }),
    [2, 8],
  ],
])('refuses %s', async (_, alter, expected) => {
  const { client, rp, commands } = await local(alter)
  const signingIn = client.get(await rp.requestOptions(), { origin: ORIGIN, chooseAccount: named('ada') })
  await expect(signingIn).rejects.toMatchObject({ name: 'UnknownError', code: 'response-invalid' })
  expect(commands).toEqual(expected)
})

test('a hundred accounts are asked for; what the phone then says is its own error', async () => {
  const { client, rp, commands } = await local(first({ numberOfCredentials: 100 }))
  const signingIn = client.get(await rp.requestOptions(), { origin: ORIGIN, chooseAccount: named('ada') })
  await expect(signingIn).rejects.toMatchObject({
    name: 'NotAllowedError',
    cause: { statusName: 'ERR_NOT_ALLOWED' },
  })
  expect(commands).toEqual([2, 8, 8, 8])
})

test('a phone that hangs up after one command gives no account', async () => {
  const lab = createLab()
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { phone } = createTestPhone(undefined, { accountChoice: 'client' })
  const handler: CtapHandler = {
    getInfo: () => phone.getInfo(),
    handle: async (request, context) =>
      request[0] === GET_NEXT_ASSERTION ? undefined : phone.handle(request, context),
  }
  const scanning = lab.phone({ handler })
  const client = lab.client()
  for (const id of [1, 2]) {
    const options = await rp.creationOptions({ userID: Uint8Array.of(id) })
    await rp.register(await client.create(options, at(scanning)))
  }
  const chooseAccount = vi.fn<ChooseAccount>()
  const signingIn = client.get(await rp.requestOptions(), { ...at(scanning), chooseAccount })
  await expect(signingIn).rejects.toMatchObject({ name: 'NotAllowedError', code: 'peer-closed' })
  expect(chooseAccount).not.toHaveBeenCalled()
})
