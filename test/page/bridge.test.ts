import { describe, expect, onTestFinished, test } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import { bridgePage } from '../../src/page.js'
import type { BridgedPage, BridgePageOptions } from '../../src/page.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import { createLab } from '../../src/testing/lab.js'
import type { PhoneMisbehaviour } from '../../src/testing/misbehaving/catalogue.js'
import { misbehavingTunnel } from '../../src/testing/misbehaving/tunnel.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import { CREATE, GET } from '../support/page-scripts.js'
import { StandInPlaywrightPage, StandInPuppeteerPage } from '../support/stand-in-page.js'
import { createTestPhone } from '../support/virtual-phone.js'

const URL_OF_PAGE = 'https://login.example.com/start'
const ORIGIN = 'https://login.example.com'

interface Bridged {
  readonly page: StandInPlaywrightPage
  readonly bridge: BridgedPage
  readonly failures: unknown[]
}

async function bridged(options: BridgePageOptions = {}): Promise<Bridged> {
  const page = new StandInPlaywrightPage()
  const failures: unknown[] = []
  const bridge = await bridgePage(page, { onFailure: error => failures.push(error), ...options })
  onTestFinished(() => bridge.close())
  page.main.goto(URL_OF_PAGE)
  return { page, bridge, failures }
}

/** Client data of a new passkey. */
const CLIENT_DATA = `${CREATE}.then(made => JSON.parse(new TextDecoder().decode(made.response.clientDataJSON)))`
const named = (call: string): string => `${call}.then(() => 'fulfilled', error => error.name)`

describe('client data', () => {
  test('of a page have its origin', async () => {
    const { page } = await bridged()
    expect(await page.main.outcome(CLIENT_DATA)).toMatchObject({ origin: ORIGIN, crossOrigin: false })
  })

  test.each([
    ['of the same origin', `${ORIGIN}/frame`, { origin: ORIGIN, crossOrigin: false }],
    ['without a URL of its own', 'about:srcdoc', { origin: ORIGIN, crossOrigin: false }],
    ['made of a blob', `blob:${ORIGIN}/1234`, { origin: ORIGIN, crossOrigin: false }],
    [
      'of another origin',
      'https://idp.example/',
      { origin: 'https://idp.example', crossOrigin: true, topOrigin: ORIGIN },
    ],
  ])('of a frame %s', async (_, url, told) => {
    const { page } = await bridged()
    const clientData = await page.addFrame(url).outcome(CLIENT_DATA)
    expect(clientData).toEqual({ type: 'webauthn.create', challenge: expect.any(String) as unknown, ...told })
  })

  test('of a frame say that one between has another origin', async () => {
    const { page } = await bridged()
    const between = page.addFrame('https://ads.example/')
    const inner = page.addFrame(`${ORIGIN}/inner`, between)
    expect(await inner.outcome(CLIENT_DATA)).toMatchObject({
      ...{ origin: ORIGIN, crossOrigin: true, topOrigin: ORIGIN },
    })
  })

  test.each(['data:text/html,x', 'chrome://settings', 'about:blank', 'http://example.com/', 'blob:null/1'])(
    'are not made for %s on top',
    async url => {
      const { page, failures } = await bridged()
      page.main.goto(url)
      expect(await page.main.outcome(named(CREATE))).toBe('SecurityError')
      expect(failures).toMatchObject([{ name: 'SecurityError', code: 'origin-invalid' }])
    },
  )
})

test('a page that was open already is bridged', async () => {
  const page = new StandInPlaywrightPage()
  page.main.goto(URL_OF_PAGE)
  const bridge = await bridgePage(page)
  onTestFinished(() => bridge.close())
  expect(await page.main.outcome(`${CREATE}.then(made => made instanceof PublicKeyCredential)`)).toBe(true)
})

test('a page of Puppeteer asks for its top frame only', async () => {
  const page = new StandInPuppeteerPage()
  const bridge = await bridgePage(page)
  onTestFinished(() => bridge.close())
  const { phone } = bridge
  page.main.goto(URL_OF_PAGE)
  expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
  expect(await page.addFrame(`${ORIGIN}/frame`).outcome(named(CREATE))).toBe('NotAllowedError')
  expect(await phone.passkeys()).toHaveLength(1)
})

