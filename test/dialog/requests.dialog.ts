import { describe, expect, test } from 'vitest'
import { alwaysRefuse } from '../../src/testing.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { PhoneProfileName } from '../../src/virtual.js'
import { attestationOf } from '../peers/support/attestation.js'
import { random } from '../support/virtual-phone.js'
import { answered, responseOf, useCeremonies } from './ceremonies.js'

const LONG_LIST = 64
const ID_BYTES = 64

const PROFILES = Object.keys(PHONE_PROFILES) as PhoneProfileName[]

const page = useCeremonies()
const others = Array.from({ length: LONG_LIST - 1 }, () => ({
  id: Buffer.from(random.bytes(ID_BYTES)).toString('base64url'),
}))

describe.each(PROFILES)('a phone like %s', profile => {
  test(`finds its passkey at the end of a list of ${LONG_LIST}`, async () => {
    const phone = page.browser.newPhone({ profile })
    const allowCredentials = [...others, ...(await page.registered(phone))]
    const signedIn = await answered(phone, page.get(await page.rp.requestOptions({ allowCredentials })))
    expect((await page.rp.signIn(responseOf(signedIn))).id).toBe(allowCredentials.at(-1)?.id)
  })

  test(`knows one that a list of ${LONG_LIST} excludes, and makes one where the list has others`, async () => {
    const phone = page.browser.newPhone({ profile })
    const made = await answered(
      phone,
      page.create(await page.rp.creationOptions({ excludeCredentials: others })),
    )
    const excludeCredentials = [...others, { id: responseOf(made).id }]
    const again = await answered(phone, page.create(await page.rp.creationOptions({ excludeCredentials })))
    expect(again).toEqual({ error: 'InvalidStateError' })
  })
})

test.each([
  ['ES256', -7],
  ['EdDSA', -8],
  ['RS256', -257],
])('a passkey of %s is attested by itself', async (_, algorithm) => {
  const phone = page.browser.newPhone({ attestation: { format: 'packed' } })
  const options = await page.rp.creationOptions({
    supportedAlgorithmIDs: [algorithm],
    attestationType: 'direct',
  })
  const made = responseOf(await answered(phone, page.create(options)))
  expect(attestationOf(made.response.attestationObject).fmt).toBe('packed')
  await page.rp.register(made)
  await page.rp.signIn(responseOf(await answered(phone, page.get(await page.rp.requestOptions()))))
})

test('of two accounts the phone’s user chooses one', async () => {
  const phone = page.browser.newPhone()
  for (const userName of ['ada', 'grace']) {
    const options = await page.rp.creationOptions({
      userName,
      userID: Uint8Array.from(Buffer.from(userName)),
    })
    await page.rp.register(responseOf(await answered(phone, page.create(options))))
  }
  const { store } = phone
  const second = page.browser.newPhone({
    store,
    consent: { ask: () => Promise.resolve({ approved: true, userVerified: true, account: 1 }) },
  })
  const { response } = responseOf(await answered(second, page.get(await page.rp.requestOptions())))
  expect(Buffer.from(response.userHandle ?? '', 'base64url').toString()).toBe('ada')
})

test.each(PROFILES)('the patience of a phone like %s ends', async profile => {
  const phone = page.browser.newPhone({ profile, consent: alwaysRefuse('timeout') })
  const made = await answered(phone, page.create(await page.rp.creationOptions()))
  expect(made).toEqual({ error: 'NotAllowedError' })
  expect(await phone.store.list()).toEqual([])
})
