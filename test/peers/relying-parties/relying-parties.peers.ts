import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../../src/bytes/base64url.js'
import { decodeAuthenticatorData } from '../../../src/ctap/authenticator-data.js'
import { attestationOf } from '../support/attestation.js'
import { describePeer } from '../support/peer.js'
import { answersOf, FLOWS, POST_QUANTUM_FLOWS } from './flows.js'
import type { Answers } from './flows.js'
import { LIBRARIES } from './libraries.js'
import type { Library } from './libraries.js'
import type { PasskeyRecord, RegistrationQuestion, RelyingPartyPeer, SignInQuestion } from './question.js'
import { chromiumAnswers, iPhoneSignIn } from './recorded.js'
import { spoiledRegistrations, spoiledSignIns } from './spoiled.js'

type Play = readonly [name: string, play: () => Promise<Answers> | Answers]

const CELLS: readonly Play[] = [
  ...FLOWS.map(([name, flow]) => [name, () => answersOf(flow)] as const),
  ['what Chromium 156 gave to a page, as recorded', chromiumAnswers],
]

/** Each flow is played once, for all libraries. */
const played = new Map<string, Promise<Answers> | Answers>()
function answersTo(name: string, play: () => Promise<Answers> | Answers): Promise<Answers> | Answers {
  const answers = played.get(name) ?? play()
  played.set(name, answers)
  return answers
}

for (const library of LIBRARIES) {
  describePeer(library, () => {
    let party: RelyingPartyPeer
    beforeAll(() => {
      party = library.open()
    })
    afterAll(() => party.close())

    describe('registers and signs in, and refuses both with one thing wrong', () => {
      const taken = async ([name, play]: Play): Promise<void> => {
        const { registration, signIn, format } = await answersTo(name, play)
        const record = await takenRegistration(library, party, registration, format)
        await takenSignIn(party, { ...signIn, record })
      }
      for (const cell of CELLS) test(cell[0], () => taken(cell))
      for (const [name, flow] of POST_QUANTUM_FLOWS)
        test(name, async context => {
          context.skip(library.lacksMlDsa !== undefined, library.lacksMlDsa)
          await taken([name, () => answersOf(flow)])
        })
    })

    test('takes what an iPhone signed, as recorded, and refuses it with one thing wrong', () =>
      takenSignIn(party, iPhoneSignIn()))
  })
}

async function takenRegistration(
  { roots }: Library,
  party: RelyingPartyPeer,
  asked: RegistrationQuestion,
  format: string,
): Promise<PasskeyRecord> {
  const record = recordIn(asked.response.response.attestationObject)
  expect(await party.judge(asked)).toEqual({ format, record })
  for (const { what, question, reason } of spoiledRegistrations(asked, roots))
    expect(await party.judge(question), what).toEqual({ refused: expect.stringMatching(reason) as string })
  return record
}

/** The passkey as our own decoders read it. */
function recordIn(attestationObject: string): PasskeyRecord {
  const { flags, signCount, attestedCredential } = decodeAuthenticatorData(
    attestationOf(attestationObject).authData,
  )
  return {
    id: encodeBase64url(attestedCredential?.credentialId ?? new Uint8Array()),
    publicKey: encodeBase64url(attestedCredential?.publicKey ?? new Uint8Array()),
    counter: signCount,
    backupEligible: flags.be,
    backedUp: flags.bs,
  }
}

async function takenSignIn(party: RelyingPartyPeer, asked: SignInQuestion): Promise<void> {
  expect(await party.judge(asked)).toMatchObject({ id: asked.response.id })
  for (const { what, question, reason } of spoiledSignIns(asked))
    expect(await party.judge(question), what).toEqual({ refused: expect.stringMatching(reason) as string })
}
