import { describe, expect, test } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { CredentialClient } from '../../src/credentials/credential-client.js'
import {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
  Credential,
  CredentialsContainer,
  PublicKeyCredential,
} from '../../src/credentials.js'
import { createTestPhone } from '../support/virtual-phone.js'
import { localLab, neverAnswers, ORIGIN, phoneLab } from './lab.js'

describe('static methods', () => {
  test('a phone gives what some phone can do; conditional-mediation', async () => {
    const { PublicKeyCredential: type } = phoneLab().credentials
    expect(await type.getClientCapabilities()).toEqual({
      conditionalCreate: false,
      conditionalGet: false,
      'extension:credProps': true,
      'extension:largeBlob': true,
      'extension:prf': true,
      'extension:remoteClientDataJSON': false,
      hybridTransport: true,
      passkeyPlatformAuthenticator: true,
      relatedOrigins: false,
      signalAllAcceptedCredentials: false,
      signalCurrentUserDetails: false,
      signalUnknownCredential: false,
      userVerifyingPlatformAuthenticator: false,
    })
    expect(await type.isUserVerifyingPlatformAuthenticatorAvailable()).toBe(false)
    expect(await type.isConditionalMediationAvailable()).toBe(false)
  })

  test('this device gives what its authenticator can do, and several what any can', async () => {
    const { phone } = createTestPhone()
    const local = new LocalClient({ authenticator: phone })
    const fetchRelatedOrigins = neverAnswers
    const { PublicKeyCredential: type } = createCredentials({
      client: local,
      origin: ORIGIN,
      fetchRelatedOrigins,
    })
    expect(await type.getClientCapabilities()).toMatchObject({
      hybridTransport: false,
      relatedOrigins: true,
      signalUnknownCredential: true,
      userVerifyingPlatformAuthenticator: true,
    })
    expect(await type.isUserVerifyingPlatformAuthenticatorAvailable()).toBe(true)
    const far: CredentialClient = { create: neverAnswers, get: neverAnswers }
    const clients = [
      { name: 'a', client: local },
      { name: 'b', client: far },
    ]
    const both = await createCredentials({
      clients,
      origin: ORIGIN,
    }).PublicKeyCredential.getClientCapabilities()
    expect(both).toMatchObject({ hybridTransport: true, signalUnknownCredential: true })
  })

  test('a signal over hybrid resolves, its origin checked', async () => {
    const { PublicKeyCredential: type } = phoneLab().credentials
    const credentialId = 'AQID'
    await type.signalUnknownCredential({ rpId: 'example.com', credentialId })
    await type.signalUnknownCredential({ rpId: 'login.example.com', credentialId })
    for (const rpId of ['com', 'example.org', 'xample.com']) {
      const refused = type.signalUnknownCredential({ rpId, credentialId })
      await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
    }
  })

  test('a signal says to a client where it comes from', async () => {
    const told: unknown[] = []
    const client: CredentialClient = {
      create: neverAnswers,
      get: neverAnswers,
      signalCurrentUserDetails: (options, { origin }) => {
        told.push([options, origin])
        return Promise.resolve()
      },
    }
    const { PublicKeyCredential: type } = createCredentials({ client, origin: ORIGIN })
    const details = { rpId: 'example.com', userId: 'AQ', name: 'ada', displayName: 'Ada' }
    await type.signalCurrentUserDetails({ ...details, ...{ icon: 'x' } })
    expect(told).toEqual([[details, ORIGIN]])
  })

  test('a suffix that many share is refused on this device', async () => {
    const { credentials } = localLab({ origin: 'https://ada.github.io' })
    const signal = credentials.PublicKeyCredential.signalUnknownCredential({
      rpId: 'github.io',
      credentialId: 'AQ',
    })
    await expect(signal).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

test('only the library makes objects of the classes', () => {
  const classes = [
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorResponse,
    Credential,
    CredentialsContainer,
    PublicKeyCredential,
    localLab().credentials.PublicKeyCredential,
  ]
  for (const type of classes)
    expect(() => Reflect.construct(type, [Symbol('inside'), {}]) as unknown).toThrow('Illegal constructor')
})
