import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ADA } from '../support/security-info-visitor.js'
import { useDemo } from './support/security-info-pages.js'

const demo = useDemo()

/** A picture of what the laptop shows, taken by the browser and not by the program that drew it. */
async function photograph(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  return { name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() }
}

test('the text of the code, pasted', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  await pair.laptop.getByText('My phone cannot scan it').click()
  const text = await pair.laptop.getByLabel('Paste this text into the phone').inputValue()
  expect(text).toMatch(/^FIDO:\/\d+$/)
  await pair.phone.getByText('Other ways to scan').click()
  await pair.see(pair.phone, '40 other ways to scan')
  await pair.phone.getByLabel('Text of the QR code').fill(text)
  await pair.phoneButton('Use this text').click()
  await pair.phoneButton('Create passkey').click()
  await pair.step('Your passkey is ready').waitFor()
})

test('a photo of the whole screen, chosen', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  await pair.phone.getByText('Other ways to scan').click()
  await pair.phone.getByLabel('Choose a picture of the QR code').setInputFiles(await photograph(pair.laptop))
  await pair.phoneButton('Create passkey').click()
  await pair.step('Your passkey is ready').waitFor()
})

test('a photo of the whole screen, dropped', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  await pair.phone.getByText('Other ways to scan').click()
  const { name, mimeType, buffer } = await photograph(pair.laptop)
  const dataTransfer = await pair.phone.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(atob(${JSON.stringify(buffer.toString('base64'))}), letter => letter.charCodeAt(0))
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(mimeType)} }))
    return transfer
  })()`)
  await pair.phone.locator('#drop').dispatchEvent('drop', { dataTransfer })
  await pair.phoneButton('Create passkey').click()
  await pair.step('Your passkey is ready').waitFor()
})

test('no QR code: on the screen, in a picture, in a file that is not a picture, in a text', async () => {
  const pair = await demo.open({ expectedErrors: [/status of 404/] })
  await pair.haveAccount()
  const trouble = pair.phone.locator('#phone-trouble')
  await pair.scanScreen()
  await trouble.getByText('The laptop shows no QR code right now.').waitFor()
  await pair.see(pair.phone, '41 nothing to scan')
  await pair.phone.getByText('Other ways to scan').click()
  const file = pair.phone.getByLabel('Choose a picture of the QR code')
  await file.setInputFiles(await photograph(pair.laptop))
  await trouble.getByText('The phone finds no QR code in this picture.').waitFor()
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('FIDO:/') })
  await trouble.getByText('The phone cannot read this file as a picture.').waitFor()
  await pair.phone.getByLabel('Text of the QR code').fill('https://example.com')
  await pair.phoneButton('Use this text').click()
  await pair.phone.getByText(/^That did not work: /).waitFor()
})

const MANY = 40

/** Presses Tab until it has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await page.bringToFront()
  for (let count = 0; count < MANY; count++) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${String(target)}`)
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** What has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement?.textContent ?? ""')
}

