import { randomUUID } from 'node:crypto'
import { expect, test as base } from '@playwright/test'
import type { Page } from '@playwright/test'
import { passkeyFixtures } from 'fido-hybrid/page'
import type { PasskeyFixtures } from 'fido-hybrid/page'

const test = base.extend<PasskeyFixtures>(passkeyFixtures)

let userName: string

test.beforeEach(async ({ page }) => {
  userName = `ada-${randomUUID()}`
  await page.goto(process.env['SITE_URL'] ?? '')
  await page.getByLabel('User name').fill(userName)
})

const create = (page: Page): Promise<void> => page.getByRole('button', { name: 'Create a passkey' }).click()
const signIn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Sign in' }).click()
const says = (page: Page, text: string): Promise<void> => expect(page.getByRole('status')).toContainText(text)

test('registers and signs in', async ({ page, passkeys }) => {
  await create(page)
  await says(page, `Welcome, ${userName}. Passkeys: 1`)
  expect(await passkeys.phone.passkeys()).toMatchObject([{ rpId: 'localhost', userName, confirmed: true }])
  await page.reload()
  await signIn(page)
  await says(page, `Welcome, ${userName}`)
})

test('says so when the person refuses, and lets them try again', async ({ page, passkeys }) => {
  passkeys.phone.refuse()
  await create(page)
  await says(page, 'NotAllowedError')
  expect(passkeys.failures).toMatchObject([{ code: 'peer-closed' }])
  expect(await passkeys.phone.passkeys()).toEqual([])

  passkeys.phone.approve()
  await create(page)
  await says(page, 'Passkeys: 1')
})

test('makes one passkey of an account on each phone', async ({ page, passkeys }) => {
  await create(page)
  await says(page, 'Passkeys: 1')
  await create(page)
  await says(page, 'InvalidStateError')

  const second = passkeys.newPhone({ profile: 'ms-authenticator' })
  passkeys.hold(second)
  await create(page)
  await says(page, 'Passkeys: 2')
  expect(await second.passkeys()).toMatchObject([{ userName }])
  await page.reload()
  await signIn(page)
  await says(page, `Welcome, ${userName}`)
})

test('is not taken in by a phone that answers for another site', async ({ page, passkeys }) => {
  passkeys.phone.misbehave('answer-other-rp')
  await create(page)
  await says(page, 'UnknownError')
})
