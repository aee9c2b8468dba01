import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { cases } from '../support/cases.js'
import { createTestPhone, registered, signedIn } from '../support/virtual-phone.js'

interface Recording {
  readonly call: string
  readonly frames: readonly { readonly from: string; readonly message: string }[]
  readonly credential: { readonly clientDataJSON: string }
}

const TYPE_BYTES = 1
const sessions = cases<Recording>('chromium-156', 'sessions')

/** What Chromium sent: the request, and the client data it stands for. */
function recorded(call: string): { request: Uint8Array; clientDataJSON: Buffer; expected: RelyingParty } {
  const session = sessions.find(one => one.call === call)
  const frame = session?.frames.find(({ from }) => from === 'client')
  const clientDataJSON = Buffer.from(session?.credential.clientDataJSON ?? '', 'hex')
  const { challenge, origin } = JSON.parse(clientDataJSON.toString()) as { challenge: string; origin: string }
  return {
    request: Uint8Array.from(Buffer.from(frame?.message ?? '', 'hex')).slice(TYPE_BYTES),
    clientDataJSON,
    expected: { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: 'localhost' },
  }
}

interface RelyingParty {
  readonly expectedChallenge: string
  readonly expectedOrigin: string
  readonly expectedRPID: string
}

describe('requests recorded from Chromium 156', () => {
  it('are answered so that a relying party verifies registration and sign-in', async () => {
    const phone = createTestPhone()
    const create = recorded('create')
    const response = await phone.send(create.request)
    const { id } = registered(response, 'localhost')
    const {
      fmt,
      attStmt = cborMap([]),
      authData,
    } = decodeMakeCredentialResponse(response ?? new Uint8Array())
    const attestationObject = encodeCbor(
      cborMap([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    )
    const registration = await verifyRegistrationResponse({
      ...create.expected,
      response: {
        id: encodeBase64url(id),
        rawId: encodeBase64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: create.clientDataJSON.toString('base64url'),
          attestationObject: encodeBase64url(attestationObject),
        },
      },
    })
    expect(registration).toMatchObject({
      verified: true,
      registrationInfo: { fmt: 'none', userVerified: true, credentialDeviceType: 'singleDevice' },
    })
    const credential = registration.registrationInfo?.credential
    if (credential === undefined) throw new Error('not registered')

    const get = recorded('get')
    const assertion = signedIn(await phone.send(get.request))
    const authentication = await verifyAuthenticationResponse({
      ...get.expected,
      credential,
      response: {
        id: encodeBase64url(id),
        rawId: encodeBase64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: get.clientDataJSON.toString('base64url'),
          authenticatorData: encodeBase64url(assertion.authData),
          signature: encodeBase64url(assertion.signature),
        },
      },
    })
    expect(authentication).toMatchObject({
      verified: true,
      authenticationInfo: { newCounter: 1, userVerified: true, rpID: 'localhost' },
    })
    expect(assertion.user).toEqual({
      id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      name: 'alice@example.org',
      displayName: 'Alice',
    })
  })

  it('for a sign-in find nothing on a new phone', async () => {
    expect(await createTestPhone().send(recorded('get').request)).toEqual(Uint8Array.of(0x2e))
  })
})
