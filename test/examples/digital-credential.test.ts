import { createHash } from 'node:crypto'
import { CoseKey, DeviceRequest, Holder, IssuerSigned } from '@owf/mdoc'
import { decodeJwt, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { seal, sessionTranscript } from '../../examples/digital-credential/annex-c.js'
import { makeAuthority } from '../../examples/digital-credential/authority.js'
import type { Authority, Signatory } from '../../examples/digital-credential/authority.js'
import { runWalletDemo } from '../../examples/digital-credential/demo.js'
import { issueStudentCard } from '../../examples/digital-credential/issuer.js'
import { jwkOf, makeKeys } from '../../examples/digital-credential/keys.js'
import type { KeyPair } from '../../examples/digital-credential/keys.js'
import { mdocContext } from '../../examples/digital-credential/mdoc-context.js'
import type { WalletContents } from '../../examples/digital-credential/presentation.js'
import type { Protocol, Question, VerifierOptions } from '../../examples/digital-credential/question.js'
import { presenting } from '../../examples/digital-credential/sd-jwt.js'
import type { StudentCard } from '../../examples/digital-credential/student-card.js'
import { ask } from '../../examples/digital-credential/verifier.js'
import { studentWallet } from '../../examples/digital-credential/wallet.js'
import { jsonMember } from '../../src/digital/members.js'
import type { JsonObject, JsonValue } from '../../src/message/json.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'

const ORIGIN = 'https://museum.example'
const EVIL = 'https://evil.example'
const UNSIGNED = 'openid4vp-v1-unsigned'
const SIGNED = 'openid4vp-v1-signed'
const MDOC = 'org-iso-mdoc'
const PROTOCOLS: readonly Protocol[] = [UNSIGNED, SIGNED, MDOC]
const HOUR_MS = 3_600_000
const CLAIMS = { given_name: 'Ada', family_name: 'Lovelace', student_number: '42', birth_date: '2004-12-10' }
const WANTED = ['given_name', 'student_number']

let colleges: Authority
let verifiers: Authority
let college: Signatory
let museum: VerifierOptions
let keys: KeyPair
let card: StudentCard

const cardOf = async (by: Signatory, holder: KeyPair, validForMs: number): Promise<StudentCard> =>
  issueStudentCard(by, {
    claims: CLAIMS,
    holder: await jwkOf(holder.publicKey),
    validUntil: new Date(Date.now() + validForMs),
  })

beforeAll(async () => {
  ;[colleges, verifiers, keys] = await Promise.all([
    makeAuthority('Colleges'),
    makeAuthority('Verifiers'),
    makeKeys(),
  ])
  college = await colleges.certify('College', 'college.example')
  museum = {
    origin: ORIGIN,
    signatory: await verifiers.certify('Museum', 'museum.example'),
    issuerRoots: [colleges.root],
  }
  card = await cardOf(college, keys, HOUR_MS)
})

interface Asking {
  readonly contents?: Partial<WalletContents>
  readonly origin?: string
  readonly agrees?: boolean
}

/** What the phone says to these requests, and how often its user was asked. */
async function answerTo(
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
async function given({ request }: Question, asking?: Asking): Promise<JsonObject> {
  const { digital } = await answerTo([request], asking)
  const data = jsonMember(jsonMember(digital, 'data'), 'data')
  expect(data).toBeTypeOf('object')
  return data as JsonObject
}

const NOTHING = { error: 'NO_CREDENTIAL' }

test('the example: each protocol, by the client and by the container, then two refusals', async () => {
  const told: string[] = []
  await runWalletDemo((who, ...lines) => told.push(`${who}: ${lines.join('\n')}`))
  const shown = told.filter(line => line.startsWith('museum: is shown'))
  expect(shown).toHaveLength(4)
  for (const line of shown) {
    expect(line).toContain('given_name Ada and student_number 2026-0042')
    expect(line).toContain('does not learn family_name and birth_date')
    expect(line).toContain('verified: the card is valid today')
  }
  expect(told.filter(line => line.startsWith('phone: asks Ada'))).toHaveLength(5)
  expect(told.filter(line => line.includes('is told NotAllowedError'))).toHaveLength(2)
})

describe.each(PROTOCOLS)('a student card by %s', protocol => {
  test('shows what was asked for, and verifies', async () => {
    const question = await ask(museum, protocol, WANTED)
    const { digital, prompts } = await answerTo([question.request])
    const { claims, checks } = await question.verify(
      jsonMember(jsonMember(digital, 'data'), 'data') as JsonObject,
    )
    expect(claims).toEqual({ given_name: 'Ada', student_number: '42' })
    expect(checks.length).toBeGreaterThan(2)
    expect(prompts).toEqual([
      WANTED.map(claim => expect.stringMatching(new RegExp(`student-card.* / .*${claim}$`))),
    ])
    // Nothing else travels, in whatever form.
    expect(JSON.stringify(digital)).not.toContain('Lovelace')
  })

  test('is not shown when its user declines', async () => {
    const { request } = await ask(museum, protocol, WANTED)
    const { digital, prompts } = await answerTo([request], { agrees: false })
    expect([digital, prompts.length]).toEqual([{ error: 'USER_CANCELED' }, 1])
  })

  test.each([['shoe_size'], ['given_name', 'shoe_size']])(
    'is not shown to a verifier that asks for what is not on it: %s %s',
    async (...claims) => {
      const { request } = await ask(
        museum,
        protocol,
        claims.filter(claim => claim !== undefined),
      )
      expect(await answerTo([request])).toMatchObject({ digital: NOTHING, prompts: [] })
    },
  )

  test('does not verify at another verifier’s request', async () => {
    const [question, other] = await Promise.all([
      ask(museum, protocol, WANTED),
      ask(museum, protocol, WANTED),
    ])
    await expect(other.verify(await given(question))).rejects.toThrow()
  })

  test.each<[string, RegExp, () => Promise<Partial<WalletContents>>]>([
    ['bound to another phone’s key', /signature/i, async () => ({ keys: await makeKeys() })],
    [
      'that has expired',
      /expired|valid at the time/,
      async () => ({ card: await cardOf(college, keys, -HOUR_MS) }),
    ],
    [
      'of an unknown authority with the same name',
      /nobody who is trusted/,
      async () => {
        const rogue = await (await makeAuthority('Colleges')).certify('College', 'college.example')
        return { card: await cardOf(rogue, keys, HOUR_MS) }
      },
    ],
  ])('does not verify when it is one %s', async (_, reason, contents) => {
    const question = await ask(museum, protocol, WANTED)
    const data = await given(question, { contents: await contents() })
    await expect(question.verify(data)).rejects.toThrow(reason)
  })

  test.each([
    {},
    { response: 7 },
    { response: 'AAAA' },
    { vp_token: {} },
    { vp_token: { card: [] } },
    { vp_token: { card: ['x~'] } },
  ])('does not verify as %j', async data => {
    const question = await ask(museum, protocol, WANTED)
    await expect(question.verify(data)).rejects.toThrow()
  })
})

test.each([
  [UNSIGNED, /was shown to origin:https:\/\/evil/],
  // HPKE opens nothing that was sealed for another transcript.
  [MDOC, /OpenError|operation/i],
] as const)(
  'a page of another origin that passes a request on gets an answer that proves nothing: %s',
  async (protocol, reason) => {
    const question = await ask(museum, protocol, WANTED)
    const data = await given(question, { origin: EVIL })
    await expect(question.verify(data)).rejects.toThrow(reason)
  },
)

describe('a signed request', () => {
  const signedBy = async (by: Signatory, changes: Record<string, unknown>): Promise<Question['request']> => {
    const { request } = await ask({ ...museum, signatory: by }, SIGNED, WANTED)
    const { request: jwt } = request.data as { request: string }
    const [header = ''] = jwt.split('.')
    const protectedHeader = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }
    const signed = await new SignJWT({ ...decodeJwt(jwt), ...changes })
      .setProtectedHeader(protectedHeader)
      .sign(by.keys.privateKey)
    return { protocol: SIGNED, data: { request: signed } }
  }

  test('is shown to nobody where one of an unknown authority with the same name signs it', async () => {
    const rogue = await (await makeAuthority('Verifiers')).certify('Museum', 'museum.example')
    const { request } = await ask({ ...museum, signatory: rogue }, SIGNED, WANTED)
    expect(await answerTo([request])).toMatchObject({
      digital: NOTHING,
      prompts: [],
      reasons: [expect.stringContaining('nobody who is trusted')],
    })
  })

  test('is answered for the origins that it names only', async () => {
    const { request } = await ask(museum, SIGNED, WANTED)
    expect(await answerTo([request], { origin: EVIL })).toMatchObject({
      digital: NOTHING,
      prompts: [],
      reasons: [expect.stringContaining('expected_origins')],
    })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['names no origins', { expected_origins: undefined }, 'expected_origins'],
    ['names another certificate', { client_id: `x509_hash:${'A'.repeat(43)}` }, 'client identifier'],
    ['names another domain', { client_id: 'x509_san_dns:college.example' }, 'client identifier'],
    ['calls itself an origin', { client_id: `origin:${ORIGIN}` }, ''],
    ['is an hour old', { iat: 1, exp: 3601 }, ''],
  ])('is shown to nobody where it %s', async (_, changes, reason) => {
    const request = await signedBy(museum.signatory, changes)
    const answer = await answerTo([request])
    expect(answer).toMatchObject({
      digital: NOTHING,
      prompts: [],
      reasons: [expect.stringContaining(reason)],
    })
  })

  test('is shown to nobody where it was made for another way than a page, whatever stands beside it', async () => {
    const answerAt = { response_mode: 'direct_post', response_uri: 'https://museum.example/answer' }
    const { data } = await signedBy(museum.signatory, answerAt)
    const { client_id: clientId } = decodeJwt((data as { request: string }).request)
    const request = { protocol: SIGNED, data: { ...data, client_id: clientId } } as const
    expect(await answerTo([request], { origin: EVIL })).toMatchObject({ digital: NOTHING, prompts: [] })
  })

  test('may name the domain of its certificate', async () => {
    const request = await signedBy(museum.signatory, { client_id: 'x509_san_dns:museum.example' })
    expect((await answerTo([request])).prompts).toHaveLength(1)
  })

  test('is shown to nobody where it was changed after it was signed', async () => {
    const { request } = await ask(museum, SIGNED, WANTED)
    const [header, , signature] = (request.data as { request: string }).request.split('.')
    const other = await ask(museum, SIGNED, ['birth_date'])
    const [, payload] = (other.request.data as { request: string }).request.split('.')
    const changed = { protocol: SIGNED, data: { request: [header, payload, signature].join('.') } } as const
    expect(await answerTo([changed])).toMatchObject({ digital: NOTHING, prompts: [] })
  })

  test('is none in the protocol of unsigned ones, and the other way about', async () => {
    const [signed, unsigned] = await Promise.all([ask(museum, SIGNED, WANTED), ask(museum, UNSIGNED, WANTED)])
    const swapped = [
      { protocol: UNSIGNED, data: signed.request.data },
      { protocol: SIGNED, data: unsigned.request.data },
    ] as const
    expect(await answerTo(swapped)).toMatchObject({ digital: NOTHING, prompts: [] })
  })
})

test('a client ID that nobody signed counts for nothing', async () => {
  const question = await ask(museum, UNSIGNED, WANTED)
  const data = { ...question.request.data, client_id: 'x509_san_dns:museum.example' }
  const { digital } = await answerTo([{ protocol: UNSIGNED, data }])
  const answer = jsonMember(jsonMember(digital, 'data'), 'data') as JsonObject
  expect((await question.verify(answer)).claims).toMatchObject({ given_name: 'Ada' })
})

describe('a query', () => {
  const museumCard = {
    id: 'museum',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['https://museum.example/card'] },
  }
  const studentCard = {
    id: 'student',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['https://college.example/credentials/student-card'] },
  }
  const asking = (credentials: readonly object[]): Question['request'] => ({
    protocol: UNSIGNED,
    data: { response_type: 'vp_token', response_mode: 'dc_api', nonce: 'n', dcql_query: { credentials } },
  })
  const tokenOf = (digital: JsonValue | undefined): Record<string, string[]> =>
    jsonMember(jsonMember(jsonMember(digital, 'data'), 'data'), 'vp_token') as unknown as Record<
      string,
      string[]
    >

  test('for two cards, of which the wallet has one, is shown to nobody', async () => {
    const answer = await answerTo([asking([studentCard, museumCard])])
    expect(answer).toMatchObject({ digital: NOTHING, prompts: [] })
  })

  test('for two parts of one card is answered in full', async () => {
    const parts = ['given_name', 'student_number'].map(claim => ({
      ...studentCard,
      id: claim,
      claims: [{ path: [claim] }],
    }))
    const { digital } = await answerTo([asking(parts)])
    expect(Object.keys(tokenOf(digital)).toSorted()).toEqual(['given_name', 'student_number'])
  })

  test('for a card without claims discloses none', async () => {
    const { digital, prompts } = await answerTo([asking([studentCard])])
    const [presentation = ''] = tokenOf(digital)['student'] ?? []
    // The issuer’s JWT, no disclosure, the key binding JWT.
    expect(presentation.split('~')).toHaveLength(2)
    expect(prompts).toEqual([['https://college.example/credentials/student-card']])
  })
})

