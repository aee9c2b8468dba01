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
class Pair {
  readonly laptop: Page
  readonly phone: Page

  constructor(laptop: Page, phone: Page) {
    this.laptop = laptop
    this.phone = phone
  }

  /** Looks at a state of a page: no accessibility faults in either scheme, and a picture of each. */
  async see(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityFaults(page), `${name}, ${colorScheme}`).toEqual([])
      await screenshot(page, `security-info/${name}-${colorScheme}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
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

  /** The same without the form. */
  async haveAccount(account: Account = ADA): Promise<void> {
    const { origin } = new URL(this.laptop.url())
    const { request } = this.laptop.context()
    const answer = await request.post(`${origin}/api/account`, { data: account, headers: { Origin: origin } })
    expect(answer.status()).toBe(201)
    await this.laptop.goto(`${origin}/security-info`)
    await this.button('Add sign-in method').waitFor()
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
    await this.button('Add sign-in method').click()
    await this.button(/^Passkey/).click()
    await this.toQr()
  }

  async toQr(): Promise<void> {
    await this.button(/^iPhone, iPad or Android/).click()
    await this.button('I’m ready').click()
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

  async signOut(): Promise<void> {
    await this.button('Sign out').click()
    await this.laptop.getByRole('heading', { name: 'Sign in' }).waitFor()
  }
}
