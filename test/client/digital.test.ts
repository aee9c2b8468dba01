import { describe, expect, test } from 'vitest'
import { MemoryLinkStore } from '../../src/adapters/stores/memory-link-store.js'
import { decodeQrUrl } from '../../src/qr/url.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import type { JsonValue } from '../../src/message/json.js'
import type { JsonHandler } from '../../src/ports/ctap-handler.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing/lab.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import type { WalletConsentRequest } from '../../src/virtual/virtual-wallet.js'
import {
  origin,
  UNSIGNED,
  MDOC,
  asking,
  GIVEN,
  answering,
  digital,
  asked,
  wallet,
  withCode,
} from '../support/digital.js'

describe('a digital credential', () => {
  test.each<[string, LabPhoneOptions]>([
    ['beside passkeys', wallet({ credentials: { [UNSIGNED]: GIVEN } })],
    ['alone', { handler: new VirtualWallet({ credentials: { [UNSIGNED]: GIVEN } }) }],
    [
      'made for the request',
      wallet({ credentials: { [UNSIGNED]: ({ data }) => ({ ...GIVEN, echo: data['nonce'] ?? '' }) } }),
    ],
  ])('comes from a wallet %s', async (_, phone) => {
    const { result, phoneEnd } = await asked(phone)
    expect(result).toMatchObject({ protocol: UNSIGNED, data: GIVEN })
    expect(phoneEnd).toMatchObject({ answered: 1 })
  })

  test('is issued', async () => {
    const lab = createLab()
    const phone = lab.phone(wallet({ credentials: { 'openid4vci-v1': { accepted: true } } }))
    let requestType: string | undefined
    const result = await lab.client().createDigital(asking('openid4vci-v1', UNSIGNED), {
      origin,
      onQr: qr => {
        ;({ requestType } = decodeQrUrl(qr.url))
        return phone.scan(qr.url)
      },
    })
    expect(requestType).toBe('dci')
    expect(result).toEqual({ protocol: 'openid4vci-v1', data: { accepted: true } })
  })

  test('is asked for in the bytes of the worked example, and its first known protocol is answered', async () => {
    const heard: JsonValue[] = []
    const handler: JsonHandler = {
      handleJson: message => {
        heard.push(message)
        return Promise.resolve(digital({ data: { protocol: MDOC, data: {} } }))
      },
    }
    await asked({ handler }, asking(UNSIGNED))
    expect(JSON.stringify(heard[0])).toBe(
      '{"origin":"https://verifier.example","request":{"digital":{"requests":[{"data":{"nonce":"n-0S6","response_type":"vp_token"},"protocol":"openid4vp-v1-unsigned"}]}},"requestType":"credential.get"}',
    )
    const { result } = await asked(
      wallet({ credentials: { [MDOC]: { a: 1 }, [UNSIGNED]: GIVEN } }),
      asking('openid4vp-v9-made-up', UNSIGNED, MDOC),
    )
    expect(result).toEqual({ protocol: UNSIGNED, data: GIVEN })
  })

  test.each<[string, string, string, LabPhoneOptions]>([
    ['the user says no', 'NotAllowedError', 'wallet-refused', wallet({ behaviour: 'decline' })],
    [
      'the prompt is refused',
      'NotAllowedError',
      'wallet-refused',
      wallet({ credentials: { [UNSIGNED]: GIVEN }, consent: () => false }),
    ],
    ['nothing matches', 'NotAllowedError', 'wallet-empty', wallet({ credentials: { [MDOC]: GIVEN } })],
    [
      'a function finds nothing',
      'NotAllowedError',
      'wallet-empty',
      wallet({ credentials: { [UNSIGNED]: () => undefined } }),
    ],
    ['the phone has no wallet, and says dc', 'NotAllowedError', 'wallet-empty', { profile: 'ios' }],
    ['the phone has no dc', 'OperationError', 'feature-missing', {}],
    [
      'the phone gives up',
      'NotAllowedError',
      'wallet-aborted',
      { handler: answering(digital({ error: 'DEVICE_ABORTED' })) },
    ],
    [
      'the phone has an error of its own',
      'OperationError',
      'wallet-error',
      { handler: answering(digital({ error: 'OTHER' })) },
    ],
    [
      'the error is no text',
      'OperationError',
      'response-invalid',
      { handler: answering(digital({ error: 7 })) },
    ],
    [
      'there is data and error',
      'OperationError',
      'response-invalid',
      { handler: answering(digital({ error: 'USER_CANCELED', data: {} })) },
    ],
    ['there is neither', 'OperationError', 'response-invalid', { handler: answering(digital({})) }],
    ['there is no digital', 'OperationError', 'response-invalid', { handler: answering({ response: {} }) }],
    ['there is no response', 'OperationError', 'response-invalid', { handler: answering(null) }],
    [
      'the response hides in __proto__',
      'OperationError',
      'response-invalid',
      { handler: answering(JSON.parse('{"__proto__":{"response":{"digital":{"data":{}}}}}') as JsonValue) },
    ],
    [
      'the protocol is another',
      'OperationError',
      'response-invalid',
      { handler: answering(digital({ data: { protocol: MDOC, data: {} } })) },
    ],
    [
      'the data is a text',
      'TypeError',
      'wallet-data-invalid',
      { handler: answering(digital({ data: { protocol: UNSIGNED, data: 'jwt' } })) },
    ],
    [
      'bare data is a text',
      'TypeError',
      'wallet-data-invalid',
      { handler: answering(digital({ data: 'jwt' })) },
    ],
    ['the phone hangs up', 'NotAllowedError', 'peer-closed', { handler: answering(undefined) }],
    [
      'the wallet throws',
      'NotAllowedError',
      'wallet-aborted',
      { handler: { handleJson: () => Promise.reject(new Error('no')) } },
    ],
    [
      'the answer is no JSON',
      'NotAllowedError',
      'wallet-aborted',
      { handler: answering({ n: 1n } as never) },
    ],
  ])('is not had where %s: %s, %s', async (_, name, code, phone) => {
    const { result } = await asked(phone)
    expect(result).toBeInstanceOf(WebAuthnError)
    expect(result).toEqual(withCode(name, code))
  })

  test('leaves refusals and empty wallets alike in what a site may be shown', async () => {
    const ends = await Promise.all([
      asked(wallet({ behaviour: 'decline' })),
      asked(wallet({})),
      asked({ handler: answering(digital({ error: 'DEVICE_ABORTED' })) }),
    ])
    const shown = ends.map(({ result }) => `${(result as Error).name}: ${(result as Error).message}`)
    expect(new Set(shown).size).toBe(1)
  })

  test('cuts a long error text, and removes characters beyond ASCII', async () => {
    const { result } = await asked({
      handler: answering(digital({ error: `\u001B[2J${'x'.repeat(100_000)}` })),
    })
    expect((result as Error).message).toBe(`the phone answered with an error: ?[2J${'x'.repeat(60)}`)
  })

  test('may be bare where one protocol was asked for, as older phones send it', async () => {
    const handler = answering(digital({ data: { token: 'x', protocol: UNSIGNED } }))
    expect((await asked({ handler })).result).toEqual({
      protocol: UNSIGNED,
      data: { token: 'x', protocol: UNSIGNED },
    })
    expect((await asked({ handler }, asking(UNSIGNED, MDOC))).result).toEqual(
      withCode('OperationError', 'response-invalid'),
    )
    expect((await asked({ handler }, asking(UNSIGNED, UNSIGNED))).result).toMatchObject({
      protocol: UNSIGNED,
    })
  })

  test.each<[string, unknown]>([
    ['no requests', { requests: [] }],
    ['requests that are no list', { requests: {} }],
    ['nothing', {}],
    ['null', null],
    ['a protocol that is not known', asking('openid4vp-v9-made-up')],
    ['a protocol of the other kind', asking('openid4vci-v1')],
    ['a malformed protocol', asking(UNSIGNED, 'OpenID4VP')],
    ['no protocol', { requests: [{ data: {} }] }],
    ['data that is no object', { requests: [{ protocol: UNSIGNED, data: 'x' }] }],
    ['data that is a list', { requests: [{ protocol: UNSIGNED, data: [] }] }],
    ['data that JSON cannot say', { requests: [{ protocol: UNSIGNED, data: { n: 1n } }] }],
  ])('is not asked for with %s: TypeError before a QR code is shown', async (_, options) => {
    const { result, phoneEnd } = await asked({}, options)
    expect(result).toBeInstanceOf(TypeError)
    expect(phoneEnd).toBe('not asked')
  })

  test('is not asked for from an origin that cannot be: SecurityError', async () => {
    const run = createLab()
      .client()
      .getDigital(asking(UNSIGNED), { origin: 'http://verifier.example', onQr: () => undefined })
    await expect(run).rejects.toEqual(withCode('SecurityError', 'origin-invalid'))
  })

  test.each([
    ['AbortError', undefined],
    ['Error', new Error('mine')],
  ])('is given up while the wallet waits: %s', async (name, reason) => {
    const stop = new AbortController()
    const lab = createLab()
    const phone: LabPhone = lab.phone(wallet({ behaviour: 'wait' }))
    let scan: Promise<unknown> = Promise.resolve()
    const run = lab.client().getDigital(asking(UNSIGNED), {
      origin,
      signal: stop.signal,
      onQr: qr => {
        scan = phone.scan(qr.url, {
          onProgress: ({ event }) => event === 'awaiting-user' && stop.abort(reason),
        })
        scan.catch(() => undefined)
      },
    })
    await expect(run).rejects.toMatchObject({ name })
    await expect(scan).rejects.toMatchObject({ code: 'peer-closed' })
  })

  test('asks for no link, whatever stores there are, and takes no linked phone', async () => {
    const lab = createLab()
    const client = lab.client({ links: new MemoryLinkStore() })
    const phone = lab.phone(wallet({ credentials: { [UNSIGNED]: GIVEN } }))
    let payload: ReturnType<typeof decodeQrUrl> | undefined
    await client.getDigital(asking(UNSIGNED), {
      origin,
      onQr: qr => {
        payload = decodeQrUrl(qr.url)
        return phone.scan(qr.url)
      },
    })
    expect(payload).toMatchObject({ supportsLinking: false, requestType: 'dcp' })
    expect(await client.links()).toEqual([])
  })
})

