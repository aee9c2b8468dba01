import { describe, expect, test } from 'vitest'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { encodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { encodeCoseKey } from '../../src/ctap/cose-key.js'
import { encodeMakeCredentialRequest, encodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { chromiumCreate } from '../ctap/recorded.js'
import { withWrongDigit } from '../support/ceremony-inputs.js'
import { cases, onlyCase } from '../support/cases.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { GET_INFO } from '../support/pair.js'
import { MAKE_CREDENTIAL } from '../support/virtual-phone.js'

interface Trace {
  readonly url: string
  readonly secret: string
  readonly cbor: string
  readonly serviceData: string
  readonly nonce: string
  readonly routingId: string
  readonly tunnelId: string
  readonly frames: readonly { readonly message: string }[]
}

const trace = onlyCase<Trace>('trace-ios', 'sessions')
const update = cases<{ message: string; map: string }>('linking', 'updates')
const secrets = onlyCase<{ linkSecret: string }>('linking', 'phoneSecrets')
const advertUrl = `wss://cable.auth.com/cable/connect/${trace.routingId}/${trace.tunnelId}`

async function inspect(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const run = await runHere(['inspect', ...args, '--json'])
  expect(run.code).toBe(0)
  const events = eventsOf(run)
  expect(events).toHaveLength(1)
  return events[0] ?? {}
}

/** The answer to a registration with this COSE key, in hex. */
function registered(publicKey: Uint8Array): string {
  const [aaguid, credentialId] = [new Uint8Array(16), new Uint8Array(32)]
  const authData = encodeAuthenticatorData({
    rpIdHash: new Uint8Array(32),
    flags: { up: true, uv: true, be: false, bs: false },
    signCount: 0,
    attestedCredential: { aaguid, credentialId, publicKey },
  })
  return encodeHex(encodeMakeCredentialResponse({ fmt: 'none', authData, attStmt: cborMap([]) }))
}

describe('a QR code', () => {
  test('is explained by the names of its keys, its secret redacted', async () => {
    const shown = cases<{ url: string }>('qr', 'codes').find(({ name }) => name === 'third-party example')
    expect(await inspect(shown?.url ?? '')).toMatchObject({
      event: 'inspected',
      kind: 'qr',
      members: {
        secret: '[redacted]',
        knownTunnelServices: 2,
        time: '2025-04-15T09:14:16.000Z',
        supportsLinking: false,
        requestType: 'mc (register)',
      },
    })
  })

  test('shows its secret on demand', async () => {
    const { members } = await inspect(trace.url, '--secrets')
    expect(members).toMatchObject({ secret: trace.secret, tunnelId: trace.tunnelId })
  })

  test('may come as the CBOR inside', async () => {
    expect(await inspect(trace.cbor)).toMatchObject({ kind: 'qr', members: { secret: '[redacted]' } })
  })

  test('with a wrong digit fails', async () => {
    const run = await runHere(['inspect', withWrongDigit(trace.url), '--json'])
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'cbor-malformed', fault: 'peer' }])
  })
})

describe('an advert', () => {
  test('is opened with its QR code', async () => {
    expect(await inspect(trace.serviceData, '--qr', trace.url)).toMatchObject({
      kind: 'advert',
      members: {
        nonce: trace.nonce,
        routingId: trace.routingId,
        tunnelServiceId: 1,
        domain: 'cable.auth.com',
        tunnelUrl: expect.stringMatching(new RegExp(`^${advertUrl}$`, 'i')) as string,
      },
    })
  })

  test('shows its suffix', async () => {
    const captured = onlyCase<{ serviceData: string }>('eid', 'serviceData')
    expect(await inspect(captured.serviceData)).toMatchObject({
      kind: 'sealed-advert',
      members: {
        psm: 130,
        dataChannel: 'BLE L2CAP, PSM 130, at the address that sent this; anybody nearby can alter a suffix',
      },
    })
  })

  test.each(['a0', 'a101191001', 'ff'])('says that the suffix %s offers no data channel', async suffix => {
    const { members } = await inspect('00'.repeat(20) + suffix)
    expect(members).toMatchObject({ suffix, dataChannel: expect.stringMatching(/^none: /) as string })
    expect(members).not.toHaveProperty('psm')
  })

  test('without a suffix says nothing of data channels', async () => {
    const { members } = await inspect('00'.repeat(20))
    expect(members).toEqual({ advert: '00'.repeat(20) })
  })

  test.each([
    ['of another phone', '00'.repeat(20)],
    ['that is too short', '00'.repeat(19)],
  ])('%s fails', async (_, hex) => {
    const run = await runHere(['inspect', hex, '--qr', trace.url, '--json'])
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ code: 'advert-malformed' }])
  })
})

