import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventEmitter } from 'node:events'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { deferred } from '../../src/async/deferred.js'
import { passkeyWindow } from '../../src/electron/passkey-window.js'
import type { PasskeyWindowPart } from '../../src/electron/passkey-window.js'
import type { ServeCredentialsOptions } from '../../src/electron/serve-options.js'
import { createRelyingParty } from '../../src/testing.js'
import type { LabPhoneOptions } from '../../src/testing.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import { testApp } from '../electron/app.js'
import type { TestApp } from '../electron/app.js'
import { accessibilityFaults } from './support/accessibility.js'
import { screenshot, useChromium } from './support/chromium.js'
import { attachPreload, bundlePreload } from './support/electron.js'

const chromium = useChromium()
let preload: string
let servers: readonly Server[]
let top: string
let other: string

const EARLY =
  '<script>globalThis.early = PublicKeyCredential.parseCreationOptionsFromJSON.toString()</script>'

beforeAll(async () => {
  preload = await bundlePreload()
  const library = await build({
    entryPoints: ['node_modules/@simplewebauthn/browser/esm/index.js'],
    bundle: true,
    format: 'iife',
    globalName: 'webauthn',
    write: false,
  })
  servers = [0, 1].map(() =>
    createServer((request, response) => {
      const isScript = request.url === '/webauthn.js'
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
      response.end(
        isScript
          ? library.outputFiles[0]?.text
          : `<!doctype html><title>Page</title>${EARLY}<script src="/webauthn.js"></script>`,
      )
    }),
  )
  ;[top = '', other = ''] = await Promise.all(
    servers.map(async server => {
      await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
      return `http://localhost:${(server.address() as AddressInfo).port}`
    }),
  )
})
afterAll(() => {
  for (const server of servers) server.close()
})

interface AppPage extends TestApp {
  readonly page: Page
}

async function openApp(
  changes: Partial<ServeCredentialsOptions> = {},
  phoneOptions?: LabPhoneOptions,
): Promise<AppPage> {
  const app = testApp(changes, phoneOptions)
  const page = await chromium.open('about:blank', { expectedErrors: [/favicon/] })
  await attachPreload(page, preload, app.ipcMain)
  await page.goto(`${top}/`)
  return { ...app, page }
}

const GET = `navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16) } })`
const CREATE = `navigator.credentials.create({ publicKey: {
  challenge: new Uint8Array(16), rp: { name: 'Acme' }, user: { id: new Uint8Array(4), name: 'n', displayName: 'd' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
} })`
const named = (call: string): string => `${call}.then(() => 'done', error => error.name)`

/** An app with a phone that nobody picks up. */
async function waitingApp(): Promise<AppPage & { shown: Promise<AbortSignal> }> {
  const { promise: shown, resolve } = deferred<AbortSignal>()
  return { ...(await openApp({ onQr: (_qr, _request, signal) => resolve(signal) })), shown }
}

describe('a page of an app', () => {
  test('registers and signs in with @simplewebauthn/browser', async () => {
    const { page, phone } = await openApp()
    const rp = await createRelyingParty({ origin: top })
    const perform = <Response>(name: string, optionsJSON: unknown): Promise<Response> =>
      page.evaluate<Response>(`webauthn.${name}({ optionsJSON: ${JSON.stringify(optionsJSON)} })`)
    await rp.register(await perform('startRegistration', await rp.creationOptions()))
    await rp.signIn(await perform('startAuthentication', await rp.requestOptions()))
    expect(await phone.store.list()).toHaveLength(1)
  })

  test('has classes that its objects are instances of, before its own scripts run', async () => {
    const { page } = await openApp()
    expect(await page.evaluate('early')).not.toContain('native code')
    expect(
      await page.evaluate(`${CREATE}.then(made => [
        made instanceof PublicKeyCredential, made instanceof Credential, made.rawId instanceof ArrayBuffer,
        made.response instanceof AuthenticatorAttestationResponse, made.response instanceof AuthenticatorResponse,
        navigator.credentials instanceof CredentialsContainer, typeof made.toJSON().id,
      ])`),
    ).toEqual([true, true, true, true, true, true, 'string'])
  })

  test('gets errors by their names, as its own DOMException', async () => {
    const { page } = await openApp({ permit: () => false })
    expect(
      await page.evaluate(
        `${GET}.catch(error => [error.name, error instanceof DOMException, error.message])`,
      ),
    ).toEqual(['NotAllowedError', true, 'this page may not ask for passkeys'])
    expect(await page.evaluate(named('navigator.credentials.create({ publicKey: { rp: 1 } })'))).toBe(
      'TypeError',
    )
  })

  test('asks the wallet of a phone', async () => {
    const protocol = 'openid4vp-v1-unsigned'
    const wallet = new VirtualWallet({ credentials: { [protocol]: { vp_token: {} } } })
    const { page } = await openApp({}, { wallet })
    const call = `navigator.credentials.get({ digital: { requests: [{ protocol: '${protocol}', data: {} }] } })`
    expect(
      await page.evaluate(
        `${call}.then(got => [got instanceof DigitalCredential, got instanceof Credential, got.toJSON()])`,
      ),
    ).toEqual([true, true, { protocol, data: { vp_token: {} } }])
  })

  test('gets no further with messages of its own making', async () => {
    const { page } = await openApp({ permit: () => false })
    const told =
      await page.evaluate(`Promise.all(['{', '{"kind":"get","request":1,"document":"d","publicKey":{"challenge":{"$bytes":"AAAA"}}}', 'x'.repeat(300000)]
      .map(text => fidoHybridBridge(text)))`)
    expect((told as string[]).map(text => (JSON.parse(text) as { error: object }).error)).toMatchObject([
      { name: 'TypeError' },
      { name: 'NotAllowedError' },
      { name: 'TypeError' },
    ])
  })

  test('waits for its signal where the request is conditional, without a QR code', async () => {
    const { page, failures } = await openApp({ onQr: () => expect.unreachable() })
    const told = await page.evaluate(`{
      const controller = new AbortController()
      const pending = navigator.credentials.get({ mediation: 'conditional', signal: controller.signal,
        publicKey: { challenge: new Uint8Array(16) } })
      controller.abort()
      ${named('pending')}
    }`)
    expect(told).toBe('AbortError')
    expect(failures).toEqual([])
  })
})