describe('the prompt of a wallet', () => {
  const promptFor = async (data: object): Promise<WalletConsentRequest | undefined> => {
    let prompt: WalletConsentRequest | undefined
    const consent = (request: WalletConsentRequest): boolean => {
      prompt = request
      return true
    }
    await asked(wallet({ credentials: { [UNSIGNED]: {} }, consent }), {
      requests: [{ protocol: UNSIGNED, data }],
    })
    return prompt
  }
  const query = {
    dcql_query: {
      credentials: [
        {
          id: 'pid',
          meta: { vct_values: ['urn:pid', 'urn:id'] },
          claims: [{ path: ['family_name'] }, { path: ['address', 'country'] }],
        },
        { id: 'mdl', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } },
      ],
    },
  }
  const asks = [
    'urn:pid or urn:id / family_name',
    'urn:pid or urn:id / address.country',
    'org.iso.18013.5.1.mDL',
  ]
  const payload = Buffer.from(JSON.stringify(query)).toString('base64url')

  test.each<[string, object, readonly string[]]>([
    ['plain', query, asks],
    ['signed', { request: `e30.${payload}.AA` }, asks],
    ['signed by several', { request: { payload, signatures: [] } }, asks],
    ['signed over what is not JSON', { request: 'e30.AAAA.AA' }, []],
    ['of another shape', { dcql_query: { credentials: [7, { claims: [null, { path: 'x' }] }] } }, ['', '']],
    ['empty', {}, []],
  ])('says who asks for what: %s', async (name, data, expected) => {
    const prompt = await promptFor(data)
    expect(prompt).toMatchObject({
      kind: 'presentation',
      origin,
      protocol: UNSIGNED,
      proximity: 'simulated',
      data,
    })
    if (name !== 'of another shape') expect(prompt?.asks).toEqual(expected)
  })
})

test('a wallet refuses an unknown behaviour, and a message that is not a request', async () => {
  expect(() => new VirtualWallet({ behaviour: 'steal' as never })).toThrow(
    expect.objectContaining({ code: 'argument-invalid' }),
  )
  const context = { signal: new AbortController().signal, awaitingUser: () => undefined }
  const good = { origin, requestType: 'credential.get', request: { digital: { requests: [] } } }
  expect(await new VirtualWallet().handleJson(good, context)).toEqual(digital({ error: 'NO_CREDENTIAL' }))
  for (const bad of [
    null,
    [],
    {},
    { ...good, origin: 7 },
    { ...good, requestType: 'credential.steal' },
    { ...good, request: {} },
    { ...good, request: { digital: { requests: [7] } } },
  ])
    await expect(new VirtualWallet().handleJson(bad as JsonValue, context)).rejects.toMatchObject({
      code: 'json-malformed',
    })
})
