import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeAuthority } from '../../examples/digital-credential/authority.js'
import type { Signatory } from '../../examples/digital-credential/authority.js'
import { runWalletDemo } from '../../examples/digital-credential/demo.js'
import { makeKeys } from '../../examples/digital-credential/keys.js'
import type { WalletContents } from '../../examples/digital-credential/presentation.js'
import type { Question } from '../../examples/digital-credential/question.js'
import { ask } from '../../examples/digital-credential/verifier.js'
import { jsonMember } from '../../src/digital/members.js'
import type { JsonObject, JsonValue } from '../../src/message/json.js'
import {
  ORIGIN,
  EVIL,
  UNSIGNED,
  SIGNED,
  MDOC,
  PROTOCOLS,
  HOUR_MS,
  WANTED,
  cardOf,
  college,
  museum,
  answerTo,
  given,
  NOTHING,
  keys,
} from '../support/student-cards.js'

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
      WANTED.map((claim): unknown => expect.stringMatching(new RegExp(`student-card.* / .*${claim}$`))),
    ])
    // Nothing else travels, in whatever form.
    expect(JSON.stringify(digital)).not.toContain('Lovelace')
  })

  test('is not shown when its user declines', async () => {
    const { request } = await ask(museum, protocol, WANTED)
    const { digital, prompts } = await answerTo([request], { agrees: false })
    expect([digital, prompts.length]).toEqual([{ error: 'USER_CANCELED' }, 1])
  })

  test.each([{ claims: ['shoe_size'] }, { claims: ['given_name', 'shoe_size'] }])(
    'is not shown to a verifier that asks for what is not on it: $claims',
    async ({ claims }) => {
      const { request } = await ask(museum, protocol, claims)
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

  test('is refused where one of an unknown authority with the same name signs it', async () => {
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

  test('is refused where it was made for another way than a page, whatever its other members say', async () => {
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

  test('is refused where it was changed after it was signed', async () => {
    const { request } = await ask(museum, SIGNED, WANTED)
    const [header, , signature] = (request.data as { request: string }).request.split('.')
    const other = await ask(museum, SIGNED, ['birth_date'])
    const [, payload] = (other.request.data as { request: string }).request.split('.')
    const changed = { protocol: SIGNED, data: { request: [header, payload, signature].join('.') } } as const
    expect(await answerTo([changed])).toMatchObject({ digital: NOTHING, prompts: [] })
  })

  test('is refused in the protocol of unsigned requests, and an unsigned one in its own', async () => {
    const [signed, unsigned] = await Promise.all([ask(museum, SIGNED, WANTED), ask(museum, UNSIGNED, WANTED)])
    const swapped = [
      { protocol: UNSIGNED, data: signed.request.data },
      { protocol: SIGNED, data: unsigned.request.data },
    ] as const
    expect(await answerTo(swapped)).toMatchObject({ digital: NOTHING, prompts: [] })
  })
})

test('a client ID without a signature is ignored', async () => {
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

  test('for two cards is refused where the wallet has only one', async () => {
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

  test('for a card without claims discloses no claims', async () => {
    const { digital, prompts } = await answerTo([asking([studentCard])])
    const [presentation = ''] = tokenOf(digital)['student'] ?? []
    // The issuer’s JWT, no disclosure, the key binding JWT.
    expect(presentation.split('~')).toHaveLength(2)
    expect(prompts).toEqual([['https://college.example/credentials/student-card']])
  })
})

test('the first of several requests that matches is answered', async () => {
  const none = await ask(museum, SIGNED, ['shoe_size'])
  const [mdoc, unsigned] = await Promise.all([ask(museum, MDOC, WANTED), ask(museum, UNSIGNED, WANTED)])
  const { digital, prompts } = await answerTo([none.request, mdoc.request, unsigned.request])
  expect(jsonMember(jsonMember(digital, 'data'), 'protocol')).toBe(MDOC)
  expect(prompts).toHaveLength(1)
})
