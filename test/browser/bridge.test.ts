import { launch } from 'puppeteer-core'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { bridgePage } from '../../src/page.js'
import type { BridgedPage, BridgePageOptions } from '../../src/page.js'
import { CREATE, GET } from '../support/page-scripts.js'
import { CHROMIUM } from './support/executable.js'
import { useChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import type { PageServer } from './support/page-server.js'

const chromium = useChromium()

let server: PageServer
let url: string

beforeEach(async () => {
  server = await servePage(new Map([['main.js', '']]))
  url = server.url.replace('127.0.0.1', 'localhost')
})
afterEach(() => server.close())

interface Bridged {
  readonly page: Page
  readonly bridge: BridgedPage
}

async function bridged(options?: BridgePageOptions): Promise<Bridged> {
  const page = await chromium.open('about:blank')
  const bridge = await bridgePage(page, options)
  await page.goto(url)
  return { page, bridge }
}

function outcome(page: Page, expression: string): Promise<unknown> {
  return page.evaluate(
    `${expression}.then(() => 'fulfilled', error => [error instanceof DOMException, error.name])`,
  )
}

test('a page registers and signs in over the whole wire', async () => {
  const { page, bridge } = await bridged({ phone: { profile: 'ios' } })
  const seen = await page.evaluate(`${CREATE}.then(made => ({
    classes: [
      made instanceof PublicKeyCredential, made instanceof Credential,
      made.response instanceof AuthenticatorAttestationResponse, made.response instanceof AuthenticatorResponse,
    ],
    rawId: made.rawId.byteLength > 15,
    prototype: Object.getOwnPropertyDescriptor(PublicKeyCredential, 'prototype').writable,
    key: made.response.getPublicKey().byteLength,
    id: made.id === made.toJSON().id,
    origin: JSON.parse(new TextDecoder().decode(made.response.clientDataJSON)).origin,
  }))`)
  expect(seen).toEqual({
    classes: [true, true, true, true],
    rawId: true,
    prototype: false,
    key: 91,
    id: true,
    origin: new URL(url).origin,
  })
  expect(await bridge.phone.passkeys()).toMatchObject([
    { rpId: 'localhost', userName: 'ada', confirmed: true },
  ])
  expect(await page.evaluate(`${GET}.then(used => used.response.userHandle.byteLength)`)).toBe(3)
})

test('a page is told errors as a browser names them', async () => {
  const { page, bridge } = await bridged()
  bridge.phone.refuse('deny')
  expect(await outcome(page, CREATE)).toEqual([true, 'NotAllowedError'])
  bridge.phone.approve()
  bridge.phone.misbehave('answer-other-rp')
  expect(await outcome(page, CREATE)).toEqual([true, 'UnknownError'])
  bridge.phone.misbehave(undefined)
  const text = CREATE.replace('challenge: new Uint8Array(32)', "challenge: 'AAAA'")
  expect(await outcome(page, text)).toEqual([false, 'TypeError'])
  expect(await outcome(page, CREATE)).toBe('fulfilled')
  expect(await bridge.phone.passkeys()).toHaveLength(1)
})

test('a request ends with its signal, and with its document', async () => {
  const failures: unknown[] = []
  const { page, bridge } = await bridged({ onFailure: error => failures.push(error) })
  bridge.hold(undefined)
  const aborted = `(() => {
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 50)
    return navigator.credentials.get({ signal: controller.signal, publicKey: { challenge: new Uint8Array(32) } })
  })().catch(reason => reason)`
  expect(await page.evaluate(aborted)).toBe('enough')
  await bridge.settled()
  await page.evaluate(`void ${GET}.catch(() => undefined)`)
  await page.reload()
  await bridge.settled()
  await expect.poll(() => failures.length).toBe(2)
})

test('another phone reads the code when it is held', async () => {
  const { page, bridge } = await bridged()
  const other = bridge.newPhone({ profile: 'android' })
  bridge.hold(other)
  expect(await outcome(page, CREATE)).toBe('fulfilled')
  expect(await bridge.phone.passkeys()).toEqual([])
  expect(await other.passkeys()).toHaveLength(1)
})

test('a page of Puppeteer registers', async () => {
  const browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const { phone } = await bridgePage(page)
  await page.goto(url)
  expect(await page.evaluate(`${CREATE}.then(made => made instanceof PublicKeyCredential)`)).toBe(true)
  expect(await phone.passkeys()).toHaveLength(1)
})