test('the main path with nothing but the keyboard, the focus being where one is', async () => {
  const pair = await demo.open()
  const { laptop, phone } = pair
  const form = laptop.locator('#account-form')
  await press(laptop, laptop.locator('#new-account summary'))
  await type(laptop, form.getByLabel('Your name'), ADA.displayName)
  await type(laptop, form.getByLabel('User name'), ADA.userName)
  await type(laptop, form.getByLabel('Password'), ADA.password)
  await laptop.keyboard.press('Enter')

  await press(laptop, pair.button('Add sign-in method'))
  expect(await focused(laptop)).toBe('Add a sign-in method')
  await press(laptop, pair.button(/^Passkey/))
  await press(laptop, pair.button('Send the code'))
  await type(laptop, laptop.getByRole('textbox', { name: 'Code', exact: true }), await pair.codeOnPhone())
  await laptop.keyboard.press('Enter')
  await pair.step('Where should the passkey be kept?').waitFor()
  expect(await focused(laptop)).toBe('Where should the passkey be kept?')
  await press(laptop, pair.button(/^iPhone/))
  expect(await focused(laptop)).toBe('Let your phone keep passkeys')
  await press(laptop, pair.button('Continue'))
  expect(await focused(laptop)).toBe('Before you go on')
  await press(laptop, pair.button('I understand'), 'Space')
  expect(await focused(laptop)).toBe('Save a passkey for localhost')
  await press(laptop, pair.button('Save another way'))
  await pair.step('Choose where to save it').waitFor()
  expect(await focused(laptop)).toBe('Choose where to save it')
  await press(laptop, pair.button(/^iPhone/))
  await press(laptop, pair.button('Show the QR code'))
  await pair.qr().waitFor()
  expect(await focused(laptop)).toBe('Use your phone')

  await press(phone, pair.phoneButton('Scan the laptop’s screen'))
  await pair.phoneButton('Create passkey').waitFor()
  expect(await focused(phone)).toBe('Create a passkey for localhost?')
  await press(phone, pair.phoneButton('Create passkey'))
  await pair.expectPhone('Passkey saved', 1)
  expect(await focused(phone)).toBe('Passkeys')

  await type(laptop, laptop.getByRole('textbox', { name: 'Name' }), 'My phone')
  await laptop.keyboard.press('Enter')
  await pair.listed('My phone').waitFor()
  await press(laptop, pair.button('Delete the passkey My phone'))
  expect(await focused(laptop)).toBe('Delete the passkey?')
  await press(laptop, laptop.getByRole('dialog').getByRole('button', { name: 'Delete' }))
  await laptop.getByText('is deleted, here and on its device').waitFor()
  expect(await focused(laptop)).toBe('Sign-in methods')
})

test('Escape on the phone refuses', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  await pair.scanScreen()
  await pair.phoneButton('Create passkey').waitFor()
  await pair.phone.keyboard.press('Escape')
  await pair.expectPhone('You refused.', 0)
})

test('Back, from each step to the one before', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  const cancelled = pair.laptop.waitForResponse(answer => answer.request().method() === 'DELETE')
  await pair.button('Back').click()
  expect((await cancelled).status()).toBe(204)
  for (const heading of [
    'Everything is ready',
    'Choose where to save it',
    'Save a passkey for localhost',
    'Before you go on',
    'Let your phone keep passkeys',
    'Where should the passkey be kept?',
  ]) {
    await pair.step(heading).waitFor()
    await pair.button('Back').click()
  }
  await pair.step('Add a sign-in method').waitFor()
  expect(await pair.button('Back').count()).toBe(0)
  expect(await focused(pair.laptop)).toBe('Add a sign-in method')
})

test('Back during a question of this computer takes the question away', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.button('Add sign-in method').click()
  await pair.button(/^Passkey/).click()
  await pair.button(/^This computer/).click()
  await pair.step('Create a passkey for localhost?').waitFor()
  await pair.button('Back').click()
  await pair.button(/^This computer/).click()
  await pair.button('Create passkey').click()
  await pair.step('Your passkey is ready').waitFor()
})

test('at 390 pixels the phone comes before its notes, in sight and for the keyboard', async () => {
  const pair = await demo.open()
  await pair.phone.setViewportSize({ width: 390, height: 844 })
  const top = async (locator: Locator): Promise<number> => (await locator.boundingBox())?.y ?? 0
  const [phone, notes] = [pair.phone.locator('section.phone'), pair.phone.locator('.beside')]
  expect(await top(phone)).toBeLessThan(120)
  expect(await top(notes)).toBeGreaterThan(await top(phone))
  await pair.phone.keyboard.press('Tab')
  expect(await focused(pair.phone)).toBe('Scan the laptop’s screen')
})

test('at 320 pixels nothing is cut off, and both pages stay without faults', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.addPasskey('A phone with rather a long name, longer than the page is wide')
  for (const page of [pair.laptop, pair.phone]) {
    await page.setViewportSize({ width: 320, height: 640 })
    const width: unknown = await page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBe(320)
  }
  await pair.see(pair.phone, '50 small phone')
  await pair.see(pair.laptop, '51 small list')
  await pair.askForPasskey()
  await pair.see(pair.laptop, '52 small QR code')
  await pair.scanScreen()
  await pair.phoneButton('Refuse').waitFor()
  await pair.see(pair.phone, '53 small consent')
})
