import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { beforeEach, expect, test } from 'vitest'
import { commands } from 'vitest/browser'

/** A site verifies the answer, and so has challenges that nobody can guess. */
const CHALLENGE = 'AAAAAAAAAAAAAAAAAAAAAA'
const OPTIONS: PublicKeyCredentialCreationOptionsJSON = {
  rp: { name: 'Example', id: 'localhost' },
  user: { id: 'AQID', name: 'ada', displayName: 'Ada' },
  challenge: CHALLENGE,
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
}

beforeEach(() => commands.takePhone('ios'))

test('registers and signs in', async () => {
  const { id } = await startRegistration({ optionsJSON: OPTIONS })
  expect(await commands.passkeysOnPhone()).toMatchObject([{ id, rpId: 'localhost', userName: 'ada' }])
  const signedIn = await startAuthentication({ optionsJSON: { challenge: CHALLENGE } })
  expect(signedIn.id).toBe(id)
})

test('a person refuses', async () => {
  await commands.refuseOnPhone()
  await expect(startRegistration({ optionsJSON: OPTIONS })).rejects.toMatchObject({ name: 'NotAllowedError' })
  expect(await commands.passkeysOnPhone()).toEqual([])
})
