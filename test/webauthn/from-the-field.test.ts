import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { decodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import type { MakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { createLab } from '../../src/testing.js'
import type { AuthenticationResponseJSON } from '../../src/webauthn/authentication-json.js'
import { createPair } from '../support/pair.js'

/** What relying parties were seen to send; see README.md beside the files. */
const FOLDER = new URL('../webauthn/relying-party-options/', import.meta.url)

interface FieldCase {
  readonly call?: 'create' | 'get'
  readonly origin?: string
  readonly options?: object
  /** Members that go over the options, or over plain ones. */
  readonly also?: readonly object[]
  readonly stillRefused?: readonly object[]
  /** Members with the same bytes in another spelling. */
  readonly sameBytesAs?: object
  readonly wellKnown?: { readonly status: number; readonly contentType: string; readonly bodyHex: string }
  /** Options as a server wrapped them. */
  readonly publicKey?: object
}

function read(name: string): FieldCase {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as FieldCase
}

const CREATIONS = readdirSync(FOLDER).filter(
  name => name.endsWith('.json') && (read(name).call ?? 'create') === 'create',
)
const PLAIN = read('alg-as-strings.json')
const KEY = { type: 'public-key', alg: -7 }

/** Registers with a phone that does its job. @returns what the phone was asked. */
async function registered(
  { origin, wellKnown }: FieldCase,
  options: unknown,
): Promise<MakeCredentialRequest> {
  const lab = createLab()
  const phone = lab.phone()
  let request: Uint8Array | undefined
  const made = await lab.client().create(options as never, {
    origin: origin ?? 'https://login.example.com',
    onQr: qr => phone.scan(qr.url),
    onCtap: exchange => {
      request = exchange.request
    },
    ...(wellKnown && { fetchRelatedOrigins: () => Promise.resolve(documentOf(wellKnown)) }),
  })
  expect(await phone.store.list()).toMatchObject([{ confirmed: true }])
  expect(made.type).toBe('public-key')
  return decodeMakeCredentialRequest(request ?? new Uint8Array())
}

function documentOf({ status, contentType, bodyHex }: NonNullable<FieldCase['wellKnown']>): Response {
  return new Response(decodeHex(bodyHex), { status, headers: { 'content-type': contentType } })
}

describe.each(CREATIONS)('%s', name => {
  const field = read(name)
  const options = field.options ?? field

  test('registers', async () => {
    await registered(field, options)
  })

  test.each(field.also ?? [])('also registers with %j', async change => {
    await registered(field, { ...options, ...change })
  })

  test.each(field.stillRefused ?? [])('is refused with %j', async change => {
    await expect(registered(field, { ...options, ...change })).rejects.toMatchObject({
      name: expect.stringMatching(/^(TypeError|SecurityError)$/) as string,
    })
  })
})

test('bytes are the same with other left-over bits', async () => {
  const field = read('left-over-bits.json')
  const requests = [field.options, { ...field.options, ...field.sameBytesAs }].map(async options => {
    const { clientDataHash, excludeList } = await registered(field, options)
    return { clientDataHash, excludeList }
  })
  const [first, second] = await Promise.all(requests)
  expect(first).toEqual(second)
})

describe('what goes to the phone', () => {
  const options = { ...PLAIN.options, pubKeyCredParams: [KEY] }

  test.each<[string, object, Partial<MakeCredentialRequest>]>([
    [
      'algorithms as text',
      PLAIN.options ?? {},
      { pubKeyCredParams: [-7, -37, -257].map(alg => ({ ...KEY, alg })) },
    ],
    [
      'an algorithm that is none',
      { pubKeyCredParams: [{ ...KEY, alg: 'ES256' }, KEY] },
      { pubKeyCredParams: [{ ...KEY, alg: 0 }, KEY] },
    ],
    [
      'names of other types',
      { rp: { id: 'example.com', name: 5 } },
      { rp: { id: 'example.com', name: '5' } },
    ],
    [
      'an empty ID',
      {
        excludeCredentials: [
          { type: 'public-key', id: '' },
          { type: 'public-key', id: 'AQ' },
        ],
      },
      { excludeList: [{ type: 'public-key', id: Uint8Array.of(1) }] },
    ],
    [
      'broken surrogates',
      { rp: { id: 'example.com', name: 'a\ud800' } },
      { rp: { id: 'example.com', name: 'a\ufffd' } },
    ],
    ['a boolean as text', { authenticatorSelection: { requireResidentKey: 'false' } }, { rk: true }],
    [
      'an empty array for an object',
      { authenticatorSelection: [], extensions: [] },
      { rk: false, extensions: undefined },
    ],
    [
      'a long name',
      { rp: { id: 'example.com', name: 'x'.repeat(20_000) } },
      { rp: { id: 'example.com', name: 'x'.repeat(20_000) } },
    ],
    [
      'many algorithms',
      { pubKeyCredParams: Array.from({ length: 300 }, (_, index) => ({ ...KEY, alg: index - 299 })) },
      {},
    ],
  ])('%s', async (_, change, expected) => {
    expect(await registered(PLAIN, { ...options, ...change })).toMatchObject(expected)
  })
})

describe('what a phone answers to a sign-in', () => {
  interface Answered extends FieldCase {
    readonly getInfoHex: string
    readonly getAssertionResponseHex: string
  }

  async function signedIn(name: string, response?: Uint8Array): Promise<AuthenticationResponseJSON> {
    const field = read(name) as Answered
    const getInfo = decodeHex(field.getInfoHex)
    const answer = response ?? decodeHex(field.getAssertionResponseHex)
    const handler = { getInfo: () => getInfo, handle: () => Promise.resolve(answer) }
    const { client, phone } = createPair({}, { handler })
    return client.get(field.options as never, {
      origin: field.origin ?? '',
      onQr: qr => phone.scan(qr.url, { source: 'camera' }),
    })
  }

  test('a name that was cut inside its last letter does no harm', async () => {
    expect((await signedIn('assertion-name-cut.json')).response.userHandle).toBe('AAECAwQFBgc')
  })

  test('a user without an ID counts as no user', async () => {
    expect((await signedIn('assertion-empty-user-id.json')).response).not.toHaveProperty('userHandle')
  })

  test('a name that is damaged elsewhere ends the ceremony', async () => {
    const damaged = decodeHex((read('assertion-name-cut.json') as Answered).getAssertionResponseHex)
    damaged[damaged.length - 2] = 0xff
    await expect(signedIn('assertion-name-cut.json', damaged)).rejects.toMatchObject({
      code: 'cbor-malformed',
    })
  })
})
