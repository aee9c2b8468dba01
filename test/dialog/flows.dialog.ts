import { beforeEach, describe, expect, test } from 'vitest'
import type { AirPhone } from '../../src/page.js'
import { alwaysRefuse, ignoreUntilTimeout } from '../../src/testing.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { PhoneProfileName } from '../../src/virtual.js'
import { answered, responseOf, useCeremonies } from './ceremonies.js'

const PROFILES = Object.keys(PHONE_PROFILES) as PhoneProfileName[]
/** On the screen for this long, a dialog that nobody answers would be seen. */
const BRIEFLY_MS = 1500

const page = useCeremonies()

describe.each(PROFILES)('with a phone like %s', profile => {
  let phone: AirPhone
  beforeEach(() => {
    phone = page.browser.newPhone({ profile })
  })

  test('a page registers a passkey, and signs in with whichever the phone has', async () => {
    const [passkey] = await page.registered(phone)
    const signedIn = await answered(phone, page.get(await page.rp.requestOptions()))
    expect((await page.rp.signIn(responseOf(signedIn))).id).toBe(passkey?.id)
    expect(await phone.store.list()).toMatchObject([{ rpId: 'localhost', confirmed: true }])
  })

  test('a page signs in with a passkey that it names', async () => {
    const allowCredentials = await page.registered(phone)
    const signedIn = await answered(phone, page.get(await page.rp.requestOptions({ allowCredentials })))
    expect((await page.rp.signIn(responseOf(signedIn))).id).toBe(allowCredentials[0]?.id)
  })

  test('a passkey that the page excludes is not made again', async () => {
    const excludeCredentials = await page.registered(phone)
    const again = await answered(phone, page.create(await page.rp.creationOptions({ excludeCredentials })))
    expect(again).toEqual({ error: 'InvalidStateError' })
    expect(await phone.store.list()).toHaveLength(1)
  })

  test('a user who refuses on the phone ends registration and sign-in', async () => {
    const refusing = page.browser.newPhone({ profile, consent: alwaysRefuse() })
    const refused = await answered(refusing, page.create(await page.rp.creationOptions()))
    expect(refused).toEqual({ error: 'NotAllowedError' })
    expect(await refusing.store.list()).toEqual([])
    const store = phone.store
    await page.registered(phone)
    const reluctant = page.browser.newPhone({ profile, store, consent: alwaysRefuse() })
    expect(await answered(reluctant, page.get(await page.rp.requestOptions()))).toEqual({
      error: 'NotAllowedError',
    })
  })
})

test('a phone without the passkey that is named cannot sign in', async () => {
  const allowCredentials = await page.registered(page.browser.phone)
  const other = page.browser.newPhone({ profile: 'ios' })
  const signedIn = await answered(other, page.get(await page.rp.requestOptions({ allowCredentials })))
  expect(signedIn).toEqual({ error: 'NotAllowedError' })
})

test('a phone of the other assigned tunnel service is reached, too', async () => {
  await page.registered(page.browser.newPhone({ profile: 'ios', tunnelServiceId: 1 }))
  expect(page.rp.credentials).toHaveLength(1)
})

test('with hints and without, the code is on the screen at once', async () => {
  const options = { ...(await page.rp.creationOptions()), hints: ['hybrid'] }
  await page.rp.register(responseOf(await answered(page.browser.phone, page.create(options))))
  expect(page.rp.credentials).toHaveLength(1)
})

test('a user who closes the dialog ends the request', async () => {
  const asked = page.create(await page.rp.creationOptions())
  const phone = page.browser.newPhone()
  await expect(phone.scanScreen({ withinMs: 0 })).rejects.toMatchObject({ code: 'request-timeout' })
  await page.browser.page.waitForTimeout(BRIEFLY_MS)
  await page.browser.cancelDialog()
  expect(await asked).toEqual({ error: 'NotAllowedError' })
  expect(await phone.store.list()).toEqual([])
})

test('a page that gives up in time sees its own reason', async () => {
  const asked = page.get(await page.rp.requestOptions(), `AbortSignal.timeout(${BRIEFLY_MS})`)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await page.browser.cancelDialog()
  const scanned = page.browser.phone.scanScreen({ withinMs: BRIEFLY_MS })
  await expect(scanned).rejects.toMatchObject({ code: 'request-timeout' })
})

test('a phone that is left lying around until the page gives up keeps nothing', async () => {
  const phone = page.browser.newPhone({ profile: 'android', consent: ignoreUntilTimeout() })
  const asked = page.create(await page.rp.creationOptions(), 'AbortSignal.timeout(4000)')
  const scanned = phone.scanScreen().catch((error: unknown) => error)
  expect(await asked).toEqual({ error: 'TimeoutError' })
  await scanned
  expect(await phone.store.list()).toEqual([])
})
