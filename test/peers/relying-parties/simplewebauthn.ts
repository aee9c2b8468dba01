import {
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeBase64url, encodeBase64url } from '../../../src/bytes/base64url.js'
import type {
  Question,
  RegistrationQuestion,
  RegistrationVerdict,
  RelyingPartyPeer,
  SignInQuestion,
  SignInVerdict,
} from './question.js'

/** `@simplewebauthn/server`, in this process. */
export function simpleWebAuthn(): RelyingPartyPeer {
  const judge = async (question: Question): Promise<never> => {
    try {
      return (await ('record' in question ? signIn(question) : register(question))) as never
    } catch (error) {
      return { refused: String(error) } as never
    }
  }
  return { judge, close: () => Promise.resolve() }
}

async function register(question: RegistrationQuestion): Promise<RegistrationVerdict> {
  const { options, response, origin, userVerified, roots } = question
  SettingsService.setRootCertificates({ identifier: 'packed', certificates: [...roots] })
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: options.rp.id ?? '',
    requireUserVerification: userVerified,
    supportedAlgorithmIDs: options.pubKeyCredParams.map(({ alg }) => alg),
  })
  if (!verified) return { refused: 'the signature of the attestation does not verify' }
  const { credential, fmt, credentialDeviceType, credentialBackedUp } = registrationInfo
  return {
    format: fmt,
    record: {
      id: credential.id,
      publicKey: encodeBase64url(credential.publicKey),
      counter: credential.counter,
      backupEligible: credentialDeviceType === 'multiDevice',
      backedUp: credentialBackedUp,
    },
  }
}

async function signIn(question: SignInQuestion): Promise<SignInVerdict> {
  const { options, response, origin, userVerified, record } = question
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    credential: { ...record, publicKey: Uint8Array.from(decodeBase64url(record.publicKey)) },
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: options.rpId,
    requireUserVerification: userVerified,
  })
  if (!verified) return { refused: 'the signature does not verify' }
  return { id: authenticationInfo.credentialID, counter: authenticationInfo.newCounter }
}