describe('one side of a data channel', () => {
  const streams = cases<{ framing: string; messages: readonly string[]; stream: string }>(
    'data-channel',
    'streams',
  )
  const worked = streams.filter(({ name }) => name.includes('worked example'))

  test.each(worked)('$name is told apart into its messages', async ({ framing, messages, stream }) => {
    const { kind, members } = await inspect(stream)
    expect(kind).toBe('data-channel')
    expect(members).toMatchObject({
      framing: expect.stringMatching(new RegExp(`^${framing}: `)) as string,
      messages: [
        'Noise message, 81 bytes',
        ...messages.slice(1).map(hex => {
          const bytes = hex.length / 2
          return `sealed message, ${bytes} bytes: ${bytes - 16} with padding, and the tag`
        }),
      ],
    })
    expect(members).not.toHaveProperty('cut')
  })

  test.each(worked)('$name, cut in its last message, says so', async ({ stream }) => {
    const { members } = await inspect(stream.slice(0, -2))
    expect(members).toMatchObject({
      cut: 'the last message is not whole',
    })
  })

  test.each([
    [15, '15 bytes, too short for a sealed message'],
    [16, 'sealed message, 16 bytes: 0 with padding, and the tag'],
  ])('shows a message of %i bytes', async (bytes, told) => {
    const stream = worked[0]?.stream.slice(0, 170) ?? ''
    const short = bytes.toString(16).padStart(8, '0') + '00'.repeat(bytes)
    const { members } = await inspect(stream + short)
    expect(members).toMatchObject({
      messages: ['Noise message, 81 bytes', told],
    })
  })
})

describe('a message', () => {
  test.each([
    ['the introduction', trace.frames[0]?.message, 'post-handshake', { features: ['ctap', 'dc'] }],
    [
      'a request',
      trace.frames[1]?.message,
      'message:get-assertion-request',
      { rpId: 'example.com', uv: true },
    ],
    ['a response', trace.frames[2]?.message, 'message:get-assertion-response', { userSelected: true }],
    ['a bare request', trace.frames[1]?.message.slice(2), 'get-assertion-request', { rpId: 'example.com' }],
    ['a bare response', trace.frames[2]?.message.slice(2), 'get-assertion-response', { userSelected: true }],
    [
      'a registration',
      encodeHex(encodeMakeCredentialRequest(MAKE_CREDENTIAL)),
      'make-credential-request',
      { rk: true },
    ],
    [
      'a new passkey',
      encodeHex(chromiumCreate.response),
      'make-credential-response',
      { authData: { attestedCredential: { algorithm: 'ES256 (-7)' } } },
    ],
    [
      'a new post-quantum passkey',
      registered(encodeCoseKey({ type: 'akp', algorithm: -49, publicKey: new Uint8Array(1952) })),
      'make-credential-response',
      { authData: { attestedCredential: { algorithm: 'ML-DSA-65 (-49)' } } },
    ],
    [
      'a new passkey with a key that is too short',
      registered(
        encodeCbor(
          cborMap([
            [1, 7],
            [3, -49],
            [-1, new Uint8Array(9)],
          ]),
        ),
      ),
      'make-credential-response',
      { authData: { attestedCredential: { publicKey: { 1: 7 } } } },
    ],
    ['getInfo', encodeHex(GET_INFO), 'get-info', { versions: ['FIDO_2_0'] }],
    ['a getInfo response', `00${encodeHex(GET_INFO)}`, 'get-info-response', { versions: ['FIDO_2_0'] }],
    ['a getInfo request', '04', 'get-info-request', {}],
    ['a typed getInfo request', '0104', 'message:get-info-request', {}],
    ['an error', '2e', 'ctap-status', { statusName: 'ERR_NO_CREDENTIALS' }],
    ['an empty success', '01 00 a0', 'message:ctap-response', {}],
    ['a shutdown', '00', 'shutdown', {}],
    ['an update without a link', '02:a1:00:41:ff', 'update', {}],
    ['JSON', '037b7d', 'json', { json: {} }],
    ['some CBOR', 'a10102', 'cbor', { value: { 1: 2 } }],
  ])('%s is told by its members', async (_, hex = '', kind, members) => {
    expect(await inspect(hex)).toMatchObject({ kind, members })
  })

  test('with a link keeps the link secret', async () => {
    for (const { message, map } of update.slice(0, 1)) {
      const [whole, bare] = [
        await runHere(['inspect', message]),
        await runHere(['inspect', message.slice(2)]),
      ]
      expect(map).toContain(secrets.linkSecret)
      expect(whole.stdout).toContain('linkSecret: [redacted]')
      expect(whole.stdout + bare.stdout).not.toContain(secrets.linkSecret)
      expect((await runHere(['inspect', message, '--secrets'])).stdout).toContain(secrets.linkSecret)
    }
  })

  test('for people is one member a line, without what plays tricks on terminals', async () => {
    const { stdout } = await runHere(['inspect', '037b2261223a225c75303031625b326a227d'])
    expect(stdout).toBe('JSON message\n  json\n    a: \uFFFD[2j\n')
  })

  test.each([
    ['keys out of order', 'a202010102', { 1: 2, 2: 1 }],
    ['a longer form than needed', 'a1011801', { 1: 1 }],
    ['a float, and a byte string that may be secret', 'a201f93c00024401020304', { 1: 1, 2: '[4 bytes]' }],
    ['an indefinite length', '9f0102ff', [1, 2]],
  ])('CBOR with %s is shown, with the reason for which devices refuse it', async (_, hex, value) => {
    const shown = await inspect(hex)
    expect(shown).toMatchObject({ kind: 'cbor-refused', members: { value } })
    expect(shown['about']).toMatch(/^CBOR that every device refuses: .{10}/)
  })

  test.each(['ffff', '05ffff', '', 'abc', 'FIDO:/x'])('%j is nothing', async input => {
    const run = await runHere(['inspect', input, '--json'])
    expect(run.code).toBe(1)
    expect(eventsOf(run).at(-1)).toMatchObject({ event: 'error', fault: 'peer' })
  })
})
