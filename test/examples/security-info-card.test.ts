import { expect, test } from 'vitest'
import type { DigitalCredentialOptions, DigitalCredentialResponse } from '../../src/index.js'
import { useSecurityInfo } from '../support/security-info-demo.js'
import { ADA, Visitor } from '../support/security-info-visitor.js'

const startDemo = useSecurityInfo()

async function start(): Promise<Visitor> {
  const visitor = new Visitor(await startDemo())
  await visitor.get('POST', '/api/account', ADA)
  return visitor
}

const problem = (code: string): object => ({ error: expect.objectContaining({ code }) as unknown })
const isOver = ({ step }: { step?: unknown }): boolean => step === undefined

test('the student card of the phone: asked for, shown, verified', async () => {
  const ada = await start()
  // Nothing is remembered after a card, whatever the box says.
  const id = await ada.askForCard(true)
  const { prompt, card } = await ada.phone(state => state.prompt !== undefined)
  expect(card).toEqual({ name: 'Student card', holder: 'Ada Lovelace', issuer: 'college.example' })
  expect(prompt).toMatchObject({
    operation: 'show-card',
    rpId: 'localhost',
    claims: [
      expect.stringMatching(/given_name$/) as unknown,
      expect.stringMatching(/student_number$/) as unknown,
    ],
  })
  await ada.decide()
  const said = await ada.handOver(id)
  expect(said).toMatchObject({
    status: 200,
    body: {
      claims: { given_name: 'Ada', student_number: '2026-0042' },
      checks: expect.arrayContaining(['the card is valid today']) as unknown,
    },
  })
  expect(await ada.outcome(id)).toHaveProperty('response')
  expect(await ada.phone(isOver)).toMatchObject({
    outcome: { kind: 'card-shown', rpId: 'localhost' },
    laptops: [],
  })
})

test.each(['refuse', 'fail-verification'] as const)('%s: the site learns that there is none', async deed => {
  const ada = await start()
  const id = await ada.askForCard()
  await ada.decide({ deed })
  expect(await ada.outcome(id)).toMatchObject({
    failure: {
      name: 'NotAllowedError',
      code: 'wallet-refused',
      message: 'the phone gave no digital credential',
    },
  })
  expect(await ada.phone(isOver)).toMatchObject({ outcome: { kind: 'card-kept' } })
})

test('a request for something that is not on the card: the phone does not ask its user', async () => {
  const ada = await start()
  const { requests } = (await ada.get('POST', '/api/student-card/request')) as DigitalCredentialOptions
  const options = { requests: requests.map(({ protocol }) => ({ protocol, data: {} })) }
  const id = await ada.start({ kind: 'digital', device: 'phone', options })
  await ada.scanScreen(id)
  expect(await ada.outcome(id)).toMatchObject({ failure: { code: 'wallet-empty' } })
  expect(await ada.phone(isOver)).toMatchObject({ outcome: { kind: 'no-card' } })
})

test('the site takes an answer once, to its latest request, and for a signed-in user', async () => {
  const ada = await start()
  const id = await ada.askForCard()
  await ada.decide()
  const answer = (await ada.answer(id)) as DigitalCredentialResponse
  const hand = async (body: unknown): Promise<unknown> =>
    (await ada.ask('POST', '/api/student-card', body)).body
  expect(await hand({ ...answer, data: {} })).toEqual(problem('card-invalid'))
  expect(await hand(answer)).toEqual(problem('challenge-void'))
  await ada.get('POST', '/api/student-card/request')
  expect(await hand(answer)).toEqual(problem('card-invalid'))
  expect(await hand({ protocol: 'openid4vp-v9', data: {} })).toEqual(problem('malformed'))
  expect(await hand({ protocol: answer.protocol, data: [] })).toEqual(problem('malformed'))
  await ada.get('DELETE', '/api/session')
  for (const path of ['/api/student-card/request', '/api/student-card'])
    expect((await ada.ask('POST', path, answer)).body).toEqual(problem('signed-out'))
  await ada.judge(id, false)
  expect(await ada.outcome(id)).toMatchObject({ failure: { code: 'site-refused' } })
})

test.each([
  {},
  { requests: {} },
  { requests: [7] },
  { requests: [{ protocol: 7, data: {} }] },
  { requests: [{ protocol: 'org-iso-mdoc', data: [] }] },
])('a page that wishes for %j is turned down', async options => {
  const ada = await start()
  const { status, body } = await ada.ask('POST', '/laptop/ceremonies', { kind: 'digital', options })
  expect([status, body]).toEqual([400, problem('malformed')])
})

test('the phone’s own browser asks no wallet', async () => {
  const ada = await start()
  const options = (await ada.get('POST', '/api/student-card/request')) as DigitalCredentialOptions
  const id = await ada.start({ kind: 'digital', device: 'phone', options }, '/phone')
  expect(await ada.outcome(id)).toMatchObject({ failure: { code: 'no-card-here' } })
})
