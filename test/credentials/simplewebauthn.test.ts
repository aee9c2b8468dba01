import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { afterEach, expect, test } from 'vitest'
import { installCredentials } from '../../src/credentials/install.js'
import { createRelyingParty } from '../../src/testing/relying-party.js'
import { ORIGIN, phoneLab } from './lab.js'

let uninstall = (): void => undefined
afterEach(() => uninstall())

test('@simplewebauthn/browser registers and signs in', async () => {
  const { credentials, phone } = phoneLab()
  uninstall = installCredentials(globalThis, credentials)
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })

  const registration = await startRegistration({ optionsJSON: await rp.creationOptions() })
  await rp.register(registration)
  expect(await phone.store.list()).toHaveLength(1)

  const authentication = await startAuthentication({ optionsJSON: await rp.requestOptions() })
  await rp.signIn(authentication)
  expect(authentication.id).toBe(registration.id)
})
