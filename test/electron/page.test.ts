import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ContainerCredentialClass } from '../../src/credentials/container-statics.js'
import { exposeCredentials } from '../../src/electron/expose-credentials.js'
import { installInPage } from '../../src/electron/install-in-page.js'
import type { PageGlobal } from '../../src/electron/install-in-page.js'
import type { PageBridge } from '../../src/electron/page-bridge.js'
import type { ServeCredentialsOptions } from '../../src/electron/serve-options.js'
import { createRelyingParty } from '../../src/testing/relying-party.js'
import { CREATION, ORIGIN, testApp } from './app.js'
import type { TestApp } from './app.js'
import type { StandInPage } from './stand-in.js'

afterEach(() => void vi.unstubAllGlobals())

interface OpenPage extends TestApp {
  readonly page: StandInPage
  readonly global: PageGlobal & {
    navigator: { credentials?: CredentialsContainer }
    PublicKeyCredential: ContainerCredentialClass
  }
  readonly asked: string[]
}

type CredentialsContainer = Record<'create' | 'get', (options?: object) => Promise<object | null>>

/** A page’s world whose bridge leads to an app. */
function openPage(changes: Partial<ServeCredentialsOptions> = {}, origin = ORIGIN): OpenPage {
  const app = testApp(changes)
  const page = app.open(origin)
  const asked: string[] = []
  const bridge: PageBridge = {
    ask: async text => {
      asked.push((JSON.parse(text) as { call: string }).call)
      return JSON.stringify(await page.send(text))
    },
  }
  const global = { isSecureContext: true, location: { origin }, navigator: {} }
  installInPage(global, bridge)
  return { ...app, page, global: global as never, asked }
}

describe('navigator.credentials', () => {
  test('is what @simplewebauthn/browser registers and signs in with', async () => {
    const { global } = openPage()
    for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(global)))
      vi.stubGlobal(name, value.value)
    vi.stubGlobal('window', globalThis)
    const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
    const registration = await startRegistration({ optionsJSON: await rp.creationOptions() })
    await rp.register(registration)
    const authentication = await startAuthentication({ optionsJSON: await rp.requestOptions() })
    await rp.signIn(authentication)
    expect(authentication.id).toBe(registration.id)
  })

  test('asks nobody for what is conditional or silent', async () => {
    const { global, asked } = openPage()
    const { credentials } = global.navigator
    const publicKey = { challenge: new Uint8Array(16) }
    expect(await credentials?.get({ publicKey, mediation: 'silent' })).toBeNull()
    const controller = new AbortController()
    const pending = credentials?.get({ publicKey, mediation: 'conditional', signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
    expect(asked).toEqual([])
  })

  test('cancels what its signal ends', async () => {
    const controller = new AbortController()
    const { global, asked, failures } = openPage({ onQr: () => controller.abort() })
    const pending = global.navigator.credentials?.create({ publicKey: CREATION, signal: controller.signal })
    const error = await pending?.catch((reason: unknown) => reason)
    expect(error).toBe(controller.signal.reason)
    await expect.poll(() => failures).toMatchObject([{ name: 'AbortError' }])
    expect(asked).toEqual(['create', 'cancel'])
  })

  test.each([
    [false, ORIGIN],
    [true, 'null'],
    [true, 'http://10.0.0.1'],
  ])('stays as it was where a page that is secure (%s) has the origin %s', (isSecureContext, origin) => {
    const global = { isSecureContext, location: { origin }, navigator: {} }
    installInPage(global, { ask: () => Promise.reject(new Error('not asked')) })
    expect(Object.keys(global.navigator)).toEqual([])
    expect(Object.getOwnPropertyNames(global)).not.toContain('PublicKeyCredential')
  })

  test('is there for apps whose origin is vouched for', async () => {
    const { global } = openPage({ permit: () => ({ appRpIds: ['example.com'] }) }, 'app://acme')
    const publicKey = { ...CREATION, rp: { id: 'example.com', name: 'Acme' } }
    expect(await global.navigator.credentials?.create({ publicKey })).toMatchObject({ type: 'public-key' })
  })
})

test('static methods are the main process’s', async () => {
  const { global, asked } = openPage()
  const { PublicKeyCredential: own } = global
  const capabilities = await own.getClientCapabilities()
  expect(capabilities).toMatchObject({ hybridTransport: true, relatedOrigins: false })
  expect(await own.isConditionalMediationAvailable()).toBe(false)
  const signals = {
    signalUnknownCredential: { rpId: 'example.com', credentialId: 'AAAA' },
    signalAllAcceptedCredentials: { rpId: 'example.com', userId: 'AAAA', allAcceptedCredentialIds: [] },
    signalCurrentUserDetails: { rpId: 'example.com', userId: 'AAAA', name: 'n', displayName: 'd' },
  } as const
  for (const [name, options] of Object.entries(signals)) {
    const signal = (own as unknown as Record<string, (options: object) => Promise<void>>)[name]
    await signal?.(options)
    await expect(signal?.({ ...options, rpId: 'other.example' })).rejects.toMatchObject({
      name: 'SecurityError',
    })
  }
  expect(asked).toEqual(['getClientCapabilities', ...Object.keys(signals).flatMap(name => [name, name])])
})

test('a preload script exposes text only, and cancels when its page goes', async () => {
  vi.stubGlobal('FIDO_HYBRID_PAGE_SCRIPT', 'the script')
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
  })
  expect(exposed).toEqual([['fidoHybridBridge', { ask: expect.any(Function) as unknown }]])
  expect(ran).toEqual(['the script'])
  target.dispatchEvent(new Event('pagehide'))
  await Promise.resolve()
  expect(sent).toEqual(['fido-hybrid:credentials {"call":"cancel"}'])
})
