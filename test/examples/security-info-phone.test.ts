import { expect, test } from 'vitest'
import type { KnownPhone } from '../../examples/security-info/wire/laptop.js'
import { useSecurityInfo } from '../support/security-info-demo.js'
import { ADA, Visitor } from '../support/security-info-visitor.js'

const startDemo = useSecurityInfo()

/** With an account, signed in to it with two factors. */
async function start(): Promise<Visitor> {
  const visitor = new Visitor(await startDemo())
  await visitor.get('POST', '/api/account', ADA)
  await visitor.proveIdentity()
  return visitor
}

const problem = (code: string): object => ({ error: expect.objectContaining({ code }) as unknown })

async function knownPhones(ada: Visitor): Promise<readonly KnownPhone[]> {
  return (await ada.get('GET', '/laptop/phones')) as readonly KnownPhone[]
}

/** Registers with a phone that lets the laptop remember it. */
async function remembered(ada: Visitor): Promise<KnownPhone> {
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id, true)
  await ada.decide()
  expect((await ada.handOver(id)).status).toBe(201)
  await ada.phone(({ step, isReachable }) => step === undefined && isReachable)
  const [phone] = await knownPhones(ada)
  if (phone === undefined) throw new Error('the laptop remembers no phone')
  return phone
}

test('a remembered phone: no QR code the next time, until one side forgets', async () => {
  const ada = await start()
  const { id: link, name } = await remembered(ada)
  expect(name).toBe('Android phone')
  const id = await ada.start({ ...(await ada.wish('get', 'phone')), link })
  await ada.decide()
  expect((await ada.handOver(id)).status).toBe(200)
  expect((await ada.laptop(id, ({ outcome }) => outcome !== undefined)).qr).toBeUndefined()
  const { laptops } = await ada.phone(
    ({ step, outcome }) => step === undefined && outcome?.kind === 'signed-in',
  )

  await ada.get('DELETE', `/phone/laptops/${laptops[0]?.id ?? ''}`)
  const refused = await ada.start({ ...(await ada.wish('get', 'phone')), link })
  expect(await ada.outcome(refused)).toHaveProperty('failure')
})

test('the laptop forgets: a QR code again', async () => {
  const ada = await start()
  const { id: link } = await remembered(ada)
  await ada.get('DELETE', `/laptop/phones/${link}`)
  expect(await knownPhones(ada)).toEqual([])
  expect((await ada.ask('DELETE', `/laptop/phones/${link}`)).status).toBe(404)
  const id = await ada.start({ ...(await ada.wish('get', 'phone')), link })
  await ada.laptop(id, ({ qr }) => qr !== undefined)
})

test('the page of a remembered phone is closed: its question goes away, and it can be called again', async () => {
  const ada = await start()
  const { id: link } = await remembered(ada)
  const id = await ada.start({ ...(await ada.wish('get', 'phone')), link })
  await ada.phone(({ prompt }) => prompt !== undefined)
  ada.closePage(id)
  await ada.phone(({ step, isReachable }) => step === undefined && isReachable)
  const again = await ada.start({ ...(await ada.wish('get', 'phone')), link })
  await ada.decide()
  expect((await ada.handOver(again)).status).toBe(200)
})

test('a phone that is not to be remembered is not; an iPhone cannot be', async () => {
  const ada = await start()
  await ada.addPasskey()
  expect(await knownPhones(ada)).toEqual([])
  await ada.get('PUT', '/phone/profile', { profile: 'ios' })
  expect((await ada.phone()).canBeRemembered).toBe(false)
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id, true)
  await ada.decide()
  expect((await ada.handOver(id)).status).toBe(201)
  expect(await knownPhones(ada)).toEqual([])
})

test('in the phone’s browser: no laptop, no QR code', async () => {
  const ada = await start()
  for (const kind of ['create', 'get'] as const) {
    const id = await ada.start(await ada.wish(kind, 'this-device'), '/phone')
    const { prompt } = await ada.laptop(id, state => state.prompt !== undefined)
    expect((await ada.phone()).prompt?.id).toBe(prompt?.id)
    await ada.decide()
    expect((await ada.handOver(id, '/phone')).status).toBeLessThan(300)
    await ada.phone(({ step }) => step === undefined)
  }
  expect(await ada.phone()).toMatchObject({ passkeys: [{ isConfirmed: true }] })
  expect(await ada.get('GET', '/api/account')).toMatchObject({ passkeys: [{ transports: ['internal'] }] })
})

test('in the phone’s app: it signs in by itself, and adds a passkey', async () => {
  const ada = await start()
  const { userName, password } = ADA
  expect((await ada.ask('POST', '/phone/app/passkey', { code: '1' })).body).toMatchObject(
    problem('not-begun'),
  )
  const wrong = await ada.ask('POST', '/phone/app/session', { userName, password: 'difference engine' })
  expect(wrong.body).toMatchObject(problem('sign-in-refused'))
  await ada.get('POST', '/phone/app/session', { userName, password })
  expect((await ada.ask('POST', '/phone/app/passkey', { code: '1' })).body).toMatchObject(
    problem('code-wrong'),
  )
  const code = await ada.codeOnPhone()
  const adding = ada.ask('POST', '/phone/app/passkey', { code })
  await ada.decide()
  expect((await adding).status).toBe(204)
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [{ isConfirmed: true, userName }],
    outcome: { kind: 'registered' },
  })
  expect(await ada.get('GET', '/api/account')).toMatchObject({ passkeys: [{ sync: 'synced' }] })

  await ada.get('POST', '/phone/app/session', { userName, password })
  const again = ada.ask('POST', '/phone/app/passkey', { code: await ada.codeOnPhone() })
  await ada.decide()
  expect((await again).body).toMatchObject(problem('exists-already'))
})

test('in the phone’s app, refused by the site: nothing stays on the phone', async () => {
  const ada = await start()
  await ada.get('PUT', '/api/policy', { isRestricted: true, allowed: [] })
  await ada.get('POST', '/phone/app/session', ADA)
  const adding = ada.ask('POST', '/phone/app/passkey', { code: await ada.codeOnPhone() })
  await ada.decide()
  expect((await adding).body).toMatchObject(problem('authenticator-not-allowed'))
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [],
    outcome: { kind: 'removed' },
  })
})

test('the settings of the phone do not let it keep passkeys', async () => {
  const ada = await start()
  await ada.get('PUT', '/phone/provider', { isOn: false })
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  expect(await ada.outcome(id)).toMatchObject({ failure: { name: 'NotAllowedError' } })
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [],
    outcome: { kind: 'provider-off' },
  })
  await ada.get('PUT', '/phone/provider', { isOn: true })
  await ada.addPasskey()
})
