import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  platformAuthenticatorIsAvailable,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import { afterEach, describe, expect, test } from 'vitest'
import { installCredentials } from '../../src/credentials/install.js'
import { createRelyingParty } from '../../src/testing/relying-party.js'
import type { RelyingParty } from '../../src/testing/relying-party.js'
import { alwaysRefuse } from '../../src/virtual/consent.js'
import { localLab, ORIGIN, phoneLab } from './lab.js'
import type { PhoneLab } from './lab.js'

let uninstall = (): void => undefined
afterEach(() => {
  uninstall()
})

function installed(...options: Parameters<typeof phoneLab>): PhoneLab {
  const lab = phoneLab(...options)
  uninstall = installCredentials(globalThis, lab.credentials)
  return lab
}

function relyingParty(): Promise<RelyingParty> {
  return createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
}

describe('@simplewebauthn/browser, unmodified', () => {
  test('registers and signs in', async () => {
    const { phone } = installed()
    const rp = await relyingParty()
    expect(browserSupportsWebAuthn()).toBe(true)

    const registration = await startRegistration({ optionsJSON: await rp.creationOptions() })
    await rp.register(registration)
    expect(await phone.store.list()).toMatchObject([{ confirmed: true }])

    const authentication = await startAuthentication({ optionsJSON: await rp.requestOptions() })
    await rp.signIn(authentication)
    expect(authentication.id).toBe(registration.id)

    const allowCredentials = [{ id: registration.id, transports: registration.response.transports ?? [] }]
    await rp.signIn(await startAuthentication({ optionsJSON: await rp.requestOptions({ allowCredentials }) }))
  })

  test('asks what there is', async () => {
    installed()
    expect(await browserSupportsWebAuthnAutofill()).toBe(false)
    expect(await platformAuthenticatorIsAvailable()).toBe(false)
    uninstall()
    uninstall = installCredentials(globalThis, localLab().credentials)
    expect(await platformAuthenticatorIsAvailable()).toBe(true)
  })

  test('knows a passkey that is there already', async () => {
    installed()
    const rp = await relyingParty()
    const { id } = await rp.register(await startRegistration({ optionsJSON: await rp.creationOptions() }))
    const optionsJSON = await rp.creationOptions({ excludeCredentials: [{ id }] })
    await expect(startRegistration({ optionsJSON })).rejects.toMatchObject({
      code: 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED',
    })
  })

  test('hears of a refusal, and of an RP ID of others', async () => {
    installed({}, { consent: alwaysRefuse() })
    const rp = await relyingParty()
    const optionsJSON = await rp.creationOptions()
    await expect(startRegistration({ optionsJSON })).rejects.toMatchObject({ name: 'NotAllowedError' })
    const elsewhere = { ...optionsJSON, rp: { id: 'example.org', name: 'Example' } }
    await expect(startRegistration({ optionsJSON: elsewhere })).rejects.toMatchObject({
      code: 'ERROR_INVALID_RP_ID',
    })
  })

  test('aborts a ceremony for the next one', async () => {
    let first: (() => void) | undefined
    const shown = new Promise<void>(resolve => {
      first = resolve
    })
    const { phone, credentials } = phoneLab({
      onQr: qr => {
        if (first === undefined) void phone.scan(qr.url)
        first?.()
        first = undefined
      },
    })
    uninstall = installCredentials(globalThis, credentials)
    const rp = await relyingParty()
    const abandoned = startRegistration({ optionsJSON: await rp.creationOptions() })
    const refused = expect(abandoned).rejects.toMatchObject({ code: 'ERROR_CEREMONY_ABORTED' })
    await shown
    await rp.register(await startRegistration({ optionsJSON: await rp.creationOptions() }))
    await refused
    WebAuthnAbortService.cancelCeremony()
  })
})
