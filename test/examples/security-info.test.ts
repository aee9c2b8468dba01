import { expect, test } from 'vitest'
import type { SecurityInfo, SecurityInfoOptions } from '../../examples/security-info/security-info.js'
import { useSecurityInfo } from '../support/security-info-demo.js'
import { ADA, Visitor } from '../support/security-info-visitor.js'

const startDemo = useSecurityInfo()
let demo: SecurityInfo | undefined

async function start(options: Partial<SecurityInfoOptions> = {}): Promise<Visitor> {
  demo = await startDemo(options)
  return new Visitor(demo)
}

/** With an account, signed in to it. */
async function startSignedIn(options: Partial<SecurityInfoOptions> = {}): Promise<Visitor> {
  const visitor = await start(options)
  await visitor.get('POST', '/api/account', ADA)
  await visitor.proveIdentity()
  return visitor
}

const another = (): Visitor => {
  if (demo === undefined) throw new Error('not started')
  return new Visitor(demo)
}

const problem = (code: string): object => ({ error: expect.objectContaining({ code }) as unknown })

test('add, name, sign out, sign in with the passkey alone, delete on both sides', async () => {
  const ada = await startSignedIn()
  const { id } = await ada.addPasskey()
  await ada.get('PATCH', `/api/passkeys/${id}`, { name: 'My phone' })
  const passkey = {
    id,
    name: 'My phone',
    authenticator: 'Google Password Manager',
    sync: 'synced',
    transports: ['hybrid', 'internal'],
  }
  const account = await ada.get('GET', '/api/account')
  expect(account).toMatchObject({ userName: ADA.userName, isAdministrator: true, passkeys: [passkey] })
  expect((await ada.phone()).passkeys).toMatchObject([
    { credentialId: id, userName: ADA.userName, rpId: 'localhost', isConfirmed: true },
  ])

  await ada.get('DELETE', '/api/session')
  expect((await ada.ask('GET', '/api/account')).status).toBe(401)
  expect((await ada.throughPhone('get')).status).toBe(200)
  const used = await ada.get('GET', '/api/account')
  expect(used).toMatchObject({ passkeys: [{ ...passkey, lastUsedAt: expect.any(Number) as unknown }] })

  const unknown = await ada.get('DELETE', `/api/passkeys/${id}`)
  expect((await ada.phone()).passkeys).toHaveLength(1)
  await ada.get('POST', '/laptop/signals/unknown-credential', unknown)
  expect(await ada.phone()).toMatchObject({ passkeys: [], outcome: { kind: 'removed' } })
  expect(await ada.get('GET', '/api/account')).toMatchObject({ passkeys: [] })
})

test('on this computer, without a phone', async () => {
  const ada = await startSignedIn()
  for (const kind of ['create', 'get'] as const) {
    const id = await ada.start(await ada.wish(kind, 'this-device'))
    const { prompt, qr } = await ada.laptop(id, state => state.prompt !== undefined)
    expect({ operation: prompt?.operation, qr }).toEqual({
      operation: kind === 'create' ? 'register' : 'sign-in',
      qr: undefined,
    })
    await ada.get('POST', `/laptop/prompts/${prompt?.id ?? ''}`, { deed: 'approve', account: 0 })
    expect((await ada.handOver(id)).status).toBeLessThan(300)
    expect(await ada.outcome(id)).toHaveProperty('response')
  }
  expect(await ada.get('GET', '/api/account')).toMatchObject({ passkeys: [{ sync: 'device-bound' }] })
})

const ONLY_MICROSOFT = { isRestricted: true, allowed: ['de1e552d-db1d-4423-a619-566b625cdc84'] }

test('what the site refuses is never confirmed, and its signal removes it from the phone', async () => {
  const ada = await startSignedIn()
  await ada.get('PUT', '/api/policy', ONLY_MICROSOFT)
  const id = await ada.withPhone('create')
  await ada.answer(id)
  const refused = await ada.handOver(id)
  const [left] = (await ada.phone(({ step }) => step === undefined)).passkeys
  const credentialId = left?.credentialId ?? ''
  expect(refused).toMatchObject({
    status: 403,
    body: {
      error: {
        code: 'authenticator-not-allowed',
        authenticator: 'Google Password Manager',
        rpId: 'localhost',
        credentialId,
      },
    },
  })
  expect(await ada.outcome(id)).toMatchObject({
    failure: { name: 'NotAllowedError', code: 'site-refused' },
  })
  expect(left).toMatchObject({ isConfirmed: false })
  expect(await ada.get('GET', '/api/account')).toMatchObject({ passkeys: [] })
  await ada.get('POST', '/laptop/signals/unknown-credential', { rpId: 'localhost', credentialId })
  expect(await ada.phone()).toMatchObject({ passkeys: [], outcome: { kind: 'removed' } })
})

