import { launch } from 'puppeteer-core'
import type { Frame, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import { bridgePage } from '../../src/page.js'
import type { BridgedPage, BridgePageOptions } from '../../src/page.js'
import type { PhoneMisbehaviour } from '../../src/testing/misbehaving/catalogue.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import { CREATE, GET } from '../support/page-scripts.js'
import { createTestPhone } from '../support/virtual-phone.js'
import { useChromium } from './support/chromium.js'
import { CHROMIUM } from './support/executable.js'

const chromium = useChromium()
const TOP = 'https://app.example'
const LOGIN = 'https://login.example'

interface Bridged {
  readonly page: Page
  readonly bridge: BridgedPage
  readonly failures: unknown[]
}

/** A page of an origin that needs no server. */
async function bridged(options: BridgePageOptions = {}): Promise<Bridged> {
  const page = await chromium.open('about:blank')
  await page.route(/\.example\//, route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  )
  const failures: unknown[] = []
  const bridge = await bridgePage(page, { onFailure: error => failures.push(error), ...options })
  await page.goto(`${TOP}/`)
  return { page, bridge, failures }
}

/** Adds a frame with these attributes, once it is loaded. */
async function framed(page: Page | Frame, attributes: object): Promise<Frame> {
  const frame = await page.evaluateHandle(`new Promise(resolve => {
    const frame = document.createElement('iframe')
    for (const [name, value] of Object.entries(${JSON.stringify(attributes)})) frame.setAttribute(name, value)
    frame.onload = () => resolve(frame)
    document.body.append(frame)
  })`)
  const loaded = await frame.asElement().contentFrame()
  if (loaded === null) throw new Error('the frame has no document')
  return loaded
}

const ALLOW = 'publickey-credentials-create; publickey-credentials-get'
const CLIENT_DATA = `${CREATE}.then(made => JSON.parse(new TextDecoder().decode(made.response.clientDataJSON)))`
const named = (call: string): string => `${call}.then(() => 'fulfilled', error => error.name)`

describe('a frame', () => {
  test.each([
    ['of the same origin', { src: `${TOP}/frame` }, { origin: TOP, crossOrigin: false }],
    ['without a URL', { srcdoc: '<!doctype html>' }, { origin: TOP, crossOrigin: false }],
    [
      'of another origin',
      { src: `${LOGIN}/`, allow: ALLOW },
      { origin: LOGIN, crossOrigin: true, topOrigin: TOP },
    ],
  ])('%s registers, and its client data tell where', async (_, attributes, told) => {
    const { page, bridge } = await bridged()
    const frame = await framed(page, attributes)
    expect(await frame.evaluate(CLIENT_DATA)).toMatchObject(told)
    expect(await bridge.phone.passkeys()).toMatchObject([{ rpId: new URL(told.origin).hostname }])
  })

  test('has one of another origin around it', async () => {
    const { page } = await bridged()
    const between = await framed(page, { src: `${LOGIN}/`, allow: `publickey-credentials-create *` })
    const inner = await framed(between, { src: `${TOP}/`, allow: 'publickey-credentials-create' })
    expect(await inner.evaluate(CLIENT_DATA)).toMatchObject({
      origin: TOP,
      crossOrigin: true,
      topOrigin: TOP,
    })
  })

  test.each([
    ['has no permission of the page around it', { src: `${LOGIN}/` }],
    ['is sandboxed', { src: `${TOP}/`, sandbox: 'allow-scripts' }],
  ])('that %s is refused', async (_, attributes) => {
    const { page, bridge } = await bridged()
    const frame = await framed(page, attributes)
    expect(await frame.evaluate(named(CREATE))).toBe('NotAllowedError')
    expect(await bridge.phone.passkeys()).toEqual([])
  })

  test.each<[string, (page: Page) => Promise<unknown>]>([
    ['is detached', page => page.evaluate(`document.querySelector('iframe').remove()`)],
    ['goes elsewhere', page => page.evaluate(`document.querySelector('iframe').src = '${LOGIN}/'`)],
    ['is closed with its page', page => page.close()],
  ])('that %s ends its request', async (_, leave) => {
    const { page, bridge, failures } = await bridged()
    bridge.hold(undefined)
    const frame = await framed(page, { src: `${TOP}/frame` })
    await frame.evaluate(`void ${GET}.catch(() => undefined)`)
    await leave(page)
    await expect.poll(() => failures).toMatchObject([{ name: 'AbortError' }])
    await bridge.settled()
  })

  test('of a page of Puppeteer is refused', async () => {
    const browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.setRequestInterception(true)
    page.on('request', request => void request.respond({ contentType: 'text/html', body: '<!doctype html>' }))
    const { phone } = await bridgePage(page)
    await page.goto(`${TOP}/`)
    await page.evaluate(`new Promise(resolve => {
      const frame = document.createElement('iframe')
      Object.assign(frame, { src: '/frame', onload: resolve })
      document.body.append(frame)
    })`)
    expect(await page.frames()[1]?.evaluate(named(CREATE))).toBe('NotAllowedError')
    expect(await page.evaluate(named(CREATE))).toBe('fulfilled')
    expect(await phone.passkeys()).toHaveLength(1)
  })
})

test('a linked phone signs in without a QR code', async () => {
  const seen: string[] = []
  const { page, bridge } = await bridged({
    phone: { profile: 'android' },
    onProgress: ({ event }) => seen.push(event),
  })
  await bridge.link()
  seen.length = 0
  expect(await page.evaluate(named(CREATE))).toBe('fulfilled')
  expect(await page.evaluate(named(GET))).toBe('fulfilled')
  expect(seen).toContain('connected')
  expect(seen).not.toContain('qr-shown')
  await bridge.phone.unlinkAll()
  expect(await page.evaluate(named(GET))).toBe('NotAllowedError')
  expect(await page.evaluate(named(GET))).toBe('fulfilled')
  expect(seen).toContain('qr-shown')
})

test('a phone that misbehaves makes errors of a browser', async () => {
  const { page, bridge } = await bridged()
  const expected: Partial<Record<PhoneMisbehaviour, string>> = {
    'answer-other-rp': 'UnknownError',
    'wrong-psk': 'NotAllowedError',
    'hang-up-at-request': 'NotAllowedError',
    'answer-no-cbor': 'UnknownError',
  }
  for (const [how, name] of Object.entries(expected)) {
    bridge.phone.misbehave(how as PhoneMisbehaviour)
    expect(
      await page.evaluate(
        `${CREATE}.catch(error => [error instanceof DOMException, error.name, error.message])`,
      ),
    ).toEqual([...[true, name, 'The operation either timed out or was not allowed.']])
  }
})

test('a client of one’s own gets signals', async () => {
  const { phone } = createTestPhone()
  const { page } = await bridged({ client: new LocalClient({ authenticator: phone }) })
  const told = await page.evaluate(`${CREATE}.then(async ({ id }) => {
    const rpId = 'app.example'
    const userId = 'AQID'
    await PublicKeyCredential.signalCurrentUserDetails({ rpId, userId, name: 'eve', displayName: 'Eve' })
    await PublicKeyCredential.signalAllAcceptedCredentials({ rpId, userId, allAcceptedCredentialIds: [id] })
    const kept = await ${named(GET)}
    await PublicKeyCredential.signalUnknownCredential({ rpId, credentialId: id })
    return [kept, await ${named(GET)}, typeof DigitalCredential]
  })`)
  expect(told).toEqual(['fulfilled', 'NotAllowedError', 'undefined'])
})

test('digital credentials come from the phone’s wallet', async () => {
  const protocol = 'openid4vp-v1-unsigned'
  const wallet = new VirtualWallet({ credentials: { [protocol]: { vp_token: {} } } })
  const { page, bridge } = await bridged({ phone: { wallet } })
  const call = `navigator.credentials.get({ digital: { requests: [{ protocol: '${protocol}', data: {} }] } })`
  expect(
    await page.evaluate(`${call}.then(got => [got instanceof DigitalCredential, got instanceof Credential, got.toJSON(),
      DigitalCredential.userAgentAllowsProtocol('${protocol}')])`),
  ).toEqual([true, true, { protocol, data: { vp_token: {} } }, true])
  // One without a wallet.
  bridge.hold(bridge.newPhone())
  expect(await page.evaluate(named(call))).toBe('OperationError')
})
