import { expect, test } from 'vitest'
import { useDemo } from './support/security-info-pages.js'
import type { Pair } from './support/security-info-pages.js'

const demo = useDemo()

/** Up to the phone’s question. */
async function asked(): Promise<Pair> {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.askForPasskey()
  await pair.scanScreen()
  await pair.phoneButton('Create passkey').waitFor()
  return pair
}

/** Neither side has anything of it. */
async function expectNothing(pair: Pair): Promise<void> {
  await pair.phone.getByRole('dialog').waitFor({ state: 'hidden' })
  await pair.phone.getByText('No passkeys yet.').waitFor()
  expect(await pair.onPhone().count()).toBe(0)
}

test('the page is loaded again while the phone asks: the phone asks no longer, and the page says so', async () => {
  const pair = await asked()
  await pair.laptop.reload()
  await expectNothing(pair)
  await pair.see(pair.phone, '60 the question is gone')
  await pair.laptop.getByText('No passkey was added: the page was loaded again').waitFor()
  await pair.see(pair.laptop, '61 loaded again')
  expect(await pair.laptop.locator('#methods li.method').count()).toBe(1)

  await pair.askForPasskey()
  await pair.approve()
  await pair.step('Your passkey is ready').waitFor()
})

test('the page is closed while the phone asks: the phone asks no longer', async () => {
  const pair = await asked()
  await pair.laptop.close()
  await expectNothing(pair)
})

test('the page goes elsewhere while the phone asks: the phone asks no longer', async () => {
  const pair = await asked()
  await pair.laptop.goto('about:blank')
  await expectNothing(pair)
})

test('a second tab takes over: the first says so, and both lists show what came of it', async () => {
  const pair = await asked()
  const second = await pair.laptop.context().newPage()
  await second.goto(pair.laptop.url())
  const other = pair.inTab(second)
  await other.askForPasskey()
  await pair.step('Another tab took over').waitFor()
  await pair.see(pair.laptop, '62 another tab took over')
  await expectNothing(pair)
  await other.approve()
  await other.step('Your passkey is ready').waitFor()
  await pair.button('Close').click()
  await pair.listed('Google Password Manager').waitFor()
  await other.laptop.getByRole('textbox', { name: 'Name' }).fill('My phone')
  await other.button('Save').click()
  await pair.listed('My phone').waitFor()
})

test('signed out in one tab, signed out in the other', async () => {
  const pair = await demo.open({ expectedErrors: [/status of 401/] })
  await pair.haveAccount()
  const second = await pair.laptop.context().newPage()
  await second.goto(pair.laptop.url())
  await pair.inTab(second).signOut()
  await pair.laptop.getByRole('heading', { name: 'Sign in' }).waitFor()
})
