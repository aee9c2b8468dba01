import { describe, expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import { MAX_MESSAGE_LENGTH } from '../../src/credentials/page-side/message-reader.js'
import { NO_DOCUMENT } from '../../src/credentials/page-side/page-messages.js'
import type { PageCredentialRequest } from '../../src/electron/page-request.js'
import { createRelyingParty } from '../../src/testing/relying-party.js'
import { CREATION, ORIGIN, testApp } from './app.js'
import { failureIn, StandInFrame } from './stand-in.js'
import type { StandInPage } from './stand-in.js'

const NOT_TOLD = 'The operation either timed out or was not allowed.'
const GET = { challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rpId: 'example.com' }

function clientData(reply: object): unknown {
  const { value } = reply as { value: { response: { clientDataJSON: string } } }
  return JSON.parse(Buffer.from(value.response.clientDataJSON, 'base64url').toString())
}

/** An app with a phone that nobody picks up. */
function waitingApp(): {
  page: StandInPage
  shown: Promise<AbortSignal>
  failures: unknown[]
  stop: () => void
} {
  const { promise: shown, resolve } = deferred<AbortSignal>()
  const { open, failures, stop } = testApp({ onQr: (_qr, _request, signal) => resolve(signal) })
  return { page: open(), shown, failures, stop }
}

describe('the origin', () => {
  test('is the frame’s, whatever the page says', async () => {
    const { open } = testApp()
    const reply = await open().call('create', { ...CREATION, origin: 'https://evil.example' })
    expect(clientData(reply)).toMatchObject({ origin: ORIGIN, crossOrigin: false })
  })

  test.each([
    ['one of another', 'https://top.example', [], { crossOrigin: true, topOrigin: 'https://top.example' }],
    ['one of another between', ORIGIN, ['https://ads.example'], { crossOrigin: true, topOrigin: ORIGIN }],
    ['one of the same', ORIGIN, [], { crossOrigin: false }],
  ])('of a frame inside %s is told with what is around it', async (_, top, between, told) => {
    const asked: PageCredentialRequest[] = []
    const { open } = testApp({ permit: request => asked.push(request) > 0 })
    const page = open(top)
    const outer = between.reduce((parent, origin) => new StandInFrame(origin, parent), page.main)
    const reply = await page.call('create', CREATION, new StandInFrame(ORIGIN, outer))
    expect(clientData(reply)).toMatchObject({ origin: ORIGIN, ...told })
    expect(asked).toMatchObject([{ origin: ORIGIN, topOrigin: top, crossOrigin: told.crossOrigin }])
  })

  test.each(['null', 'file://', 'app://acme', 'http://example.com'])('%s asks in vain', async origin => {
    const { open } = testApp()
    expect(failureIn(await open(origin).call('create', CREATION)).name).toBe('SecurityError')
  })

  test('of an app may ask where the embedder vouches for it', async () => {
    const { open } = testApp({ permit: () => ({ appRpIds: ['example.com'] }) })
    const creation = { ...CREATION, rp: { id: 'example.com', name: 'Acme' } }
    expect(clientData(await open('app://acme').call('create', creation))).toMatchObject({
      origin: 'app://acme',
    })
  })
})

test('what a page registers, it can sign in with', async () => {
  const { open, phone } = testApp()
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const page = open()
  const created = (await page.call('create', await rp.creationOptions())) as { value: never }
  await rp.register(created.value)
  const signedIn = (await page.call('get', await rp.requestOptions())) as { value: never }
  await rp.signIn(signedIn.value)
  expect(await phone.store.list()).toHaveLength(1)
})

describe('a page that is not permitted', () => {
  test.each([false, undefined, null, 'yes', 1])('because permit says %s is refused', async answer => {
    const { open, phone } = testApp({ permit: () => answer as never })
    const failure = failureIn(await open().call('create', CREATION))
    expect(failure).toEqual({ name: 'NotAllowedError', message: 'this page may not ask for passkeys' })
    expect(await phone.store.list()).toEqual([])
  })

  test('because permit throws is refused, and not told why', async () => {
    const { open, failures } = testApp({ permit: () => Promise.reject(new Error('secret')) })
    const failure = failureIn(await open().call('get', GET))
    expect(failure).toEqual({ name: 'OperationError', message: NOT_TOLD })
    expect(failures).toMatchObject([{ code: 'callback-failed', cause: { cause: { message: 'secret' } } }])
  })

  test('is told first where its options are at fault', async () => {
    const { open } = testApp({ permit: () => false })
    const page = open()
    expect(failureIn(await page.call('create', { ...CREATION, rp: 1 })).name).toBe('TypeError')
    expect(failureIn(await page.call('get', { challenge: 1 })).name).toBe('TypeError')
    expect(failureIn(await page.call('get', undefined)).name).toBe('NotSupportedError')
  })

  test('sends no signals', async () => {
    const { open } = testApp({ permit: ({ call }) => call === 'create' })
    const options = { rpId: 'example.com', credentialId: 'AAAA' }
    expect(failureIn(await open().call('signalUnknownCredential', options)).name).toBe('NotAllowedError')
  })
})

describe('a hostile page', () => {
  const asked = (publicKey: string): string =>
    `{"kind":"create","request":1,"document":"d","publicKey":${publicKey}}`

  test.each([
    ['no text', { kind: 'create' }],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '["create"]'],
    ['no kind', '{"request":1,"document":"d"}'],
    ['a kind that is not known', '{"kind":"forget","request":1,"document":"d"}'],
    ['a kind that every object has', '{"kind":"toString","request":1,"document":"d"}'],
    ['a kind that is inherited', '{"__proto__":{"kind":"create","request":1,"document":"d"}}'],
    ['no document', '{"kind":"create","request":1}'],
    ['a request without a number', '{"kind":"create","request":"1","document":"d"}'],
    ['brackets without end', '['.repeat(MAX_MESSAGE_LENGTH)],
    ['no options', '{"kind":"signalUnknownCredential","document":"d"}'],
    ['options of another shape', asked('{"rp":[]}')],
    ['options that are text', asked('"challenge"')],
    ['text for bytes', asked(JSON.stringify(CREATION))],
    ['brackets in brackets', asked('['.repeat(100_000) + ']'.repeat(100_000))],
  ])('that sends %s gets a TypeError', async (_, text) => {
    const { open } = testApp()
    expect(failureIn(await open().send(text)).name).toBe('TypeError')
  })

  test.each([
    [MAX_MESSAGE_LENGTH - 1, 'value'],
    [MAX_MESSAGE_LENGTH, 'value'],
    [MAX_MESSAGE_LENGTH + 1, 'error'],
  ])('that sends %i letters gets a %s', async (length, member) => {
    const { open } = testApp()
    expect(
      await open().send('{"kind":"getClientCapabilities","document":"d"}'.padEnd(length)),
    ).toHaveProperty(member)
  })

  test('is answered without a frame only where it makes no difference', async () => {
    const { open } = testApp()
    const page = open()
    expect(failureIn(await page.send(asked('{}'), null)).name).toBe('NotAllowedError')
    expect(await page.send(NO_DOCUMENT, null)).toEqual({})
    expect(await page.send('{"kind":"abort","request":1,"document":"d"}', null)).toEqual({})
  })
})

