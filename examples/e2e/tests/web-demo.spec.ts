// The demo’s page has its own laptop program instead of `navigator.credentials`, and draws the QR code itself.
import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { CameraPhone } from './camera-phone.js'

// The demo has one laptop, which does one thing at a time.
test.describe.configure({ mode: 'serial' })

const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click()
const qrCode = (page: Page): ReturnType<Page['getByAltText']> => page.getByAltText('QR code for your phone')

/** The code in the text message on the demo’s own phone. */
async function textMessage(page: Page): Promise<string> {
  const phone = await page.context().newPage()
  await phone.goto(process.env['DEMO_PHONE_URL'] ?? '')
  await phone.getByRole('button', { name: 'Put away the message' }).waitFor()
  const [code = ''] = /\d{6}/.exec((await phone.locator('#message').textContent()) ?? '') ?? []
  await press(phone, 'Put away the message')
  await phone.close()
  return code
}

/** From the list of methods to the QR code for a new passkey. */
async function askForPasskey(page: Page): Promise<void> {
  await press(page, 'Add sign-in method')
  await press(page, /^Passkey/)
  await press(page, /^Android phone/)
  await press(page, 'Continue')
  await press(page, 'I understand')
  await press(page, 'Save another way')
  await chooseQrCode(page)
}

async function chooseQrCode(page: Page): Promise<void> {
  await press(page, /^iPhone, iPad or Android/)
  await press(page, 'Show the QR code')
  await qrCode(page).waitFor()
}

async function addPasskey(page: Page, phone: CameraPhone, name: string): Promise<void> {
  await askForPasskey(page)
  await phone.scan(qrCode(page))
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await press(page, 'Save')
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

test.beforeEach(async ({ page }) => {
  await page.goto(process.env['DEMO_URL'] ?? '')
  await page.getByText('Create an account').click()
  const form = page.locator('#account-form')
  await form.getByLabel('Your name').fill('Ada Lovelace')
  await form.getByLabel('User name').fill(`ada-${randomUUID()}`)
  await form.getByLabel('Password').fill('correct horse')
  await press(page, 'Create account')
  // A second factor, once an account.
  await press(page, 'Add sign-in method')
  await press(page, /^Passkey/)
  await press(page, 'Send the code')
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(await textMessage(page))
  await press(page, 'Confirm')
  await page.reload()
})

test('adds two phones, and signs in with one', async ({ page }) => {
  const [android, iphone] = [new CameraPhone('android'), new CameraPhone('ios')]
  await addPasskey(page, android, 'My Android phone')
  await addPasskey(page, iphone, 'My iPhone')
  await expect(page.getByText('Google Password Manager')).toBeVisible()
  await expect(page.getByText('iCloud Keychain')).toBeVisible()

  await press(page, 'Sign out')
  await press(page, 'Sign in with a passkey')
  await chooseQrCode(page)
  await iphone.scan(qrCode(page))
  await expect(page.getByText(/^Last used /)).toHaveCount(1)
  expect([await android.passkeys(), await iphone.passkeys()]).toEqual([1, 1])
})

test('says so when the person refuses', async ({ page }) => {
  const phone = new CameraPhone('android')
  phone.refuse()
  await askForPasskey(page)
  await phone.scan(qrCode(page)).catch(() => undefined)
  await expect(page.getByText('The phone ended the connection: its user refused')).toBeVisible()
  expect(await phone.passkeys()).toBe(0)
})