describe('a pending request ends', () => {
  test.each<[string, (page: StandInPlaywrightPage, bridge: BridgedPage) => unknown]>([
    ['when its frame is detached', page => page.emit('framedetached', page.frames()[1])],
    ['when its page is closed', page => page.emit('close')],
    ['when the bridge is closed', (_page, bridge) => bridge.close()],
    ['when its frame has another document', page => page.frames()[1]?.goto(`${ORIGIN}/other`)],
  ])('%s', async (_, leave) => {
    const { page, bridge, failures } = await bridged()
    bridge.hold(undefined)
    const frame = page.addFrame(`${ORIGIN}/frame`)
    const other = page.main.outcome(GET)
    const pending = frame.outcome(GET)
    await Promise.resolve()
    leave(page, bridge)
    expect(await pending).toMatchObject({ name: 'AbortError', isDomException: true })
    expect(failures[0]).toMatchObject({ name: 'AbortError' })
    bridge.close()
    await other
    await bridge.settled()
  })
})

describe('digital credentials', () => {
  const protocol = 'openid4vp-v1-unsigned'
  const ask = `navigator.credentials.get({ digital: { requests: [{ protocol: '${protocol}', data: {} }] } })`

  test('come from the phone’s wallet', async () => {
    const wallet = new VirtualWallet({ credentials: { [protocol]: { vp_token: {} } } })
    const { page } = await bridged({ phone: { wallet } })
    expect(
      await page.main.outcome(`${ask}.then(got => [got instanceof DigitalCredential, got.data])`),
    ).toEqual([true, { vp_token: {} }])
  })

  test.each([
    ['declines', 'decline', 'NotAllowedError'],
    ['has nothing', undefined, 'NotAllowedError'],
  ] as const)('of a wallet that %s are refused', async (_, behaviour, name) => {
    const { page } = await bridged({ phone: { wallet: new VirtualWallet({ behaviour }) } })
    expect(await page.main.outcome(ask)).toMatchObject({
      ...{ name, message: 'The operation either timed out or was not allowed.' },
    })
  })

  test('are unknown where the client asks no wallets', async () => {
    const { page } = await bridged({ client: new LocalClient({ authenticator: createTestPhone().phone }) })
    expect(await page.main.outcome('typeof DigitalCredential')).toBe('undefined')
    expect(await page.main.outcome(ask)).toMatchObject({ name: 'NotSupportedError', isDomException: true })
  })
})

describe('a client of one’s own', () => {
  test('gets requests, signals and questions', async () => {
    const { phone } = createTestPhone()
    const { page, bridge } = await bridged({ client: new LocalClient({ authenticator: phone }) })
    const id = await page.main.outcome(`${CREATE}.then(made => made.id)`)
    expect(await bridge.phone.passkeys()).toEqual([])
    expect(
      await page.main.outcome('PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()'),
    ).toBe(true)
    const call = (name: string, options: object): Promise<unknown> =>
      page.main.outcome(`PublicKeyCredential.${name}(${JSON.stringify(options)})`)
    const rpId = 'login.example.com'
    const user = { rpId, userId: 'AQID' }
    expect(
      await call('signalCurrentUserDetails', { ...user, name: 'eve', displayName: 'Eve' }),
    ).toBeUndefined()
    expect(
      await call('signalAllAcceptedCredentials', { ...user, allAcceptedCredentialIds: [id] }),
    ).toBeUndefined()
    expect(await page.main.outcome(named(GET))).toBe('fulfilled')
    expect(await call('signalUnknownCredential', { rpId, credentialId: id })).toBeUndefined()
    expect(await page.main.outcome(named(GET))).toBe('NotAllowedError')
    expect(await call('signalUnknownCredential', { rpId: 'other.example', credentialId: id })).toMatchObject({
      name: 'SecurityError',
    })
  })

  test('is not linked', async () => {
    const { bridge } = await bridged({ client: new LocalClient({ authenticator: createTestPhone().phone }) })
    await expect(bridge.link()).rejects.toMatchObject({ code: 'argument-invalid' })
  })
})

