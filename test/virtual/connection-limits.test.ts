import { describe, expect, it } from 'vitest'
import { encodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import type { ConsentAnswer } from '../../src/virtual/consent.js'
import type { VirtualAuthenticatorOptions } from '../../src/virtual.js'
import {
  APPROVE,
  contextOf,
  createTestPhone,
  GET_ASSERTION,
  MAKE_CREDENTIAL,
} from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

const REGISTER = encodeMakeCredentialRequest(MAKE_CREDENTIAL)
const SIGN_IN = encodeGetAssertionRequest(GET_ASSERTION)
const ELSEWHERE = encodeGetAssertionRequest({ ...GET_ASSERTION, rpId: 'elsewhere.example' })
const GET_INFO = Uint8Array.of(4)
const UNKNOWN = Uint8Array.of(0x3f)

/** The statuses of requests over one connection; undefined where the phone hangs up. */
async function statuses(phone: TestPhone, requests: readonly Uint8Array[]): Promise<(number | undefined)[]> {
  const context = contextOf()
  const answers: (number | undefined)[] = []
  for (const request of requests) answers.push((await phone.phone.handle(request, context))?.[0])
  return answers
}

function phoneWith(limits: VirtualAuthenticatorOptions['limits'], ...said: ConsentAnswer[]): TestPhone {
  let asked = 0
  return createTestPhone(() => Promise.resolve(said[asked++ % said.length] ?? APPROVE), { limits })
}

const DENY: ConsentAnswer = { approved: false, how: 'deny' }

describe('errors that the user never saw', () => {
  it.each([
    [undefined, 3],
    [2, 2],
    [1, 1],
    [0, 0],
  ])('limit %s: %i are answered, then the phone hangs up', async (unseenErrors, answered) => {
    const phone = phoneWith({ unseenErrors })
    const wanted = Array.from({ length: 6 }, (_, index) => (index < answered ? 0x2e : undefined))
    expect(await statuses(phone, Array<Uint8Array>(6).fill(ELSEWHERE))).toEqual(wanted)
    expect(phone.asked).toEqual([])
  })

  it.each([
    [2, [0x2e, 0x01, 0, 0x2e]],
    [3, [0x2e, 0x01, 0x2e, undefined]],
  ])('after %i of them nobody is asked any more', async (errors, wanted) => {
    const phone = phoneWith({})
    await phone.register()
    const [last, next] = errors === 3 ? [ELSEWHERE, SIGN_IN] : [SIGN_IN, ELSEWHERE]
    expect(await statuses(phone, [ELSEWHERE, UNKNOWN, last, next])).toEqual(wanted)
    expect(phone.asked).toHaveLength(errors === 3 ? 1 : 2)
  })

  it('are counted for each connection, and approvals between them do not count', async () => {
    const phone = phoneWith({})
    const requests = [ELSEWHERE, REGISTER, ELSEWHERE, GET_INFO, SIGN_IN, SIGN_IN, ELSEWHERE, GET_INFO]
    const wanted = [0x2e, 0, 0x2e, 0, 0, 0, 0x2e, undefined]
    expect(await statuses(phone, requests)).toEqual(wanted)
    expect(await statuses(phone, requests)).toEqual(wanted)
  })
})

describe('refusals', () => {
  it.each<[string, number, ConsentAnswer]>([
    ['denied', 0x27, DENY],
    ['not answered', 0x2f, { approved: false, how: 'timeout' }],
    ['not verified', 0x27, { approved: true, userVerified: false }],
  ])('%s: the phone asks once, then hangs up', async (_, status, answer) => {
    const phone = phoneWith(undefined, answer)
    expect(await statuses(phone, [REGISTER, REGISTER, GET_INFO])).toEqual([status, undefined, undefined])
    expect(phone.asked).toHaveLength(1)
  })

  it.each([
    [0, [0, undefined, undefined]],
    [1, [0, 0x27, undefined]],
    [2, [0, 0x27, 0]],
  ])('limit %i', async (refusals, wanted) => {
    const phone = phoneWith({ refusals }, APPROVE, DENY)
    expect(await statuses(phone, [REGISTER, REGISTER, REGISTER])).toEqual(wanted)
  })

  it('are not what a user approves whose passkey is excluded', async () => {
    const phone = phoneWith({})
    await phone.register()
    const [{ credentialId: id } = { credentialId: new Uint8Array() }] = await phone.store.list()
    const again = encodeMakeCredentialRequest({
      ...MAKE_CREDENTIAL,
      excludeList: [{ id, type: 'public-key' }],
    })
    expect(await statuses(phone, [again, again, again, again, again])).toEqual(Array(5).fill(0x19))
  })
})

it('a phone confirms what the client has before it hangs up', async () => {
  const phone = phoneWith({ unseenErrors: 1 })
  expect(await statuses(phone, [ELSEWHERE])).toEqual([0x2e])
  const context = contextOf()
  await phone.phone.handle(REGISTER, context)
  await phone.phone.handle(UNKNOWN, context)
  expect(await phone.phone.unconfirmed()).toEqual([])
})

it.each([-1, NaN])('a limit of %d is a mistake', limit => {
  const wrong = { code: 'argument-invalid' }
  expect(() => phoneWith({ refusals: limit })).toThrow(expect.objectContaining(wrong))
  expect(() => phoneWith({ unseenErrors: limit })).toThrow(expect.objectContaining(wrong))
})
