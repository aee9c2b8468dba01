import { expect, test } from 'vitest'
import { useDemo } from './support/security-info-pages.js'

const demo = useDemo()

/** Of some looks at a page. */
const LONG_MS = 120_000

test(
  'a student card, from the button to what the site has learned, without accessibility faults',
  { timeout: LONG_MS },
  async () => {
    const pair = await demo.open()
    const { laptop, phone } = pair
    await pair.haveAccount()
    await phone.getByRole('list', { name: 'Wallet' }).getByText('Ada Lovelace').waitFor()
    await pair.see(phone, '50 a card in the wallet')
    await pair.button('Show your student card').click()
    await pair.see(laptop, '51 what the site will learn')
    await pair.button('Continue').click()
    await pair.button('Show the QR code').click()
    await pair.qr().waitFor()
    await pair.scanScreen()
    await phone.getByRole('heading', { name: 'Show your student card to localhost?' }).waitFor()
    await phone.getByText('First name, Student number').waitFor()
    await pair.see(phone, '52 the wallet asks')
    await pair.phoneButton('Show it').click()
    await pair.step('Your card is verified').waitFor()
    const learned = laptop.getByRole('dialog').locator('.facts')
    expect(await learned.textContent()).toBe('First nameAdaStudent number2026-0042')
    await pair.see(laptop, '53 what the site has learned')
    await phone.locator('#phone-words').getByText('Student card shown to localhost.').waitFor()
    await pair.button('Done').click()
    expect(await laptop.getByRole('dialog').count()).toBe(0)
  },
)

test('a card that its user does not show: both pages say so, and the site learns nothing', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  await pair.button('Show your student card').click()
  await pair.button('Continue').click()
  await pair.button('Show the QR code').click()
  await pair.qr().waitFor()
  await pair.scanScreen()
  await pair.phoneButton('Refuse').click()
  await pair.laptop.getByText('The phone has shown no card: its user refused, or there is none.').waitFor()
  await pair.phone.getByText('The site does not learn whether there is a card.').waitFor()
  await pair.see(pair.laptop, '54 no card')
})

test('the phone’s own browser offers no card', async () => {
  const pair = await demo.open()
  await pair.haveAccount()
  const { origin } = new URL(pair.laptop.url())
  await pair.laptop.goto(`${origin}/security-info?on=phone`)
  await pair.button('Add sign-in method').waitFor()
  expect(await pair.button('Show your student card').isVisible()).toBe(false)
})
