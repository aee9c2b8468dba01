import { decodeBase64url, encodeBase64url } from '../../../src/bytes/base64url.js'
import { encodeCbor } from '../../../src/cbor/cbor.js'
import { cborMap } from '../../../src/cbor/value.js'
import { makeAttestationChain } from '../../support/attestation-chain.js'
import { attestationOf } from '../support/attestation.js'
import type { AttestationParts } from '../support/attestation.js'
import type { Question, RegistrationQuestion, SignInQuestion } from './question.js'

const ELSEWHERE = 'https://login.example.org'
const ANOTHER_RP_ID = 'example.org'
const AAGUID_BYTES = 16
const { root: ANOTHER_ROOT } = await makeAttestationChain(new Uint8Array(AAGUID_BYTES))

/** A question whose answer must be no. */
export interface Spoiled<Asked extends Question> {
  /** What is wrong with the response, as the relying party sees it. */
  readonly what: string
  readonly question: Asked
  /** The libraries’ own words for it. */
  readonly reason: RegExp
}

/** Whether a relying party looks at the roots that vouch for authenticators. */
export type RootHabit = 'asks for roots' | 'asks nobody'

function lastByteChanged(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...bytes.slice(0, -1), (bytes.at(-1) ?? 0) ^ 1)
}

const withLastByteChanged = (encoded: string): string =>
  encodeBase64url(lastByteChanged(decodeBase64url(encoded)))

function common<Asked extends Question>(asked: Asked): Spoiled<Asked>[] {
  const challenge = withLastByteChanged(asked.options.challenge)
  return [
    {
      what: 'challenge',
      question: { ...asked, options: { ...asked.options, challenge } },
      reason: /challenge/i,
    },
    { what: 'origin', question: { ...asked, origin: ELSEWHERE }, reason: /origin/i },
  ]
}

const RP_ID_REASON = /rp ?(id|hash)/i
const SIGNATURE_REASON = /signature/i
const ROOT_REASON = /certificate|root|chain|trust|x5c/i
const VERIFICATION_REASON = /user[ _]?(was )?(not |could not be )?verif|user verification|UVFlag/i

function unverified<Asked extends Question>(asked: Asked): Spoiled<Asked>[] {
  const question = { ...asked, userVerified: true }
  return asked.userVerified ? [] : [{ what: 'user verification', question, reason: VERIFICATION_REASON }]
}

/** A registration with one thing wrong at a time. */
export function spoiledRegistrations(
  asked: RegistrationQuestion,
  habit: RootHabit,
): Spoiled<RegistrationQuestion>[] {
  const { options } = asked
  const rp = { ...options.rp, id: ANOTHER_RP_ID }
  return [
    ...common(asked),
    { what: 'RP ID', question: { ...asked, options: { ...options, rp } }, reason: RP_ID_REASON },
    ...unverified(asked),
    ...attestedWrongly(asked, habit),
  ]
}

function attestedWrongly(asked: RegistrationQuestion, habit: RootHabit): Spoiled<RegistrationQuestion>[] {
  const { response } = asked
  const attestation = attestationOf(response.response.attestationObject)
  if (!attestation.statement.has('sig')) return []
  const attestationObject = withSignatureChanged(attestation)
  const changed = { ...response, response: { ...response.response, attestationObject } }
  const isVouchedFor = attestation.statement.has('x5c') && habit === 'asks for roots'
  return [
    { what: 'signature', question: { ...asked, response: changed }, reason: SIGNATURE_REASON },
    ...(isVouchedFor
      ? [{ what: 'root', question: { ...asked, roots: [ANOTHER_ROOT] }, reason: ROOT_REASON }]
      : []),
  ]
}

function withSignatureChanged({ fmt, statement, authData }: AttestationParts): string {
  const sig = Uint8Array.from(statement.get('sig') as Uint8Array)
  const attStmt = cborMap([...statement, ['sig', lastByteChanged(sig)]])
  return encodeBase64url(
    encodeCbor(
      cborMap([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    ),
  )
}

/** A sign-in with one thing wrong at a time. */
export function spoiledSignIns(asked: SignInQuestion): Spoiled<SignInQuestion>[] {
  const { options, response } = asked
  const signature = withLastByteChanged(response.response.signature)
  return [
    ...common(asked),
    {
      what: 'RP ID',
      question: { ...asked, options: { ...options, rpId: ANOTHER_RP_ID } },
      reason: RP_ID_REASON,
    },
    ...unverified(asked),
    {
      what: 'signature',
      question: { ...asked, response: { ...response, response: { ...response.response, signature } } },
      reason: SIGNATURE_REASON,
    },
  ]
}
