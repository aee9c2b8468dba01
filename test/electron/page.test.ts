import { runInThisContext } from 'node:vm'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import { pageScript } from '../../src/credentials/page-side/page-script.js'
import type { SendMessage } from '../../src/credentials/page-side/page-messages.js'
import { exposeCredentials } from '../../src/electron/expose-credentials.js'
import type { PageCredentialRequest } from '../../src/electron/page-request.js'
import type { ServeCredentialsOptions } from '../../src/electron/serve-options.js'
import { createRelyingParty } from '../../src/testing/relying-party.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import { CREATE, GET } from '../support/page-scripts.js'
import { pageWorld } from '../support/page-world.js'
import type { PageWorld } from '../support/page-world.js'
import { createTestPhone } from '../support/virtual-phone.js'
import { ORIGIN, testApp } from './app.js'
import type { TestApp } from './app.js'

afterEach(() => void vi.unstubAllGlobals())

interface OpenPage extends TestApp, PageWorld {
  readonly asked: string[]
}

/** What a preload script gives a page. */
const EXPOSED = { sender: 'sender', digital: true, keepsPolicy: false }

/** A page’s world whose bridge leads to an app. */
function openPage(
  changes: Partial<ServeCredentialsOptions> = {},
  { origin = ORIGIN, isSecure = true } = {},
): OpenPage {
  const app = testApp(changes, {
    wallet: new VirtualWallet({ credentials: { [PROTOCOL]: { vp_token: {} } } }),
  })
  const { send, asked } = sender(app, origin)
  const before = `isSecureContext = ${isSecure}; origin = '${origin}'`
  return { ...app, ...pageWorld({ ...EXPOSED, send, before }), asked }
}

function sender(app: TestApp, origin = ORIGIN): { send: SendMessage; asked: string[] } {
  const page = app.open(origin)
  const asked: string[] = []
  const send: SendMessage = async text => {
    asked.push((JSON.parse(text) as { kind: string }).kind)
    return JSON.stringify(await page.send(text))
  }
  return { send, asked }
}

const PROTOCOL = 'openid4vp-v1-unsigned'
const DIGITAL = `{ requests: [{ protocol: '${PROTOCOL}', data: { nonce: 'n' } }] }`

describe('navigator.credentials', () => {
  test('is what @simplewebauthn/browser registers and signs in with', async () => {
    const { send } = sender(testApp())
    const classes = ['PublicKeyCredential', 'DigitalCredential', 'AuthenticatorResponse']
    const responses = ['AuthenticatorAttestationResponse', 'AuthenticatorAssertionResponse']
    for (const name of [...classes, ...responses]) vi.stubGlobal(name, undefined)
    const page = { isSecureContext: true, origin: ORIGIN, navigator: {}, window: globalThis, sender: send }
    for (const [name, value] of Object.entries(page)) vi.stubGlobal(name, value)
    runInThisContext(pageScript(EXPOSED))
    const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
    const registration = await startRegistration({ optionsJSON: await rp.creationOptions() })
    await rp.register(registration)
    const authentication = await startAuthentication({ optionsJSON: await rp.requestOptions() })
    await rp.signIn(authentication)
    expect(authentication.id).toBe(registration.id)
  })

  test('tells the main process what its signal ends', async () => {
    const { run, outcome, asked, failures } = openPage({ onQr: () => run('controller.abort()') })
    run('globalThis.controller = new AbortController()')
    const told = await outcome(GET.replace('{', '{ signal: controller.signal,'))
    expect(told).toMatchObject({ name: 'AbortError' })
    await expect.poll(() => failures).toMatchObject([{ name: 'AbortError' }])
    expect(asked).toEqual(['begin', 'get', 'abort'])
  })

  test.each([
    [ORIGIN, false],
    ['http://10.0.0.1', false],
  ])('stays as it was in a page of %s that is not secure', (origin, isSecure) => {
    const { run } = openPage({}, { origin, isSecure })
    expect(run('String(navigator.credentials.create)')).toContain('native create')
    expect(run('typeof PublicKeyCredential')).toBe('undefined')
  })

  test.each([
    ['null', 'NotAllowedError'],
    ['http://10.0.0.1', 'SecurityError'],
    ['app://acme', 'SecurityError'],
  ])('refuses a page of %s: %s', async (origin, name) => {
    const { outcome } = openPage({}, { origin })
    expect(await outcome(CREATE)).toMatchObject({ name, isDomException: true })
  })

  test('is there for apps whose origin is vouched for', async () => {
    const { outcome } = openPage({ permit: () => ({ appRpIds: ['example.com'] }) }, { origin: 'app://acme' })
    const create = CREATE.replace('rp: {', `rp: { id: 'example.com',`)
    expect(await outcome(`${create}.then(made => made.type)`)).toBe('public-key')
  })

  test('asks the wallet of a phone, if permit agrees', async () => {
    const asked: Partial<PageCredentialRequest>[] = []
    const { outcome } = openPage({ permit: request => asked.push(request) > 0 })
    const told = await outcome(`navigator.credentials.get({ digital: ${DIGITAL} })
      .then(got => [got instanceof DigitalCredential, got instanceof Credential, got.type, got.toJSON()])`)
    expect(told).toEqual([true, true, 'digital', { protocol: PROTOCOL, data: { vp_token: {} } }])
    expect(asked).toMatchObject([{ call: 'get', digital: true, origin: ORIGIN, rpId: undefined }])
  })

  test.each([
    ['get', 'dcp'],
    ['create', 'dci'],
  ])('has a window for what it asks a wallet by %s: %s', async (kind, requestType) => {
    const seen: string[] = []
    const { outcome } = openPage({
      onQr: undefined,
      window: request => {
        seen.push(request.requestType, request.rpId)
        request.cancel()
        return { step: () => undefined, close: () => undefined }
      },
    })
    const digital = DIGITAL.replace(PROTOCOL, kind === 'get' ? PROTOCOL : 'openid4vci-v1')
    const told = await outcome(`navigator.credentials.${kind}({ digital: ${digital} })`)
    expect(told).toMatchObject({ name: 'NotAllowedError', message: 'the user ended the request' })
    expect(seen).toEqual([requestType, 'login.example.com'])
  })

  test('knows nothing of digital credentials where its client asks no wallets', async () => {
    const client = new LocalClient({ authenticator: createTestPhone().phone })
    const { outcome } = openPage({ client, onQr: undefined })
    const getting = await outcome(`navigator.credentials.get({ digital: ${DIGITAL} })`)
    const both = CREATE.replace('{ publicKey', `{ digital: ${DIGITAL}, publicKey`)
    expect(getting).toMatchObject({ name: 'NotSupportedError', isDomException: true })
    expect(await outcome(`${both}.then(made => made.type)`)).toBe('public-key')
  })
})

