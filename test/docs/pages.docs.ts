import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { SECTIONS } from '../../.config/docs/pages.js'
import { accessibilityFaults, contrastFaults } from '../browser/support/accessibility.js'
import { useChromium } from '../browser/support/chromium.js'
import { pagePaths, serveSite } from './support/site.js'
import type { ServedSite } from './support/site.js'

const PHONE = { width: 360, height: 740 }
const MISSING = '/no-such-page'
/** Of the reference, one page in so many is looked at. */
const STRIDE = 100

/** The home page, every page of the project’s own texts, and a sample of the reference with each kind of page. */
const LOOKED_AT = new Set([
  '/',
  ...SECTIONS.flatMap(({ pages }) => pages).map(({ address }) => `/${address}`),
  ...pagePaths()
    .filter(path => path.startsWith('/reference/'))
    .filter((_, index) => index % STRIDE === 0),
  '/reference/',
  '/reference/fido-hybrid/',
  '/reference/fido-hybrid/classes/HybridClient',
  '/reference/fido-hybrid/type-aliases/CeremonyOptions',
  '/reference/fido-hybrid/interfaces/ProgressEvent',
  '/reference/fido-hybrid/testing/functions/createLab',
])

const chromium = useChromium()
let site: ServedSite
beforeAll(async () => {
  site = await serveSite()
})
afterAll(() => site.close())

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(site.origin + path, { waitUntil: 'load' })
  await page.locator('#app').waitFor()
}

/** The origins that a page asks from now on. */
function watchOrigins(page: Page): ReadonlySet<string> {
  const asked = new Set<string>()
  page.on('request', request => asked.add(new URL(request.url()).origin))
  return asked
}

async function expectHead(page: Page): Promise<void> {
  expect(await page.title()).toMatch(/\S/)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(await page.locator('meta[name=description]').getAttribute('content')).toMatch(/\w \w/)
}

describe('the page', () => {
  test.each([...LOOKED_AT])(
    '%s asks no other host, suits axe in light and dark, and fits a phone',
    async path => {
      const page = await chromium.open('about:blank')
      const asked = watchOrigins(page)
      await visit(page, path)
      await expectHead(page)
      expect(await accessibilityFaults(page), 'light').toEqual([])
      // What the dark adds is colours.
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.locator('html.dark').waitFor()
      expect(await contrastFaults(page), 'dark').toEqual([])
      await page.setViewportSize(PHONE)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
      expect([...asked]).toEqual([site.origin])
    },
  )

  test('is reached by keys: the first leads past the menus', async () => {
    const page = await chromium.open(`${site.origin}/guides/embed`)
    await page.locator('.VPSwitchAppearance').first().waitFor()
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    expect(await focused.textContent()).toContain('Skip to content')
    expect((await focused.boundingBox())?.width).toBeGreaterThan(100)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('VPContent')
  })

  test('is printed without menus, and with its code in full', async () => {
    const page = await chromium.open(`${site.origin}/guides/embed`)
    await page.emulateMedia({ media: 'print' })
    for (const menu of ['.VPNav', '.VPSidebar', '.VPDocFooter'])
      expect(await page.locator(menu).isVisible(), menu).toBe(false)
    const cut =
      '[...document.querySelectorAll(".vp-doc pre")].filter(pre => pre.scrollWidth > pre.clientWidth)'
    expect(await page.evaluate<number>(`${cut}.length`)).toBe(0)
  })

  test('that is not there leads home', async () => {
    const page = await chromium.open('about:blank', { expectedErrors: [/404/] })
    await visit(page, MISSING)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.locator('.NotFound a').click()
    await page.waitForURL(`${site.origin}/`)
  })
})

describe('the search', () => {
  test.each([
    ['tunnel-untrusted', '/errors#tunnel-untrusted'],
    ['channel-lost', '/errors#channel-lost'],
    ['timeout', '/errors#advert-timeout'],
    ['no Bluetooth', '/guides/trouble#no-bluetooth'],
    ['Electron', '/guides/embed#electron'],
    ['HybridClient', '/reference/fido-hybrid/classes/HybridClient#class-hybridclient'],
  ])('finds %s first', async (words, address) => {
    const page = await chromium.open(`${site.origin}/start`)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill(words)
    const found = page.locator('.VPLocalSearchBox .results a')
    await found.first().waitFor()
    expect(await found.first().getAttribute('href')).toBe(address)
  })
})
