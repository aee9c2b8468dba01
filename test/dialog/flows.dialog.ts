import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchWithAir } from '../../src/page.js'
import type { AirBrowser, AirPhone } from '../../src/page.js'
import { alwaysRefuse, createRelyingParty, ignoreUntilTimeout } from '../../src/testing.js'
import type { RelyingParty } from '../../src/testing.js'
import { ask, serveEmptySite } from './asking-page.js'
import type { EmptySite, Outcome } from './asking-page.js'

const PROFILES = ['ios', 'android', 'ms-authenticator'] as const
/** On the screen for this long, a dialog that nobody answers would be seen. */
const BRIEFLY_MS = 1500

let site: EmptySite
let browser: AirBrowser
let rp: RelyingParty

beforeAll(async () => {
  site = await serveEmptySite()
  browser = await launchWithAir({ url: site.origin })
})
afterAll(async () => {
  await browser.close()
  await site.close()
})
beforeEach(async () => {
  rp = await createRelyingParty({ origin: site.origin })
})

const create = (options: object, signal?: string): Promise<Outcome<RegistrationResponseJSON>> =>
  ask(browser.page, 'create', options, signal)
const get = (options: object, signal?: string): Promise<Outcome<AuthenticationResponseJSON>> =>
  ask(browser.page, 'get', options, signal)

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
    phone = browser.newPhone({ profile })
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
    const refusing = browser.newPhone({ profile, consent: alwaysRefuse() })
    const refused = await answered(refusing, create(await rp.creationOptions()))
    expect(refused).toEqual({ error: 'NotAllowedError' })
    expect(await refusing.store.list()).toEqual([])
    const store = phone.store
    await registered(phone)
    const reluctant = browser.newPhone({ profile, store, consent: alwaysRefuse() })
    expect(await answered(reluctant, get(await rp.requestOptions()))).toEqual({ error: 'NotAllowedError' })
  })
})

test('a phone without the passkey that is named cannot sign in', async () => {
  const allowCredentials = await registered(browser.phone)
  const other = browser.newPhone({ profile: 'ios' })
  const signedIn = await answered(other, get(await rp.requestOptions({ allowCredentials })))
  expect(signedIn).toEqual({ error: 'NotAllowedError' })
})

test('a phone of the other assigned tunnel service is reached, too', async () => {
  await registered(browser.newPhone({ profile: 'ios', tunnelServiceId: 1 }))
  expect(rp.credentials).toHaveLength(1)
})

test('with hints and without, the code is on the screen at once', async () => {
  const options = { ...(await rp.creationOptions()), hints: ['hybrid'] }
  await rp.register(responseOf(await answered(browser.phone, create(options))))
  expect(rp.credentials).toHaveLength(1)
})

test('a user who closes the dialog ends the request', async () => {
  const asked = create(await rp.creationOptions())
  const phone = browser.newPhone()
  await expect(phone.scanScreen({ withinMs: 0 })).rejects.toMatchObject({ code: 'request-timeout' })
  await browser.page.waitForTimeout(BRIEFLY_MS)
  await browser.cancelDialog()
  expect(await asked).toEqual({ error: 'NotAllowedError' })
  expect(await phone.store.list()).toEqual([])
})

test('a page that gives up in time sees its own reason', async () => {
  const asked = get(await rp.requestOptions(), `AbortSignal.timeout(${BRIEFLY_MS})`)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await browser.cancelDialog()
  const scanned = browser.phone.scanScreen({ withinMs: BRIEFLY_MS })
  await expect(scanned).rejects.toMatchObject({ code: 'request-timeout' })
})

test('a phone that is left lying around until the page gives up keeps nothing', async () => {
  const phone = browser.newPhone({ profile: 'android', consent: ignoreUntilTimeout() })
  const asked = create(await rp.creationOptions(), 'AbortSignal.timeout(4000)')
  const scanned = phone.scanScreen().catch((error: unknown) => error)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await scanned
  expect(await phone.store.list()).toEqual([])
})