test('a passkey that the site has forgotten: its sign-in is not taken, on both sides', async () => {
  const ada = await startSignedIn()
  const { id } = await ada.addPasskey()
  await ada.get('DELETE', `/api/passkeys/${id}`)
  expect(await ada.throughPhone('get')).toMatchObject({ status: 404, body: problem('passkey-unknown') })
  expect((await ada.phone()).outcome).toEqual({ kind: 'not-taken' })
})

test('the page is closed while the phone asks: the phone asks no longer, and keeps nothing', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  const { prompt } = await ada.phone(state => state.prompt !== undefined)
  ada.closePage(id)
  const after = await ada.phone(({ step }) => step === undefined)
  expect(after).toMatchObject({ passkeys: [], outcome: { kind: 'failed' } })
  expect(after.prompt).toBeUndefined()
  const late = await ada.ask('POST', `/phone/prompts/${prompt?.id ?? ''}`, { deed: 'approve', account: 0 })
  expect(late.status).toBe(404)
  expect((await ada.phone()).passkeys).toEqual([])
})

test('the page is closed before the site has decided: the phone does not count the passkey as confirmed', async () => {
  const ada = await startSignedIn()
  const id = await ada.withPhone('create')
  await ada.answer(id)
  ada.closePage(id)
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [{ isConfirmed: false }],
    outcome: { kind: 'unconfirmed' },
  })
})

test('one verdict a ceremony, and only while its answer waits for it', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('create', 'phone'))
  await expect(ada.judge(id, true)).rejects.toThrow('404')
  await ada.scanScreen(id)
  await ada.decide()
  await ada.answer(id)
  await ada.judge(id, true)
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [{ isConfirmed: true }],
    outcome: { kind: 'registered' },
  })
  await expect(ada.judge(id, true)).rejects.toThrow('404')
})

test('a second page takes over, and the first is told', async () => {
  const ada = await startSignedIn()
  const first = await ada.start(await ada.wish('create', 'phone'))
  await ada.laptop(first, ({ qr }) => qr !== undefined)
  const second = await ada.start(await ada.wish('create', 'phone'))
  expect(await ada.outcome(first)).toMatchObject({ failure: { name: 'AbortError', code: 'taken-over' } })
  await ada.scanScreen(second)
  await ada.decide()
  expect((await ada.handOver(second)).status).toBe(201)
})

test('two pages at the same moment: the later one has the laptop', async () => {
  const ada = await startSignedIn()
  const wish = await ada.wish('create', 'phone')
  const [first, second] = await Promise.all([ada.start(wish), ada.start(wish)])
  const ended = await Promise.race([ada.outcome(first), ada.outcome(second)])
  expect(ended).toMatchObject({ failure: { code: 'taken-over' } })
})

test('an allowed model registers under the same policy, each phone having passkeys of its own', async () => {
  const ada = await startSignedIn()
  await ada.get('PUT', '/api/policy', ONLY_MICROSOFT)
  await ada.get('PUT', '/phone/profile', { profile: 'ms-authenticator' })
  expect(await ada.addPasskey()).toMatchObject({
    authenticator: 'Microsoft Authenticator for Android',
    sync: 'device-bound',
  })
  expect((await ada.phone()).passkeys).toHaveLength(1)
  await ada.get('PUT', '/phone/profile', { profile: 'ios' })
  expect((await ada.phone()).passkeys).toEqual([])
})

test('a connection that breaks after saving leaves an unconfirmed passkey, to be accepted or deleted', async () => {
  const ada = await startSignedIn()
  await ada.get('PUT', '/phone/connection', { loses: true })
  expect(await ada.outcome(await ada.withPhone('create'))).toMatchObject({
    failure: { name: 'NotAllowedError', code: 'peer-closed' },
  })
  const { passkeys, outcome } = await ada.phone(({ step }) => step === undefined)
  expect({ passkeys, outcome }).toMatchObject({
    passkeys: [{ isConfirmed: false }],
    outcome: { kind: 'unconfirmed', userName: ADA.userName },
  })
  const [left] = passkeys
  await ada.get('POST', `/phone/passkeys/${left?.credentialId ?? ''}/acceptance`)
  expect((await ada.phone()).passkeys).toMatchObject([{ isConfirmed: true }])
  await ada.get('DELETE', `/phone/passkeys/${left?.credentialId ?? ''}`)
  expect((await ada.phone()).passkeys).toEqual([])
})

test.each(['refuse', 'fail-verification'] as const)('the user’s %s leaves nothing behind', async deed => {
  const ada = await startSignedIn()
  const id = await ada.withPhone('create', { deed })
  expect(await ada.outcome(id)).toMatchObject({ failure: { name: 'NotAllowedError' } })
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({
    passkeys: [],
    outcome: { kind: 'refused' },
  })
})