describe('an error', () => {
  test('keeps its name, and its message where the options are at fault', async () => {
    const { open } = testApp()
    const page = open()
    const failures = [
      await page.call('create', { ...CREATION, rp: { id: 'other.example', name: 'Other' } }),
      await page.call('create', undefined),
      await page.call('create', { ...CREATION, challenge: '!' }),
    ].map(failureIn)
    expect(failures.map(({ name }) => name)).toEqual(['SecurityError', 'NotSupportedError', 'TypeError'])
    expect(failures.map(({ message }) => message)).not.toContain(NOT_TOLD)
  })

  test('of the phone keeps its name, and no more', async () => {
    const { open } = testApp()
    const page = open()
    const created = (await page.call('create', CREATION)) as { value: { id: string } }
    const excludeCredentials = [{ type: 'public-key', id: created.value.id }]
    const failure = failureIn(await page.call('create', { ...CREATION, excludeCredentials }))
    expect(failure).toEqual({ name: 'InvalidStateError', message: NOT_TOLD })
  })
})

describe('a frame', () => {
  test('has one request at a time, and another frame its own', async () => {
    const { page, shown } = waitingApp()
    const first = page.call('get', GET)
    await shown
    expect(failureIn(await page.call('get', GET)).name).toBe('OperationError')
    const other = page.call('get', GET, new StandInFrame(ORIGIN, page.main))
    page.navigate()
    expect(failureIn(await first).name).toBe('AbortError')
    expect(failureIn(await other).name).toBe('AbortError')
  })

  const leaving: [string, (page: StandInPage, stop: () => void) => unknown][] = [
    ['is navigated or reloaded', page => page.navigate()],
    ['is navigated, and nobody knows which', page => page.navigate(null)],
    ['is closed', page => page.emit('destroyed')],
    ['crashes', page => page.emit('render-process-gone', {}, { reason: 'crashed' })],
    ['aborts', page => page.abort()],
    ['has another document', page => page.send('{"kind":"begin","document":"second"}')],
    ['has no document any more', page => page.send(NO_DOCUMENT)],
    ['is served no more', (_page, stop) => stop()],
  ]
  test.each(leaving)('that %s ends its request', async (_, leave) => {
    const { page, shown, stop } = waitingApp()
    const pending = page.call('get', GET)
    const signal = await shown
    expect(signal.aborted).toBe(false)
    await leave(page, stop)
    expect(failureIn(await pending).name).toBe('AbortError')
    await expect.poll(() => signal.aborted).toBe(true)
  })

  test('that goes with the frame around it ends its request', async () => {
    const { page, shown } = waitingApp()
    const outer = new StandInFrame(ORIGIN, page.main)
    const pending = page.call('get', GET, new StandInFrame(ORIGIN, outer))
    await shown
    page.navigate(outer)
    expect(failureIn(await pending).name).toBe('AbortError')
  })

  test('stays where its document or another frame goes on', async () => {
    const { page, shown } = waitingApp()
    const inner = new StandInFrame(ORIGIN, page.main)
    const pending = page.call('get', GET)
    const signal = await shown
    page.navigate(page.main, true)
    page.navigate(inner)
    await page.abort(inner)
    await page.send(NO_DOCUMENT, inner)
    await page.send('{"kind":"begin","document":"first"}')
    await page.send('{"kind":"abort","request":2,"document":"first"}')
    await page.send('{"kind":"abort","request":1,"document":"second"}')
    expect(signal.aborted).toBe(false)
    page.navigate()
    await pending
  })

  test('asks again after it was reloaded', async () => {
    const { page, shown } = waitingApp()
    const first = page.call('get', GET)
    await shown
    page.navigate()
    const second = page.call('get', GET)
    await first
    page.navigate()
    expect(failureIn(await second).name).toBe('AbortError')
  })
})

test('what is missing is told at once', () => {
  const missing = expect.objectContaining({ code: 'argument-invalid' }) as unknown
  expect(() => testApp({ onQr: undefined })).toThrow(missing)
  expect(() => testApp({ client: undefined })).toThrow(missing)
})

test('an app that is served no more has no handler', () => {
  const { ipcMain, stop } = testApp()
  expect([...ipcMain.handlers.keys()]).toEqual(['fido-hybrid:credentials'])
  stop()
  expect(ipcMain.handlers.size).toBe(0)
})
