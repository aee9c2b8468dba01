import { expect, test } from 'vitest'
import type { CtapExchange } from '../../src/client/hybrid-client.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import { decodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { LocalClient } from '../../src/client/local-client.js'
import { createPair } from '../support/pair.js'
import type { Pair } from '../support/pair.js'
import { createTestPhone } from '../support/virtual-phone.js'
import type { CeremonyOptions } from '../../src/client/hybrid-client.js'
import type { PublicSuffix } from '../../src/webauthn/public-suffixes.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import { chromiumCreate, chromiumGet } from '../ctap/recorded.js'
import { clientDataOf } from './ceremonies.js'

/** The phone gives a recorded answer, whatever it is asked. */
function answering(getInfo: Uint8Array, response: Uint8Array): Pair {
  return createPair({}, { handler: { getInfo: () => getInfo, handle: () => Promise.resolve(response) } })
}

function ceremonyOf({ phone }: Pair, changes: Partial<CeremonyOptions>): CeremonyOptions {
  return {
    origin: clientDataOf(chromiumGet).origin,
    onQr: qr => phone.scan(qr.url, { source: 'camera' }),
    ...changes,
  }
}

const request = { challenge: clientDataOf(chromiumGet).challenge, rpId: 'localhost' }

test('the CTAP exchange is shown as it went over the wire, in copies', async () => {
  const pair = answering(chromiumGet.getInfo, chromiumGet.response)
  const seen: CtapExchange[] = []
  const onCtap = (exchange: CtapExchange): void => {
    seen.push({ request: exchange.request.slice(), response: exchange.response.slice() })
    exchange.response.fill(0)
  }
  const { id } = await pair.client.get(request, ceremonyOf(pair, { onCtap }))
  expect(id).toBe(chromiumGet.page['id'])
  expect(seen).toEqual([{ request: chromiumGet.request, response: chromiumGet.response }])
})

test('an answer that is refused is shown as well', async () => {
  const pair = answering(chromiumCreate.getInfo, Uint8Array.of(0x19))
  const seen: CtapExchange[] = []
  const onCtap = (exchange: CtapExchange): void => {
    seen.push(exchange)
  }
  const origin = 'https://example.com'
  await expect(pair.client.create(CREATION_OPTIONS, ceremonyOf(pair, { onCtap, origin }))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidStateError' }),
  )
  expect(seen.map(({ response }) => response)).toEqual([Uint8Array.of(0x19)])
  expect(decodeMakeCredentialRequest(seen[0]?.request ?? new Uint8Array()).rp.id).toBe('example.com')
})

test('a listener that throws ends the ceremony', async () => {
  const pair = answering(chromiumGet.getInfo, chromiumGet.response)
  const onCtap = (): void => {
    throw new Error('mine')
  }
  const failure: unknown = await pair.client
    .get(request, ceremonyOf(pair, { onCtap }))
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(WebAuthnError)
  expect(failure).toMatchObject({ name: 'OperationError', code: 'callback-failed', message: 'onCtap threw' })
})

test('a related origin may claim the RP ID, and is the one that is signed', async () => {
  const pair = answering(chromiumGet.getInfo, Uint8Array.of(0x2e))
  const origin = 'https://example.de'
  let sent = new Uint8Array()
  const changes: Partial<CeremonyOptions> = {
    origin,
    fetchRelatedOrigins: () => Promise.resolve(Response.json({ origins: [origin] })),
    onCtap: exchange => {
      sent = new Uint8Array(exchange.request)
    },
  }
  const options = { challenge: 'AQID', rpId: 'example.com' }
  await expect(pair.client.get(options, ceremonyOf(pair, changes))).rejects.toThrow(
    expect.objectContaining({ name: 'NotAllowedError' }),
  )
  const clientData = `{"type":"webauthn.get","challenge":"AQID","origin":"${origin}","crossOrigin":false}`
  expect(decodeGetAssertionRequest(sent)).toMatchObject({
    rpId: 'example.com',
    clientDataHash: nobleProvider.sha256(encodeUtf8(clientData)),
  })
})

test('nothing is fetched unless the caller gives the means', async () => {
  const pair = answering(chromiumGet.getInfo, chromiumGet.response)
  const options = { challenge: 'AQID', rpId: 'example.com' }
  const ceremony = ceremonyOf(pair, { origin: 'https://example.de' })
  await expect(pair.client.get(options, ceremony)).rejects.toThrow(
    expect.objectContaining({ name: 'SecurityError', code: 'rp-id-mismatch' }),
  )
})

const claiming = { challenge: 'AQID', rpId: 'example.com' }

test('a client without public suffixes refuses what it cannot judge', async () => {
  const { client } = createPair({ publicSuffixes: undefined })
  const ceremony = { origin: 'https://login.example.com', onQr: () => undefined }
  await expect(client.get(claiming, ceremony)).rejects.toMatchObject({
    name: 'SecurityError',
    code: 'rp-id-mismatch',
    cause: { cause: { code: 'capability-missing' } },
  })
})

test.each<[string, () => PublicSuffix]>([
  [
    'throw',
    () => {
      throw new Error('mine')
    },
  ],
  ['reject', () => Promise.reject<PublicSuffix>(new Error('mine')) as unknown as PublicSuffix],
])('public suffixes of the caller that %s are the caller’s error', async (_, publicSuffixes) => {
  const { client } = createPair({ publicSuffixes })
  const ceremony = { origin: 'https://login.example.com', onQr: () => undefined }
  await expect(client.get(claiming, ceremony)).rejects.toMatchObject({
    name: 'OperationError',
    code: 'callback-failed',
  })
})

test.each([undefined, null, 'com', 7])('public suffixes that answer %j allow nothing', async answer => {
  const publicSuffixes = (): PublicSuffix => answer as unknown as PublicSuffix
  const { client } = createPair({ publicSuffixes })
  const ceremony = { origin: 'https://login.example.com', onQr: () => undefined }
  await expect(client.get(claiming, ceremony)).rejects.toMatchObject({ code: 'rp-id-mismatch' })
})

test('a client on this device takes public suffixes of the caller', async () => {
  const { phone: authenticator } = createTestPhone()
  const publicSuffixes = (): PublicSuffix => ({ suffix: 'example.com', listed: true })
  const client = new LocalClient({ authenticator, publicSuffixes })
  const ceremony = { origin: 'https://login.example.com' }
  await expect(client.get(claiming, ceremony)).rejects.toMatchObject({ code: 'rp-id-mismatch' })
})