test('no phone scans in time', async () => {
  const ada = await startSignedIn({ timeouts: { advertMs: 1 } })
  const id = await ada.start(await ada.wish('create', 'phone'))
  expect(await ada.outcome(id)).toMatchObject({
    failure: { name: 'NotAllowedError', code: 'advert-timeout' },
  })
  expect((await ada.ask('GET', '/laptop/screen')).status).toBe(404)
})

test('the phone’s user does not answer in time', async () => {
  const ada = await startSignedIn({ timeouts: { responseMs: 1 } })
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  expect(await ada.outcome(id)).toMatchObject({ failure: { code: 'response-timeout' } })
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({ passkeys: [] })
})

test('the phone says what else can become of a code', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('get', 'phone'))
  await ada.scanScreen(id)
  expect(await ada.outcome(id)).toMatchObject({ failure: { name: 'NotAllowedError' } })
  expect(await ada.phone(({ step }) => step === undefined)).toMatchObject({ outcome: { kind: 'no-passkey' } })

  await ada.addPasskey()
  expect(await ada.outcome(await ada.withPhone('create'))).toMatchObject({
    failure: { name: 'InvalidStateError' },
  })
  expect((await ada.phone(({ step }) => step === undefined)).outcome).toEqual({ kind: 'already-registered' })

  await ada.get('POST', '/phone/scan', { text: 'FIDO:/nonsense', remember: false })
  const { outcome } = await ada.phone(({ step }) => step === undefined)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'qr-url-malformed' } })
})

test('the laptop gives up, and the phone’s question goes away', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  await ada.phone(({ prompt }) => prompt !== undefined)
  await ada.get('DELETE', `/laptop/ceremonies/${id}`)
  expect(await ada.outcome(id)).toMatchObject({ failure: { name: 'AbortError' } })
  expect((await ada.phone(({ step }) => step === undefined)).prompt).toBeUndefined()
})

test('the phone puts a question away, and gives its code up', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  await ada.decide({ deed: 'ignore' })
  const { step, prompt } = await ada.phone()
  expect({ step, prompt }).toEqual({ step: 'awaiting-user', prompt: undefined })
  expect((await ada.ask('POST', '/phone/scan', { text: 'FIDO:/1', remember: false })).body).toMatchObject(
    problem('busy'),
  )
  await ada.get('DELETE', '/phone/scan')
  expect(await ada.outcome(id)).toMatchObject({ failure: { code: 'peer-closed' } })
})

test('closed in the middle of a ceremony: nothing is left waiting', async () => {
  const ada = await startSignedIn()
  const id = await ada.start(await ada.wish('create', 'phone'))
  await ada.scanScreen(id)
  await ada.phone(({ prompt }) => prompt !== undefined)
  await demo?.close()
  await expect(ada.ask('GET', '/sign-in')).rejects.toThrow('fetch failed')
})

test('what is ready, and what is not, with its cure', async () => {
  const ready = await start()
  expect(await ready.get('POST', '/laptop/ready')).toMatchObject({
    findings: [{ check: 'radio', ok: true }, { check: 'tunnel-service', ok: true }, { ok: true }],
  })
  await demo?.close()
  const unready = await start({ tunnelUrl: 'ws://127.0.0.1:1' })
  expect(await unready.get('POST', '/laptop/ready')).toMatchObject({
    findings: [
      { ok: true },
      { check: 'tunnel-service', ok: false, cure: expect.stringContaining('network') as unknown },
      { ok: true },
    ],
  })
})

test('an answer is good for one registration, of the user who asked for it', async () => {
  const ada = await startSignedIn()
  const response = await ada.answer(await ada.withPhone('create'))
  const eve = another()
  await eve.get('POST', '/api/account', { ...ADA, userName: 'eve@example.com' })
  await eve.proveIdentity()
  await eve.get('POST', '/api/passkeys/options')
  expect((await eve.ask('POST', '/api/passkeys', response)).body).toMatchObject(
    problem('registration-invalid'),
  )
  const { id } = (await ada.get('POST', '/api/passkeys', response)) as { id: string }
  expect((await ada.ask('POST', '/api/passkeys', response)).body).toMatchObject(problem('challenge-void'))
  expect((await eve.ask('PATCH', `/api/passkeys/${id}`, { name: 'mine' })).status).toBe(404)
  expect((await eve.ask('DELETE', `/api/passkeys/${id}`)).status).toBe(404)
  expect((await eve.ask('PUT', '/api/policy', ONLY_MICROSOFT)).body).toMatchObject(
    problem('not-administrator'),
  )
})