test('static methods are the main process’s', async () => {
  const { outcome, asked } = openPage()
  const call = (name: string, options?: object): Promise<unknown> =>
    outcome(`PublicKeyCredential.${name}(${options === undefined ? '' : JSON.stringify(options)})`)
  expect(await call('getClientCapabilities')).toMatchObject({ hybridTransport: true, relatedOrigins: false })
  expect(await call('isUserVerifyingPlatformAuthenticatorAvailable')).toBe(false)
  expect(await call('isConditionalMediationAvailable')).toBe(false)
  const signals = {
    signalUnknownCredential: { rpId: 'example.com', credentialId: 'AAAA' },
    signalAllAcceptedCredentials: { rpId: 'example.com', userId: 'AAAA', allAcceptedCredentialIds: [] },
    signalCurrentUserDetails: { rpId: 'example.com', userId: 'AAAA', name: 'n', displayName: 'd' },
  } as const
  for (const [name, options] of Object.entries(signals)) {
    expect(await call(name, options)).toBeUndefined()
    expect(await call(name, { ...options, rpId: 'other.example' })).toMatchObject({ name: 'SecurityError' })
  }
  const general = ['begin', 'getClientCapabilities', 'isUserVerifyingPlatformAuthenticatorAvailable']
  expect(asked).toEqual([...general, ...Object.keys(signals).flatMap(name => [name, name])])
})

test.each([true, false])('a preload script exposes text only (digital: %s)', async digital => {
  const target = new EventTarget()
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  const exposed: [string, object][] = []
  const ran: string[] = []
  const sent: string[] = []
  exposeCredentials({
    contextBridge: { exposeInMainWorld: (name, api) => exposed.push([name, api]) },
    ipcRenderer: {
      invoke: (channel, text) => Promise.resolve(sent.push(`${channel} ${text}`)),
    },
    webFrame: { executeJavaScript: code => Promise.resolve(ran.push(code)) },
    digital,
  })
  expect(exposed).toEqual([['fidoHybridBridge', expect.any(Function)]])
  expect(ran).toEqual([pageScript({ sender: 'fidoHybridBridge', digital, keepsPolicy: false })])
  target.dispatchEvent(new Event('pagehide'))
  await Promise.resolve()
  expect(sent).toEqual(['fido-hybrid:credentials {"kind":"begin","document":""}'])
})
