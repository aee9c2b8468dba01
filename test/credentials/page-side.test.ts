import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import type { DocumentMessage, DocumentReply } from '../../src/credentials/page-side/page-messages.js'
import { CREATE, GET } from '../support/page-scripts.js'
import { emptyPageWorld, pageWorld } from '../support/page-world.js'
import type { PageWorld, PageWorldOptions } from '../support/page-world.js'

const ASSERTION = {
  ...{ id: 'AQ', rawId: 'AQ', type: 'public-key', authenticatorAttachment: 'cross-platform' },
  response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'BB__', userHandle: 'AQID' },
  clientExtensionResults: { prf: { results: { first: 'AQIDBA' } }, largeBlob: { blob: 'AQ' } },
}
const REGISTRATION = {
  ...{ ...ASSERTION, clientExtensionResults: {}, authenticatorAttachment: undefined },
  response: {
    ...{ clientDataJSON: 'e30', authenticatorData: 'AA', attestationObject: 'oA' },
    ...{ transports: ['hybrid'], publicKeyAlgorithm: -7 },
  },
}
const PROTOCOL = 'openid4vp-v1-unsigned'
const DIGITAL = `{ requests: [{ protocol: '${PROTOCOL}', data: { $bytes: 'AAAA', nonce: 'n' } }] }`

type Answer = (message: DocumentMessage) => DocumentReply | Promise<DocumentReply>

interface AskingPage extends PageWorld {
  /** What the page asked, without the document that asks. */
  readonly asked: object[]
  readonly documents: Set<string>
}

function asking(
  answer: Answer = () => ({ value: null }),
  options: Partial<PageWorldOptions> = {},
): AskingPage {
  const asked: object[] = []
  const documents = new Set<string>()
  const send = async (text: string): Promise<string> => {
    const message = JSON.parse(text) as DocumentMessage
    const { document, ...question } = message
    asked.push(question)
    documents.add(document)
    return JSON.stringify(message.kind === 'begin' ? {} : await answer(message))
  }
  return { ...pageWorld({ send, ...options }), asked, documents }
}

