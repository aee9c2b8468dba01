import { describe, expect, it } from 'vitest'
import { encodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import type { GetAssertionRequest, GetAssertionResponse } from '../../src/ctap/get-assertion.js'
import type { CtapContext } from '../../src/ports/ctap-handler.js'
import type { VirtualAuthenticatorOptions } from '../../src/virtual.js'
import { contextOf, createTestPhone, GET_ASSERTION, registered, signedIn } from '../support/virtual-phone.js'
import type { Registered, TestPhone } from '../support/virtual-phone.js'

const NEXT = Uint8Array.of(8)
const GET_INFO = Uint8Array.of(4)
const NOT_ALLOWED = Uint8Array.of(0x30)
const NAMES = ['ada', 'ben', 'cay'] as const

interface Accounts {
  readonly phone: TestPhone
  readonly credentials: ReadonlyMap<string, Registered>
  /** Moves the phone’s clock, ms. */
  readonly wait: (ms: number) => void
}

/** A phone with three accounts; cay is the newest. */
async function accounts(options: Partial<VirtualAuthenticatorOptions> = {}): Promise<Accounts> {
  let now = 1000
  const phone = createTestPhone(undefined, { accountChoice: 'client', now: () => now, ...options })
  const credentials = new Map<string, Registered>()
  for (const [index, name] of NAMES.entries()) {
    const user = { id: Uint8Array.of(index), name, displayName: name }
    credentials.set(name, registered(await phone.register({ user })))
    now += 1
  }
  return { phone, credentials, wait: ms => (now += ms) }
}

const signInOver = (
  { phone }: TestPhone,
  context: CtapContext,
  changes: Partial<GetAssertionRequest> = {},
): Promise<Uint8Array | undefined> =>
  phone.handle(encodeGetAssertionRequest({ ...GET_ASSERTION, ...changes }), context)

describe('a client that chooses among accounts', () => {
  it('fetches each, newest first, after one prompt', async () => {
    const { phone, credentials } = await accounts()
    const context = contextOf()
    const answers: GetAssertionResponse[] = [signedIn(await signInOver(phone, context))]
    for (let next = 0; next < 2; next += 1) answers.push(signedIn(await phone.phone.handle(NEXT, context)))
    expect(answers.map(({ user }) => user?.name)).toEqual(['cay', 'ben', 'ada'])
    expect(answers.map(({ numberOfCredentials }) => numberOfCredentials)).toEqual([3, undefined, undefined])
    for (const answer of answers) {
      expect(answer.userSelected).toBeUndefined()
      expect(credentials.get(answer.user?.name ?? '')?.verifies(answer)).toBe(true)
    }
    expect(await phone.phone.handle(NEXT, context)).toEqual(NOT_ALLOWED)
    expect(phone.asked).toHaveLength(4)
    expect(phone.told.slice(3).map(({ userName }) => userName)).toEqual(['cay', 'ben', 'ada'])
  })

  it.each([
    [29_999, 0],
    [30_000, 0],
    [30_001, 0x30],
  ])('has %i ms for each: status %i', async (ms, status) => {
    const { phone, wait } = await accounts()
    const context = contextOf()
    await signInOver(phone, context)
    wait(ms)
    expect((await phone.phone.handle(NEXT, context))?.[0]).toBe(status)
    wait(ms)
    expect((await phone.phone.handle(NEXT, context))?.[0]).toBe(status)
  })

  it('loses the others by another command', async () => {
    const { phone } = await accounts()
    const context = contextOf()
    await signInOver(phone, context)
    await phone.phone.handle(GET_INFO, context)
    expect(await phone.phone.handle(NEXT, context)).toEqual(NOT_ALLOWED)
  })

  it('does not fetch those of another connection', async () => {
    const { phone } = await accounts()
    const context = contextOf()
    await signInOver(phone, context)
    expect(await phone.send(NEXT)).toEqual(NOT_ALLOWED)
    signedIn(await phone.phone.handle(NEXT, context))
  })

  it('does not get an account that was deleted meanwhile', async () => {
    const { phone, credentials } = await accounts()
    const context = contextOf()
    await signInOver(phone, context)
    await phone.store.delete(credentials.get('ben')?.id ?? new Uint8Array())
    expect(await phone.phone.handle(NEXT, context)).toEqual(Uint8Array.of(0x2e))
  })
})

describe('nothing is left to fetch', () => {
  it('where the phone lets its user choose', async () => {
    const { phone } = await accounts({ accountChoice: 'phone' })
    const context = contextOf()
    const { numberOfCredentials, userSelected } = signedIn(await signInOver(phone, context))
    expect([numberOfCredentials, userSelected]).toEqual([undefined, true])
    expect(await phone.phone.handle(NEXT, context)).toEqual(NOT_ALLOWED)
  })

  it('where the request named the passkeys', async () => {
    const { phone, credentials } = await accounts()
    const context = contextOf()
    const allowList = [...credentials.values()].map(({ id }) => ({ id, type: 'public-key' }))
    expect(signedIn(await signInOver(phone, context, { allowList })).numberOfCredentials).toBeUndefined()
    expect(await phone.phone.handle(NEXT, context)).toEqual(NOT_ALLOWED)
  })

  it('where there is one account', async () => {
    const { phone, credentials } = await accounts()
    for (const name of ['ben', 'cay']) await phone.store.delete(credentials.get(name)?.id ?? new Uint8Array())
    const context = contextOf()
    const { numberOfCredentials, userSelected } = signedIn(await signInOver(phone, context))
    expect([numberOfCredentials, userSelected]).toEqual([undefined, true])
    expect(await phone.phone.handle(NEXT, context)).toEqual(NOT_ALLOWED)
  })

  it('on a phone that aborts at the command', async () => {
    const { phone } = await accounts({ profile: 'android' })
    const context = contextOf()
    expect(signedIn(await signInOver(phone, context)).userSelected).toBe(true)
    expect(await phone.phone.handle(NEXT, context)).toBeUndefined()
  })
})