describe('a linked phone', () => {
  const steps = async (options: BridgePageOptions = {}): Promise<Bridged & { seen: string[] }> => {
    const seen: string[] = []
    const onProgress = ({ event }: ProgressEvent): void => void seen.push(event)
    return { ...(await bridged({ ...options, onProgress })), seen }
  }

  test('registers and signs in without a QR code', async () => {
    const { page, bridge, seen } = await steps()
    await bridge.link()
    expect(seen).toContain('linked')
    seen.length = 0
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
    expect(await page.main.outcome(named(GET))).toBe('fulfilled')
    expect(seen).not.toContain('qr-shown')
    expect(await bridge.phone.passkeys()).toMatchObject([{ signCount: 1, confirmed: true }])
    expect(await bridge.phone.links()).toHaveLength(1)
  })

  test('may refuse', async () => {
    const { page, bridge } = await steps()
    await bridge.link()
    bridge.phone.refuse('deny')
    expect(await page.main.outcome(named(CREATE))).toBe('NotAllowedError')
    bridge.phone.approve()
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
  })

  test('is asked while it is held', async () => {
    const { page, bridge, seen } = await steps()
    const other = bridge.newPhone()
    await bridge.link(other)
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
    expect(seen.filter(event => event === 'qr-shown')).toHaveLength(2)
    bridge.hold(other)
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
    expect(seen.filter(event => event === 'qr-shown')).toHaveLength(2)
    expect(await bridge.phone.passkeys()).toHaveLength(1)
    expect(await other.passkeys()).toHaveLength(1)
  })

  test('may be linked twice, and unlink', async () => {
    const { page, bridge, seen, failures } = await steps()
    await bridge.link()
    await bridge.link()
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
    await bridge.phone.unlinkAll()
    expect(await page.main.outcome(named(GET))).toBe('NotAllowedError')
    expect(failures).toMatchObject([{ code: 'link-gone' }])
    seen.length = 0
    expect(await page.main.outcome(named(GET))).toBe('fulfilled')
    expect(seen).toContain('qr-shown')
  })

  test('shows its wallet by a QR code all the same', async () => {
    const protocol = 'openid4vp-v1-unsigned'
    const wallet = new VirtualWallet({ credentials: { [protocol]: {} } })
    const { page, bridge } = await steps({ phone: { wallet } })
    await bridge.link()
    const digital = `{ requests: [{ protocol: '${protocol}', data: {} }] }`
    expect(await page.main.outcome(named(`navigator.credentials.get({ digital: ${digital} })`))).toBe(
      'fulfilled',
    )
  })

  test('must be a phone that can link, with a client that keeps links', async () => {
    const { bridge } = await bridged({ phone: { profile: 'ios' } })
    await expect(bridge.link()).rejects.toMatchObject({ code: 'argument-invalid' })
    bridge.hold(undefined)
    await expect(bridge.link()).rejects.toMatchObject({ code: 'argument-invalid' })
    const lab = createLab()
    const forgetful = await bridged({ lab, client: lab.client() })
    await expect(forgetful.bridge.link()).rejects.toMatchObject({ code: 'argument-invalid' })
  })

  test('is asked no more once the bridge is closed', async () => {
    const { page, bridge, failures } = await bridged()
    await bridge.link()
    bridge.close()
    expect(await page.main.outcome(named(CREATE))).toBe('NotAllowedError')
    expect(failures).toMatchObject([{ cause: { code: 'tunnel-refused' } }])
  })
})

describe('what misbehaves', () => {
  test.each<[PhoneMisbehaviour, string]>([
    ['answer-other-rp', 'UnknownError'],
    ['wrong-psk', 'NotAllowedError'],
    ['hang-up-at-request', 'NotAllowedError'],
    ['introduction-without-ctap', 'ConstraintError'],
    ['answer-status', 'NotAllowedError'],
    ['answer-no-cbor', 'UnknownError'],
    ['type-unknown', 'UnknownError'],
  ])('a phone (%s) makes a request a %s, and tells the page no more', async (how, name) => {
    const { page, bridge, failures } = await bridged()
    bridge.phone.misbehave(how)
    expect(await page.main.outcome(CREATE)).toMatchObject({
      ...{ name, isDomException: true, message: 'The operation either timed out or was not allowed.' },
    })
    expect(failures).toMatchObject([{ name, cause: { code: expect.any(String) as unknown } }])
    bridge.phone.misbehave(undefined)
    expect(await page.main.outcome(named(CREATE))).toBe('fulfilled')
  })

  test('a tunnel does likewise', async () => {
    const lab = createLab({ tunnel: misbehavingTunnel('hangs-up-at-first-frame', 'client') })
    const { page } = await bridged({ lab })
    expect(await page.main.outcome(named(CREATE))).toBe('NotAllowedError')
  })
})
