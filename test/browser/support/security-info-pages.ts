import type { Locator, Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { startSecurityInfo } from '../../../examples/security-info/security-info.js'
import type { SecurityInfo, SecurityInfoOptions } from '../../../examples/security-info/security-info.js'
import { ADA } from '../../support/security-info-visitor.js'
import type { Account } from '../../support/security-info-visitor.js'
import { accessibilityFaults } from './accessibility.js'
import { screenshot, useChromium } from './chromium.js'

/** How a pair of pages is opened. */
interface OpenOptions extends Partial<SecurityInfoOptions> {
  readonly expectedErrors?: readonly RegExp[]
}

/** A phone’s page, in CSS pixels. */
const NARROW = { width: 390, height: 844 }

/** The demo for tests: a pair of pages each. */
export interface Demo {
  /** Starts the demo, and opens both pages. */
  open(options?: OpenOptions): Promise<Pair>
}

/** Starts demos, and ends them after the pages that follow them are gone. */
export function useDemo(): Demo {
  const running: SecurityInfo[] = []
  const faults: unknown[] = []
  // Before that of the browser, which therefore comes first.
  afterEach(async () => {
    for (const demo of running.splice(0)) await demo.close()
    expect(faults.splice(0)).toEqual([])
  })
  const chromium = useChromium()
  return {
    async open({ expectedErrors = [], ...wanted } = {}) {
      const demo = await startSecurityInfo({ port: 0, onFault: error => faults.push(error), ...wanted })
      running.push(demo)
      const options = { expectedErrors, viewport: { width: 900, height: 900 } }
      // The phone is another device: it has a profile, and a window in front, of its own.
      const [laptop, phone] = [
        await chromium.open(demo.url, options),
        await chromium.open(demo.phoneUrl, options),
      ]
      return new Pair(laptop, phone)
    },
  }
}

/** What a person does with both pages. */
export class Pair {
  readonly laptop: Page
  readonly phone: Page

  constructor(laptop: Page, phone: Page) {
    this.laptop = laptop
    this.phone = phone
  }

  /** The same phone, with another tab of the laptop, or of the phone’s own browser. */
  inTab(page: Page): Pair {
    return new Pair(page, this.phone)
  }

  /** Looks at a state of a page: no accessibility faults in either scheme nor on a narrow screen, and a picture of each. */
  async see(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityFaults(page), `${name}, ${colorScheme}`).toEqual([])
      await screenshot(page, `security-info/${name}-${colorScheme}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await this.seeNarrow(page, name)
  }

  /** The same as wide as a phone: nothing sticks out. */
  async seeNarrow(page: Page, name: string): Promise<void> {
    const before = page.viewportSize()
    await page.setViewportSize(NARROW)
    expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(NARROW.width)
    expect(await accessibilityFaults(page), `${name}, narrow`).toEqual([])
    await screenshot(page, `security-info/${name}-narrow`)
    if (before !== null) await page.setViewportSize(before)
  }

  /** Fills the form in. */
  async createAccount(): Promise<void> {
    await this.laptop.getByText('Create an account').click()
    const form = this.laptop.locator('#account-form')
    await form.getByLabel('Your name').fill(ADA.displayName)
    await form.getByLabel('User name').fill(ADA.userName)
    await form.getByLabel('Password').fill(ADA.password)
    await form.getByRole('button', { name: 'Create account' }).click()
    await this.button('Add sign-in method').waitFor()
  }

  /** The same without the form, and with the second factor. */
  async haveAccount(account: Account = ADA): Promise<void> {
    const { origin } = new URL(this.laptop.url())
    const { request } = this.laptop.context()
    const answer = await request.post(`${origin}/api/account`, { data: account, headers: { Origin: origin } })
    expect(answer.status()).toBe(201)
    const headers = { Origin: origin }
    await request.post(`${origin}/api/session/code`, { headers })
    await request.put(`${origin}/api/session/code`, { headers, data: { code: await this.codeOnPhone() } })
    await this.laptop.goto(`${origin}/security-info`)
    await this.button('Add sign-in method').waitFor()
  }

  /** The code in the phone’s text message, which is put away, so that the next one is another. */
  async codeOnPhone(): Promise<string> {
    const away = this.phoneButton('Put away the message')
    await away.waitFor()
    const [code = ''] = /\d{6}/.exec((await this.phone.locator('#message').textContent()) ?? '') ?? []
    await away.click()
    await away.waitFor({ state: 'detached' })
    return code
  }

  /** On any page that asks for it. */
  async enterCode(page: Page = this.laptop): Promise<void> {
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(await this.codeOnPhone())
    await page.getByRole('button', { name: 'Confirm' }).click()
  }

  button(name: string | RegExp): Locator {
    return this.laptop.getByRole('button', { name })
  }

  phoneButton(name: string | RegExp): Locator {
    return this.phone.getByRole('button', { name })
  }

  /** The heading of the laptop’s dialog. */
  step(name: string): Locator {
    return this.laptop.getByRole('dialog').getByRole('heading', { name })
  }

  /** From the page to the QR code. */
  async askForPasskey(): Promise<void> {
    await this.toDevices()
    await this.toQr()
  }

  /** From the page to the browser’s choice of devices. */
  async toDevices(): Promise<void> {
    await this.button('Add sign-in method').click()
    await this.button(/^Passkey/).click()
    await this.button(/^Android phone/).click()
    await this.button('Continue').click()
    await this.button('I understand').click()
    await this.button('Save another way').click()
  }

  /** From the browser’s choice of devices to the QR code. */
  async toQr(): Promise<void> {
    await this.button(/^iPhone, iPad or Android/).click()
    await this.button('Show the QR code').click()
    await this.qr().waitFor()
  }

  qr(): Locator {
    return this.laptop.getByAltText('QR code for your phone')
  }

  async scanScreen(): Promise<void> {
    await this.phoneButton('Scan the laptop’s screen').click()
  }

  /** Scans what the laptop shows, and approves. */
  async approve(name = 'Create passkey'): Promise<void> {
    await this.scanScreen()
    await this.phoneButton(name).click()
  }

  async addPasskey(name: string): Promise<void> {
    await this.askForPasskey()
    await this.approve()
    await this.laptop.getByRole('textbox', { name: 'Name' }).fill(name)
    await this.button('Save').click()
    await this.listed(name).waitFor()
  }

  /** A passkey in the site’s list. */
  listed(name: string): Locator {
    return this.laptop.locator('#methods').getByRole('heading', { name })
  }

  /** The passkeys in the phone’s list. */
  onPhone(): Locator {
    return this.phone.locator('#passkeys .passkey')
  }

  async choosePhone(name: string): Promise<void> {
    await this.phone.getByLabel('Which phone do you hold?').selectOption({ label: name })
    await this.phone.getByRole('heading', { name }).waitFor()
  }

  /** What the phone says, and shows of its passkeys. */
  async expectPhone(sentence: string, passkeys: number): Promise<void> {
    await this.phone.locator('#phone-words').getByText(sentence).waitFor()
    expect(await this.onPhone().count()).toBe(passkeys)
  }

  async allowOnly(model: string): Promise<void> {
    await this.laptop.getByRole('link', { name: 'Settings' }).click()
    await this.laptop.getByLabel('Only these models').check()
    await this.laptop.getByLabel(model).check()
    await this.button('Save').click()
    await this.laptop.getByText('It counts for passkeys that are added from now on').waitFor()
  }

  async backToSecurityInfo(): Promise<void> {
    await this.laptop.getByRole('link', { name: 'Security info' }).click()
    await this.button('Add sign-in method').waitFor()
  }

  /** Its device is not told. */
  async deleteHereAlone(name: string): Promise<void> {
    await this.button(`Delete the passkey ${name}`).click()
    await this.laptop.getByLabel('Also remove it from the device that keeps it').uncheck()
    await this.laptop.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await this.laptop.getByText('Its device still lists it').waitFor()
  }

  async signOut(): Promise<void> {
    await this.button('Sign out').click()
    await this.laptop.getByRole('heading', { name: 'Sign in' }).waitFor()
  }
}
