import { p256 } from '@noble/curves/nist.js'
import { createHash } from 'node:crypto'
import { encodeBase64url } from '../../../src/bytes/base64url.js'
import { concatBytes } from '../../../src/bytes/bytes.js'
import { decodeHex } from '../../../src/bytes/hex.js'
import { decodeUtf8 } from '../../../src/bytes/utf8.js'
import { decodeAuthenticatorData } from '../../../src/ctap/authenticator-data.js'
import { COSE_ALGORITHM, COSE_CURVE, encodeCoseKey } from '../../../src/ctap/cose-key.js'
import { decodeGetAssertionResponse } from '../../../src/ctap/get-assertion.js'
import type { AuthenticationResponseJSON } from '../../../src/index.js'
import { chromiumCreate, chromiumGet, iosGet } from '../../ctap/recorded.js'
import type { Answers } from './flows.js'
import type { PasskeyRecord, SignInQuestion } from './question.js'

const COORDINATE_BYTES = 32

interface ClientData {
  readonly challenge: string
  readonly origin: string
}

const parsed = (clientDataJSON: Uint8Array): ClientData =>
  JSON.parse(decodeUtf8(clientDataJSON)) as ClientData

/** A member of what a page was given. */
function member(page: Readonly<Record<string, string>>, name: string): Uint8Array {
  return decodeHex(page[name] ?? '')
}

function base64urlOf(page: Readonly<Record<string, string>>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, encodeBase64url(member(page, name))]))
}

const credentialOf = (
  id: string,
): Pick<AuthenticationResponseJSON, 'id' | 'rawId' | 'type' | 'authenticatorAttachment'> => ({
  id,
  rawId: id,
  type: 'public-key',
  authenticatorAttachment: 'cross-platform',
})

/** What Chromium 156 gave to a page, against a simulated phone. */
export function chromiumAnswers(): Answers {
  const { page: created } = chromiumCreate
  const { page: got } = chromiumGet
  const creation = parsed(member(created, 'clientDataJSON'))
  const request = parsed(member(got, 'clientDataJSON'))
  const id = encodeBase64url(member(created, 'rawId'))
  const user = encodeBase64url(member(got, 'userHandle'))
  const expected = { origin: creation.origin, userVerified: true, user }
  const attestation = base64urlOf(
    created,
    'clientDataJSON',
    'attestationObject',
    'authenticatorData',
    'publicKey',
  )
  const assertion = base64urlOf(got, 'clientDataJSON', 'authenticatorData', 'signature', 'userHandle')
  return {
    format: 'none',
    registration: {
      ...expected,
      roots: [],
      options: {
        challenge: creation.challenge,
        rp: { id: 'localhost', name: 'Example' },
        user: { id: user, name: 'alice@example.org', displayName: 'Alice' },
        pubKeyCredParams: [{ type: 'public-key', alg: COSE_ALGORITHM.es256 }],
      },
      response: {
        ...credentialOf(id),
        response: {
          ...attestation,
          transports: ['hybrid', 'internal'],
          publicKeyAlgorithm: COSE_ALGORITHM.es256,
        },
        clientExtensionResults: {},
      } as never,
    },
    signIn: {
      ...expected,
      roots: [],
      options: { challenge: request.challenge, rpId: 'localhost' },
      response: { ...credentialOf(id), response: assertion, clientExtensionResults: {} } as never,
    },
  }
}

/**
 * The sign-in with an iPhone. Its registration is not on record, so the public key is one that the signature leads to: that the
 * signature verifies says nothing of the iPhone’s key, and all else is as it came.
 */
export function iPhoneSignIn(): SignInQuestion {
  const clientDataJSON = member(iosGet.page, 'clientDataJSON')
  const { challenge, origin } = parsed(clientDataJSON)
  const { credential, authData, signature, user } = decodeGetAssertionResponse(iosGet.response)
  const id = encodeBase64url(credential?.id ?? new Uint8Array())
  const userHandle = encodeBase64url(user?.id ?? new Uint8Array())
  const { flags, signCount } = decodeAuthenticatorData(authData)
  const hash = createHash('sha256').update(clientDataJSON).digest()
  const record: PasskeyRecord = {
    id,
    publicKey: encodeBase64url(keyBehind(signature, concatBytes(authData, hash))),
    counter: signCount,
    backupEligible: flags.be,
    backedUp: flags.bs,
  }
  return {
    origin,
    userVerified: true,
    user: userHandle,
    record,
    roots: [],
    options: { challenge, rpId: 'example.com' },
    response: {
      ...credentialOf(id),
      response: {
        clientDataJSON: encodeBase64url(clientDataJSON),
        authenticatorData: encodeBase64url(authData),
        signature: encodeBase64url(signature),
        userHandle,
      },
      clientExtensionResults: {},
    },
  }
}

/** A COSE key under which a signature verifies. @param signature DER. */
function keyBehind(signature: Uint8Array, message: Uint8Array): Uint8Array {
  const hash = createHash('sha256').update(message).digest()
  const point = p256.Signature.fromBytes(signature, 'der').addRecoveryBit(0).recoverPublicKey(hash)
  const [, ...coordinates] = point.toBytes(false)
  return encodeCoseKey({
    type: 'ec2',
    algorithm: COSE_ALGORITHM.es256,
    curve: COSE_CURVE.p256,
    x: Uint8Array.from(coordinates.slice(0, COORDINATE_BYTES)),
    y: Uint8Array.from(coordinates.slice(COORDINATE_BYTES)),
  })
}