describe('a holder who cheats', () => {
  const asSdJwt = (presentation: string): JsonObject => ({ vp_token: { card: [presentation] } })
  const nonceOf = ({ request }: Question): string => (request.data as { nonce: string }).nonce

  /** Signs a presentation of anything by hand. */
  async function bound(shown: string, changes: Record<string, unknown>, signer = keys): Promise<JsonObject> {
    const payload = {
      iat: Math.floor(Date.now() / 1000),
      aud: `origin:${ORIGIN}`,
      sd_hash: createHash('sha256').update(shown).digest('base64url'),
      ...changes,
    }
    const jwt = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'kb+jwt' })
      .sign(signer.privateKey)
    return asSdJwt(`${shown}${jwt}`)
  }
  const shownCard = (): Promise<string> =>
    presenting(keys.privateKey).present(card.sdJwt, { given_name: true, student_number: true })

  test('is believed where the hands are right', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const data = await bound(await shownCard(), { nonce: nonceOf(question) })
    expect((await question.verify(data)).claims).toMatchObject({ given_name: 'Ada' })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['another audience', { aud: `origin:${EVIL}` }, /shown to origin:https:\/\/evil/],
    ['the bare origin for an audience', { aud: ORIGIN }, /shown to/],
    ['another nonce', { nonce: 'other' }, /nonce/i],
    ['another card’s hash', { sd_hash: 'AAAA' }, /sd_hash/],
    ['a time that is gone', { iat: Math.floor(Date.now() / 1000) - 600 }, /another time/],
  ])('is not believed with %s', async (_, changes, reason) => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const data = await bound(await shownCard(), { nonce: nonceOf(question), ...changes })
    await expect(question.verify(data)).rejects.toThrow(reason)
  })

  test('is not believed without a signature of the phone', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    await expect(question.verify(asSdJwt(await shownCard()))).rejects.toThrow(/Key Binding/)
  })

  test('is not believed with a claim of his own', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const [jwt = '', ...disclosures] = (await shownCard()).split('~')
    const tampered = disclosures.map(text => {
      const [salt, name] =
        text === '' ? [] : (JSON.parse(Buffer.from(text, 'base64url').toString()) as string[])
      return name === 'given_name'
        ? Buffer.from(JSON.stringify([salt, name, 'Eve'])).toString('base64url')
        : text
    })
    const data = await bound([jwt, ...tampered].join('~'), { nonce: nonceOf(question) })
    await expect(question.verify(data)).rejects.toThrow()
  })

  test('is not believed with a card that is good for longer than the college says', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const [header, payload = '', signature] = card.sdJwt.slice(0, card.sdJwt.indexOf('~')).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
    const longer = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url')
    const [, ...disclosures] = (await shownCard()).split('~')
    const data = await bound([[header, longer, signature].join('.'), ...disclosures].join('~'), {
      nonce: nonceOf(question),
    })
    await expect(question.verify(data)).rejects.toThrow(/signature/i)
  })

  test('is not believed who shows less than was asked for', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const less = await presenting(keys.privateKey).present(card.sdJwt, { given_name: true })
    await expect(question.verify(await bound(less, { nonce: nonceOf(question) }))).rejects.toThrow()
  })

  /** Answers an Annex C request by hand. */
  async function deviceResponse(
    { request }: Question,
    changes: { transcriptOf?: Question; origin?: string; mdoc?: Uint8Array; requested?: Question } = {},
  ): Promise<JsonObject> {
    const infoOf = (question: { data: object }): string =>
      (question.data as { encryptionInfo: string }).encryptionInfo
    const asked = (changes.requested?.request ?? request).data as { deviceRequest: string }
    const signed = infoOf(changes.transcriptOf?.request ?? request)
    const response = await Holder.createDeviceResponseForDeviceRequest(
      {
        deviceRequest: DeviceRequest.decode(Buffer.from(asked.deviceRequest, 'base64url')),
        issuerSigned: [IssuerSigned.decode(changes.mdoc ?? card.mdoc)],
        sessionTranscript: await sessionTranscript(signed, changes.origin ?? ORIGIN),
        signature: { signingKey: CoseKey.fromJwk({ ...(await jwkOf(keys.privateKey)), alg: 'ES256' }) },
      },
      mdocContext,
    )
    return { response: await seal(response.encode(), infoOf(request), ORIGIN) }
  }

  test('is believed with an mdoc where the hands are right', async () => {
    const question = await ask(museum, MDOC, WANTED)
    expect((await question.verify(await deviceResponse(question))).claims).toMatchObject({
      given_name: 'Ada',
    })
  })

  test('is not believed with an mdoc that was signed for another request or origin', async () => {
    const [question, other] = await Promise.all([ask(museum, MDOC, WANTED), ask(museum, MDOC, WANTED)])
    for (const changes of [{ transcriptOf: other }, { origin: EVIL }])
      await expect(question.verify(await deviceResponse(question, changes))).rejects.toThrow(/signature/i)
  })

  test('is not believed with an element of his own', async () => {
    const question = await ask(museum, MDOC, WANTED)
    const mdoc = Buffer.from(card.mdoc)
    mdoc.write('Eve', mdoc.indexOf('Ada'))
    await expect(question.verify(await deviceResponse(question, { mdoc }))).rejects.toThrow(/digest/)
  })

  test('is not believed with an mdoc that is good for longer than the college says', async () => {
    const question = await ask(museum, MDOC, WANTED)
    const mdoc = Buffer.from(card.mdoc)
    const at = mdoc.indexOf('validUntil')
    mdoc.write('2999', mdoc.indexOf(String(new Date().getFullYear()), at))
    await expect(question.verify(await deviceResponse(question, { mdoc }))).rejects.toThrow(/signature/i)
  })

  test('is not believed with an mdoc that shows less than was asked for', async () => {
    const [question, requested] = await Promise.all([
      ask(museum, MDOC, WANTED),
      ask(museum, MDOC, ['given_name']),
    ])
    await expect(question.verify(await deviceResponse(question, { requested }))).rejects.toThrow(/match/)
  })
})

test('the first of several requests that matches is answered', async () => {
  const none = await ask(museum, SIGNED, ['shoe_size'])
  const [mdoc, unsigned] = await Promise.all([ask(museum, MDOC, WANTED), ask(museum, UNSIGNED, WANTED)])
  const { digital, prompts } = await answerTo([none.request, mdoc.request, unsigned.request])
  expect(jsonMember(jsonMember(digital, 'data'), 'protocol')).toBe(MDOC)
  expect(prompts).toHaveLength(1)
})