describe('a request ends', () => {
  test.each<[string, (page: Page) => Promise<unknown>]>([
    ['is reloaded', page => page.reload()],
    ['goes elsewhere', page => page.goto(other)],
    ['is closed', page => page.close()],
  ])('when its page %s', async (_, leave) => {
    const { page, shown, failures } = await waitingApp()
    await page.evaluate(`void ${GET}`)
    const signal = await shown
    await page.evaluate(`location.hash = 'here'`)
    expect(signal.aborted).toBe(false)
    await leave(page)
    await expect.poll(() => failures).toMatchObject([{ name: 'AbortError' }])
    expect(signal.aborted).toBe(true)
  })

  test('when its frame is removed', async () => {
    const { page, shown, failures } = await waitingApp()
    await page.evaluate(`new Promise(resolve => {
      const frame = document.createElement('iframe')
      Object.assign(frame, { src: '/', onload: resolve })
      document.body.append(frame)
    })`)
    await page.frames()[1]?.evaluate(`void ${GET}`)
    const signal = await shown
    await page.evaluate(`document.querySelector('iframe').remove()`)
    await expect.poll(() => failures).toMatchObject([{ name: 'AbortError' }])
    expect(signal.aborted).toBe(true)
  })
})

test('a frame of another origin is told from the page around it', async () => {
  const { page } = await openApp()
  await page.evaluate(`new Promise(resolve => {
    const frame = document.createElement('iframe')
    Object.assign(frame, { src: '${other}/', onload: resolve })
    document.body.append(frame)
  })`)
  const clientData = await page
    .frames()[1]
    ?.evaluate(`${CREATE}.then(made => JSON.parse(new TextDecoder().decode(made.response.clientDataJSON)))`)
  expect(clientData).toMatchObject({ origin: other, topOrigin: top, crossOrigin: true })
})

/** A page of the browser in the place of a window. */
function windowClass(colorScheme: 'light' | 'dark'): {
  BrowserWindow: new (options: object) => PasskeyWindowPart
  page: Promise<Page>
} {
  const { promise: page, resolve } = deferred<Page>()
  class BrowserWindow extends EventEmitter implements PasskeyWindowPart {
    readonly webContents: EventEmitter & PasskeyWindowPart['webContents'] = Object.assign(
      new EventEmitter(),
      { executeJavaScript: async (code: string) => (await page).evaluate(code) },
    )
    async loadURL(url: string): Promise<void> {
      const opened = await chromium.open(url, { colorScheme, viewport: { width: 420, height: 560 } })
      opened.on('request', () => this.webContents.emit('will-navigate', new Event('navigation')))
      await opened.route('https://cancel.invalid/**', route => route.fulfill({ status: 204 }))
      resolve(opened)
    }
    isDestroyed(): boolean {
      return false
    }
    destroy(): void {
      this.emit('closed')
    }
  }
  return { BrowserWindow, page }
}

describe.each(['light', 'dark'] as const)('the %s window', colorScheme => {
  test('can be used by all, and ended by the keyboard', async () => {
    const { BrowserWindow, page: opened } = windowClass(colorScheme)
    const { promise: cancelled, resolve: cancel } = deferred<undefined>()
    const url = `FIDO:/${'1'.repeat(200)}`
    const qr = { url, toSvg: () => qrcodePainter.toSvg(url) }
    const request = { requestType: 'ga', rpId: 'login.example.com', qr } as const
    const view = passkeyWindow({ BrowserWindow })({ ...request, cancel: () => cancel(undefined) })
    const page = await opened
    expect(await page.evaluate(`document.querySelector('img').naturalWidth > 0`)).toBe(true)
    expect(await accessibilityFaults(page)).toEqual([])
    await screenshot(page, `electron window ${colorScheme}`)
    view.step('connected')
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Connected to your phone.')
    expect(await page.getByRole('img').count()).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Enter')
    await cancelled
  })
})
