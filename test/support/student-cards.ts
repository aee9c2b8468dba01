import { expect } from 'vitest'
import { makeAuthority } from '../../examples/digital-credential/authority.js'
import type { Authority, Signatory } from '../../examples/digital-credential/authority.js'
import { issueStudentCard } from '../../examples/digital-credential/issuer.js'
import { jwkOf, makeKeys } from '../../examples/digital-credential/keys.js'
import type { KeyPair } from '../../examples/digital-credential/keys.js'
import type { WalletContents } from '../../examples/digital-credential/presentation.js'
import type { Protocol, Question, VerifierOptions } from '../../examples/digital-credential/question.js'
import type { StudentCard } from '../../examples/digital-credential/student-card.js'
import { studentWallet } from '../../examples/digital-credential/wallet.js'
import { jsonMember } from '../../src/digital/members.js'
import type { JsonObject, JsonValue } from '../../src/message/json.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'

export const ORIGIN = 'https://museum.example'
export const EVIL = 'https://evil.example'
export const UNSIGNED = 'openid4vp-v1-unsigned'
export const SIGNED = 'openid4vp-v1-signed'
export const MDOC = 'org-iso-mdoc'
export const PROTOCOLS: readonly Protocol[] = [UNSIGNED, SIGNED, MDOC]
export const HOUR_MS = 3_600_000
const CLAIMS = { given_name: 'Ada', family_name: 'Lovelace', student_number: '42', birth_date: '2004-12-10' }
export const WANTED: readonly string[] = ['given_name', 'student_number']

export const cardOf = async (by: Signatory, holder: KeyPair, validForMs: number): Promise<StudentCard> =>
  issueStudentCard(by, {
    claims: CLAIMS,
    holder: await jwkOf(holder.publicKey),
    validUntil: new Date(Date.now() + validForMs),
  })

const colleges: Authority = await makeAuthority('Colleges')
const verifiers: Authority = await makeAuthority('Verifiers')
export const keys: KeyPair = await makeKeys()
export const college: Signatory = await colleges.certify('College', 'college.example')
export const museum: VerifierOptions = {
  origin: ORIGIN,
  signatory: await verifiers.certify('Museum', 'museum.example'),
  issuerRoots: [colleges.root],
}
export const card: StudentCard = await cardOf(college, keys, HOUR_MS)

interface Asking {
  readonly contents?: Partial<WalletContents>
  readonly origin?: string
  readonly agrees?: boolean
}

/** What the phone says to these requests, and how often its user was asked. */
export async function answerTo(
  requests: readonly Question['request'][],
  { contents, origin = ORIGIN, agrees = true }: Asking = {},
): Promise<{ digital: JsonValue | undefined; prompts: readonly (readonly string[])[]; reasons: string[] }> {
  const prompts: (readonly string[])[] = []
  const reasons: string[] = []
  const options = studentWallet({ card, keys, verifierRoots: [verifiers.root], ...contents }, (_, reason) =>
    reasons.push(reason.message),
  )
  const wallet = new VirtualWallet({ ...options, consent: ({ asks }) => prompts.push(asks) > 0 && agrees })
  const message = JSON.parse(
    JSON.stringify({ origin, requestType: 'credential.get', request: { digital: { requests } } }),
  ) as JsonValue
  const context = { signal: new AbortController().signal, awaitingUser: () => undefined }
  const answer = await wallet.handleJson(message, context)
  return { digital: jsonMember(jsonMember(answer, 'response'), 'digital'), prompts, reasons }
}

/** The data of an answer that gives something. */
export async function given({ request }: Question, asking?: Asking): Promise<JsonObject> {
  const { digital } = await answerTo([request], asking)
  const data = jsonMember(jsonMember(digital, 'data'), 'data')
  expect(data).toBeTypeOf('object')
  return data as JsonObject
}

export const NOTHING = { error: 'NO_CREDENTIAL' }
