import { describe, expect, test } from 'vitest'
import { LocalClient } from '../../src/index.js'
import type { AirPhone } from '../../src/page.js'
import { alwaysApprove, PHONE_PROFILES, VirtualAuthenticator } from '../../src/virtual.js'
import type { PhoneProfileName } from '../../src/virtual.js'
import { random } from '../support/virtual-phone.js'
import { answered, responseOf, useCeremonies } from './ceremonies.js'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const PRF = { eval: { first: base64url('first'), second: base64url('second') } }
const page = useCeremonies()

/** Registers with extensions. @returns what the page hears of them, and the list that names the passkey. */
async function registered(
  phone: AirPhone,
  extensions: object,
): Promise<{ readonly outputs: unknown; readonly allowCredentials: { id: string }[] }> {
  const options = { ...(await page.rp.creationOptions()), extensions }
  const response = responseOf(await answered(phone, page.create(options)))
  const { id } = await page.rp.register(response)
  return { outputs: response.clientExtensionResults, allowCredentials: [{ id }] }
}

/** Signs in with extensions. @returns what the page hears of them. */
async function signedIn(
  phone: AirPhone,
  allowCredentials: { id: string }[],
  extensions: object,
): Promise<unknown> {
  const options = { ...(await page.rp.requestOptions({ allowCredentials })), extensions }
  const response = responseOf(await answered(phone, page.get(options)))
  await page.rp.signIn(response)
  return response.clientExtensionResults
}

/** What our own client gets from the same passkeys. */
async function ours(phone: AirPhone, extensions: object): Promise<unknown> {
  const authenticator = new VirtualAuthenticator({ store: phone.store, consent: alwaysApprove(), random })
  const options = { ...(await page.rp.requestOptions()), extensions }
  const { clientExtensionResults } = await new LocalClient({ authenticator }).get(options, {
    origin: page.rp.origin,
  })
  return clientExtensionResults
}

describe.each(Object.keys(PHONE_PROFILES) as PhoneProfileName[])('with a phone like %s', profile => {
  test('prf gives what our own client gets, at registration and at sign-in', async () => {
    const phone = page.browser.newPhone({ profile })
    const { outputs, allowCredentials } = await registered(phone, { prf: PRF })
    const theirs = await signedIn(phone, allowCredentials, { prf: PRF })
    expect(theirs).toEqual(await ours(phone, { prf: PRF }))
    expect(outputs).toEqual({ prf: { enabled: true, ...(theirs as { prf: object }).prf } })
  })
})

test('prf has inputs for each passkey', async () => {
  const phone = page.browser.newPhone({ profile: 'ios' })
  const { allowCredentials } = await registered(phone, { prf: {} })
  const evalByCredential = { [allowCredentials[0]?.id ?? '']: PRF.eval }
  const other = { first: base64url('other') }
  expect(await signedIn(phone, allowCredentials, { prf: { eval: other, evalByCredential } })).toEqual(
    await ours(phone, { prf: PRF }),
  )
})

test('credProps says that the passkey is discoverable, and credProtect reaches the phone', async () => {
  const phone = page.browser.newPhone()
  const extensions = {
    credProps: true,
    credentialProtectionPolicy: 'userVerificationRequired',
    enforceCredentialProtectionPolicy: true,
  }
  expect((await registered(phone, extensions)).outputs).toEqual({ credProps: { rk: true } })
  expect(await phone.store.list()).toMatchObject([{ credProtect: 3 }])
})

test.each(['generic', 'ios'] as const)('a phone like %s keeps a large blob', async profile => {
  const phone = page.browser.newPhone({ profile })
  const { outputs, allowCredentials } = await registered(phone, { largeBlob: { support: 'required' } })
  expect(outputs).toEqual({ largeBlob: { supported: true } })
  const blob = base64url('a large blob')
  expect(await signedIn(phone, allowCredentials, { largeBlob: { write: blob } })).toEqual({
    largeBlob: { written: true },
  })
  expect(await signedIn(phone, allowCredentials, { largeBlob: { read: true } })).toEqual({
    largeBlob: { blob },
  })
})