describe('a page is given', () => {
  test('one container and its classes, as Web IDL has them', () => {
    const { run } = asking()
    const seen = run(`JSON.stringify([
      navigator.credentials instanceof CredentialsContainer,
      PublicKeyCredential.prototype instanceof Credential,
      AuthenticatorAssertionResponse.prototype instanceof AuthenticatorResponse,
      Object.getOwnPropertyDescriptor(PublicKeyCredential, 'prototype').writable,
      Object.keys(globalThis).includes('PublicKeyCredential'),
      Object.keys(PublicKeyCredential.prototype).includes('rawId'),
      PublicKeyCredential.name,
      typeof sender, typeof __name,
    ])`)
    expect(JSON.parse(String(seen))).toEqual([
      ...[true, true, true, false, false, true],
      ...['PublicKeyCredential', 'undefined', 'undefined'],
    ])
  })

  test.each([
    ['new PublicKeyCredential()', 'Illegal constructor'],
    ['PublicKeyCredential.prototype.rawId', 'Illegal invocation'],
    ['PublicKeyCredential.prototype.toJSON.call({})', 'Illegal invocation'],
    ['"use strict"; PublicKeyCredential.prototype = {}', 'Cannot assign to read only property'],
  ])('classes of which %s is a TypeError', (script, message) => {
    const { run } = asking()
    expect(() => run(script)).toThrow(message)
  })

  test('a container where the browser lacks one', async () => {
    const before = 'navigator = {}; delete globalThis.Credential; delete globalThis.CredentialsContainer'
    const { outcome } = asking(() => ({ value: ASSERTION }), { before })
    expect(
      await outcome(`${GET}.then(got => [got.id, got.type, got instanceof PublicKeyCredential])`),
    ).toEqual([...['AQ', 'public-key', true]])
  })

  test('nothing without a secure context, or without a program that answers', () => {
    const seen = 'typeof PublicKeyCredential + navigator.credentials.create'
    for (const world of [
      asking(undefined, { before: 'isSecureContext = false' }),
      pageWorld({ send: undefined }),
    ])
      expect(world.run(seen)).toMatch(/^undefinedcreate\(options\) \{ return Promise/)
  })

  test.each([
    ['made small', { minify: true }],
    ['made small and kept names in', { minify: true, keepNames: true }],
    ['kept names in', { keepNames: true }],
  ])('the same by a script that a bundler has %s', async (_, how) => {
    const { outputFiles } = await build({
      ...{ entryPoints: ['src/credentials/page-side/page-script.ts'], bundle: true, write: false },
      ...{ ...how, format: 'iife', globalName: 'bundle', target: 'es2022' },
    })
    const program = emptyPageWorld({})
    program.run(outputFiles[0]?.text ?? '')
    const script = program.run(`bundle.pageScript({ sender: 'sender', digital: true, keepsPolicy: true })`)
    const page = emptyPageWorld({ sender: () => Promise.resolve(JSON.stringify({ value: ASSERTION })) })
    page.run(String(script))
    expect(await page.outcome(`${GET}.then(got => got.toJSON())`)).toEqual(ASSERTION)
    expect(page.run('DigitalCredential.name')).toBe('DigitalCredential')
  })
})

describe('a request', () => {
  test('is one message, with its bytes marked', async () => {
    const { run, outcome, asked, documents } = asking()
    run(`globalThis.publicKey = Object.create({ rpId: 'example.com' }, { challenge: { enumerable: true,
      value: new Uint8Array([9, 251, 255, 254, 9]).subarray(1, 4) } })
      publicKey.allowCredentials = new Set([{ id: new Uint8Array([1]).buffer, type: 'public-key' }])`)
    expect(await outcome('navigator.credentials.get({ publicKey, mediation: "required" })')).toBeNull()
    expect(asked).toEqual([
      { kind: 'begin' },
      {
        ...{ kind: 'get', request: 1, mediation: 'required' },
        publicKey: {
          ...{ rpId: 'example.com', challenge: { $bytes: '-__-' } },
          allowCredentials: [{ id: { $bytes: 'AQ' }, type: 'public-key' }],
        },
      },
    ])
    expect(documents.size).toBe(1)
  })

  test.each([
    [16, 'fulfilled'],
    [17, 'TypeError'],
  ])('with %i levels of options: %s', async (levels, expected) => {
    const { run, outcome } = asking()
    run(
      `globalThis.publicKey = {}; for (let level = 0; level < ${levels}; level++) publicKey = { publicKey }`,
    )
    const call = `navigator.credentials.get({ publicKey }).then(() => 'fulfilled', ({ name }) => name)`
    expect(await outcome(call)).toBe(expected)
  })

  test('for something else is the browser’s', async () => {
    const { outcome, asked } = asking()
    const told = await outcome('navigator.credentials.get({ password: true })')
    expect(told).toEqual(['native get', { password: true }])
    expect(await outcome('navigator.credentials.create(null)')).toEqual(['native create', {}])
    expect(asked).toEqual([{ kind: 'begin' }])
  })

  test('gives a credential with buffers', async () => {
    const { outcome } = asking(() => ({ value: ASSERTION }))
    const seen = await outcome(`${GET}.then(got => ({
      rawId: [...new Uint8Array(got.rawId)],
      signature: [...new Uint8Array(got.response.signature)],
      user: got.response.userHandle.byteLength,
      same: got.rawId === got.rawId,
      first: got.getClientExtensionResults().prf.results.first.byteLength,
      blob: got.getClientExtensionResults().largeBlob.blob.byteLength,
      json: got.toJSON(),
      is: [got instanceof PublicKeyCredential, got.response instanceof AuthenticatorAssertionResponse],
    }))`)
    expect(seen).toEqual({
      ...{ rawId: [1], signature: [4, 31, 255], user: 3, same: true, first: 4, blob: 1, json: ASSERTION },
      is: [true, true],
    })
  })

  test('gives null for what is absent', async () => {
    const { outcome } = asking(() => ({ value: REGISTRATION }))
    const seen = await outcome(`${CREATE}.then(made => [made.response.getPublicKey(),
      made.authenticatorAttachment, made.response.getTransports(), made.response.getPublicKeyAlgorithm()])`)
    expect(seen).toEqual([null, null, ['hybrid'], -7])
  })

  test.each(['TypeError', 'NotAllowedError', 'AbortError', 'UnknownError'])('is told a %s', async name => {
    const { outcome } = asking(() => ({ error: { name, message: 'why' } }))
    const isTypeError = name === 'TypeError'
    expect(await outcome(GET)).toEqual({ name, message: 'why', isDomException: !isTypeError, isTypeError })
  })

  test('ends with its signal at once, and says so', async () => {
    const { run, outcome, asked } = asking(() => new Promise(() => undefined))
    run('globalThis.controller = new AbortController()')
    const call = `navigator.credentials.get({ signal: controller.signal, publicKey: {} }).catch(reason => reason)`
    const pending = outcome(call)
    run(`controller.abort('enough')`)
    expect(await pending).toBe('enough')
    expect(await outcome(call)).toBe('enough')
    expect(asked.slice(2)).toEqual([{ kind: 'abort', request: 1 }])
  })

  test('that is silent or conditional sends no message', async () => {
    const { run, outcome, asked } = asking()
    expect(await outcome(`navigator.credentials.get({ publicKey: {}, mediation: 'silent' })`)).toBeNull()
    run('globalThis.controller = new AbortController()')
    const pending = outcome(`navigator.credentials.get({ publicKey: {}, mediation: 'conditional',
      signal: controller.signal }).catch(reason => reason)`)
    run(`controller.abort('enough')`)
    expect(await pending).toBe('enough')
    expect(asked).toEqual([{ kind: 'begin' }])
  })
})

describe('a document that may not ask', () => {
  const policy = (features: string[], allowed: string[]): string => `document = { featurePolicy: {
    features: () => ${JSON.stringify(features)}, allowsFeature: name => ${JSON.stringify(allowed)}.includes(name) } }`

  test.each<[string, Partial<PageWorldOptions>, string]>([
    ['has an opaque origin', { before: `origin = 'null'` }, 'opaque origin'],
    ['is a frame that cannot be told apart', { topOnly: true, before: 'top = {}' }, 'told apart'],
    ['has no permission', { before: policy(['publickey-credentials-get'], []) }, 'publickey-credentials-get'],
  ])('%s', async (_, options, message) => {
    const { outcome } = asking(undefined, options)
    const told = {
      name: 'NotAllowedError',
      isDomException: true,
      message: expect.stringContaining(message) as unknown,
    }
    expect(await outcome(GET)).toMatchObject(told)
  })

  test.each<[string, Partial<PageWorldOptions>]>([
    ['is on top, where frames are not', { topOnly: true }],
    ['has the permission', { before: policy(['publickey-credentials-get'], ['publickey-credentials-get']) }],
    ['lacks another one', { before: policy(['publickey-credentials-create'], []) }],
    ['is in a browser that does not know it', { before: policy([], []) }],
    [
      'has a policy that does not count',
      { before: policy(['publickey-credentials-get'], []), keepsPolicy: false },
    ],
  ])('unlike one that %s', async (_, options) => {
    const { outcome } = asking(() => ({ value: ASSERTION }), options)
    expect(await outcome(`${GET}.then(got => got.id)`)).toBe('AQ')
  })
})

describe('digital credentials', () => {
  const call = (kind: string, more = ''): string =>
    `navigator.credentials.${kind}({ digital: ${DIGITAL} ${more} })`

  test('go both ways as JSON', async () => {
    const value = { protocol: PROTOCOL, data: { vp_token: 'x' } }
    const { outcome, asked } = asking(() => ({ value }), { digital: true })
    const seen = await outcome(`${call('get')}.then(got => [
      got instanceof DigitalCredential, got instanceof Credential, got.type, got.id, got.protocol,
      got.data === got.data, got.toJSON(), Object.prototype.toString.call(got)])`)
    expect(seen).toEqual([true, true, 'digital', '', PROTOCOL, true, value, '[object DigitalCredential]'])
    const data = { $bytes: 'AAAA', nonce: 'n' }
    expect(asked[1]).toEqual({
      kind: 'get',
      request: 1,
      digital: { requests: [{ protocol: PROTOCOL, data }] },
    })
  })

  test('have a class that knows the protocols', () => {
    const { run } = asking(undefined, { digital: true })
    const allowed = (name: string): unknown => run(`DigitalCredential.userAgentAllowsProtocol('${name}')`)
    expect(['org-iso-mdoc', 'openid4vci-v1', 'OpenID4VP'].map(allowed)).toEqual([true, true, false])
    expect(() => run('new DigitalCredential()')).toThrow('Illegal constructor')
  })

  test('need permissions of their own', async () => {
    const before = `document = { featurePolicy: {
      features: () => ['digital-credentials-create'], allowsFeature: () => false } }`
    const { outcome } = asking(() => ({ value: null }), { digital: true, before })
    expect(await outcome(call('create'))).toMatchObject({ name: 'NotAllowedError' })
    expect(await outcome(call('get'))).toBeNull()
  })

  test('that JSON cannot say are a TypeError', async () => {
    const { outcome } = asking(undefined, { digital: true })
    expect(await outcome('navigator.credentials.get({ digital: { requests: 1n } })')).toMatchObject({
      isTypeError: true,
    })
  })

  test('are asked for, whatever the mediation', async () => {
    const { outcome, asked } = asking(undefined, { digital: true })
    await outcome(call('get', `, mediation: 'conditional'`))
    expect(asked[1]).toMatchObject({ kind: 'get', mediation: 'conditional' })
  })

  test('are unknown to a page without them, even the browser’s own', async () => {
    const { run, outcome, asked } = asking()
    expect(run('typeof DigitalCredential')).toBe('undefined')
    await outcome(call('get'))
    await outcome(call('get', ', publicKey: {}'))
    expect(asked.slice(1)).toEqual([
      { kind: 'get', request: 1 },
      { kind: 'get', request: 2, publicKey: {} },
    ])
  })
})

describe('options as JSON', () => {
  const creation = {
    ...{ rp: { name: 'Acme' }, challenge: '-__-', pubKeyCredParams: [], extensions: { credBlob: 'AQ' } },
    ...{
      user: { id: 'AQID', name: 'n', displayName: 'd' },
      excludeCredentials: [{ id: 'AQ', type: 'public-key' }],
    },
  }
  const request = {
    ...{ challenge: '-__-', allowCredentials: [{ id: 'AQ', type: 'public-key' }] },
    extensions: {
      prf: { eval: { first: 'AQ' }, evalByCredential: { AQ: { first: 'AQ', second: 'AQID' } } },
      largeBlob: { write: 'AQID' },
    },
  }
  const parse = (name: string, json: unknown): unknown =>
    asking().run(`PublicKeyCredential.${name}(${JSON.stringify(json)})`)

  test('get buffers', () => {
    const made = parse('parseCreationOptionsFromJSON', creation) as { challenge: ArrayBuffer }
    expect(new Uint8Array(made.challenge)).toEqual(Uint8Array.of(251, 255, 254))
    expect(made).toMatchObject({
      user: { id: { byteLength: 3 } },
      excludeCredentials: [{ id: { byteLength: 1 } }],
      extensions: { credBlob: { byteLength: 1 } },
    })
    const bytes = (byteLength: number): object => ({ byteLength })
    expect(parse('parseRequestOptionsFromJSON', request)).toMatchObject({
      challenge: bytes(3),
      allowCredentials: [{ id: bytes(1) }],
      extensions: {
        prf: { eval: { first: bytes(1) }, evalByCredential: { AQ: { first: bytes(1), second: bytes(3) } } },
        largeBlob: { write: bytes(3) },
      },
    })
  })

  test.each<[string, unknown, string]>([
    ['parseRequestOptionsFromJSON', null, 'TypeError'],
    ['parseRequestOptionsFromJSON', {}, 'TypeError'],
    ['parseRequestOptionsFromJSON', { challenge: 'a+b' }, 'EncodingError'],
    ['parseRequestOptionsFromJSON', { challenge: 1 }, 'EncodingError'],
    ['parseRequestOptionsFromJSON', { ...request, allowCredentials: {} }, 'TypeError'],
    ['parseRequestOptionsFromJSON', { ...request, allowCredentials: [{ id: 'AQ' }] }, 'TypeError'],
    ['parseCreationOptionsFromJSON', { ...creation, user: {} }, 'TypeError'],
    ['parseCreationOptionsFromJSON', { ...creation, rp: undefined }, 'TypeError'],
    ['parseCreationOptionsFromJSON', { ...creation, pubKeyCredParams: undefined }, 'TypeError'],
    [
      'parseCreationOptionsFromJSON',
      { ...creation, excludeCredentials: [{ id: '=', type: 't' }] },
      'EncodingError',
    ],
  ])('%s of %j: %s', (name, json, error) => {
    expect(() => parse(name, json)).toThrow(expect.objectContaining({ name: error }))
  })
})

test('signals and abilities are asked for by name', async () => {
  const { outcome, asked } = asking(({ kind }) => ({ value: kind }))
  const names = ['signalUnknownCredential', 'signalAllAcceptedCredentials', 'signalCurrentUserDetails']
  for (const name of names) expect(await outcome(`PublicKeyCredential.${name}({ rpId: 'a' })`)).toBe(name)
  expect(await outcome('PublicKeyCredential.getClientCapabilities()')).toBe('getClientCapabilities')
  expect(await outcome('PublicKeyCredential.isConditionalMediationAvailable()')).toBe(false)
  const deep = '{ a: '.repeat(20) + '1' + ' }'.repeat(20)
  expect(await outcome(`PublicKeyCredential.${names[0]}(${deep})`)).toMatchObject({ isTypeError: true })
  expect(asked.slice(1)).toEqual([
    ...names.map(kind => ({ kind, options: { rpId: 'a' } })),
    { kind: 'getClientCapabilities' },
  ])
})
