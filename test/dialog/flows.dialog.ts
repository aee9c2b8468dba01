import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AirPhone } from '../../src/page.js'
import { alwaysRefuse, createRelyingParty, ignoreUntilTimeout } from '../../src/testing.js'
import type { RelyingParty } from '../../src/testing.js'
import { ask } from './asking-page.js'
import type { Outcome } from './asking-page.js'
import { useOpenBrowser } from './open-browser.js'

const PROFILES = ['ios', 'android', 'ms-authenticator'] as const
/** On the screen for this long, a dialog that nobody answers would be seen. */
const BRIEFLY_MS = 1500

const opened = useOpenBrowser()
let rp: RelyingParty

beforeEach(async () => {
  rp = await createRelyingParty({ origin: opened.site.origin })
})

const create = (options: object, signal?: string): Promise<Outcome<RegistrationResponseJSON>> =>
  ask(opened.browser.page, 'create', options, signal)
const get = (options: object, signal?: string): Promise<Outcome<AuthenticationResponseJSON>> =>
  ask(opened.browser.page, 'get', options, signal)

function responseOf<Response>(outcome: Outcome<Response>): Response {
  if ('response' in outcome) return outcome.response
  throw new Error(`the page got ${outcome.error}`)
}

/** Scans, and waits for what the page is told. */
async function answered<Response>(
  phone: AirPhone,
  asked: Promise<Outcome<Response>>,
): Promise<Outcome<Response>> {
  const { proximity } = await phone.scanScreen()
  expect(proximity).toBe('simulated')
  return asked
}

/** Registers a passkey. @returns the list that names it. */
async function registered(phone: AirPhone): Promise<{ id: string }[]> {
  const outcome = await answered(phone, create(await rp.creationOptions()))
  const { id } = await rp.register(responseOf(outcome))
  return [{ id }]
}

describe.each(PROFILES)('with a phone like %s', profile => {
  let phone: AirPhone
  beforeEach(() => {
    phone = opened.browser.newPhone({ profile })
  })

  test('a page registers a passkey, and signs in with whichever the phone has', async () => {
    const [passkey] = await registered(phone)
    const signedIn = await answered(phone, get(await rp.requestOptions()))
    expect((await rp.signIn(responseOf(signedIn))).id).toBe(passkey?.id)
    expect(await phone.store.list()).toMatchObject([{ rpId: 'localhost', confirmed: true }])
  })

  test('a page signs in with a passkey that it names', async () => {
    const allowCredentials = await registered(phone)
    const signedIn = await answered(phone, get(await rp.requestOptions({ allowCredentials })))
    expect((await rp.signIn(responseOf(signedIn))).id).toBe(allowCredentials[0]?.id)
  })

  test('a passkey that the page excludes is not made again', async () => {
    const excludeCredentials = await registered(phone)
    const again = await answered(phone, create(await rp.creationOptions({ excludeCredentials })))
    expect(again).toEqual({ error: 'InvalidStateError' })
    expect(await phone.store.list()).toHaveLength(1)
  })

  test('a user who refuses on the phone ends registration and sign-in', async () => {
    const refusing = opened.browser.newPhone({ profile, consent: alwaysRefuse() })
    const refused = await answered(refusing, create(await rp.creationOptions()))
    expect(refused).toEqual({ error: 'NotAllowedError' })
    expect(await refusing.store.list()).toEqual([])
    const store = phone.store
    await registered(phone)
    const reluctant = opened.browser.newPhone({ profile, store, consent: alwaysRefuse() })
    expect(await answered(reluctant, get(await rp.requestOptions()))).toEqual({ error: 'NotAllowedError' })
  })
})

test('a phone without the passkey that is named cannot sign in', async () => {
  const allowCredentials = await registered(opened.browser.phone)
  const other = opened.browser.newPhone({ profile: 'ios' })
  const signedIn = await answered(other, get(await rp.requestOptions({ allowCredentials })))
  expect(signedIn).toEqual({ error: 'NotAllowedError' })
})

test('a phone of the other assigned tunnel service is reached, too', async () => {
  await registered(opened.browser.newPhone({ profile: 'ios', tunnelServiceId: 1 }))
  expect(rp.credentials).toHaveLength(1)
})

test('with hints and without, the code is on the screen at once', async () => {
  const options = { ...(await rp.creationOptions()), hints: ['hybrid'] }
  await rp.register(responseOf(await answered(opened.browser.phone, create(options))))
  expect(rp.credentials).toHaveLength(1)
})

test('a user who closes the dialog ends the request', async () => {
  const asked = create(await rp.creationOptions())
  const phone = opened.browser.newPhone()
  await expect(phone.scanScreen({ withinMs: 0 })).rejects.toMatchObject({ code: 'request-timeout' })
  await opened.browser.page.waitForTimeout(BRIEFLY_MS)
  await opened.browser.cancelDialog()
  expect(await asked).toEqual({ error: 'NotAllowedError' })
  expect(await phone.store.list()).toEqual([])
})

test('a page that gives up in time sees its own reason', async () => {
  const asked = get(await rp.requestOptions(), `AbortSignal.timeout(${BRIEFLY_MS})`)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await opened.browser.cancelDialog()
  const scanned = opened.browser.phone.scanScreen({ withinMs: BRIEFLY_MS })
  await expect(scanned).rejects.toMatchObject({ code: 'request-timeout' })
})

test('a phone that is left lying around until the page gives up keeps nothing', async () => {
  const phone = opened.browser.newPhone({ profile: 'android', consent: ignoreUntilTimeout() })
  const asked = create(await rp.creationOptions(), 'AbortSignal.timeout(4000)')
  const scanned = phone.scanScreen().catch((error: unknown) => error)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await scanned
  expect(await phone.store.list()).toEqual([])
})
