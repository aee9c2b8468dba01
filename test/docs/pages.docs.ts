import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { SECTIONS } from '../../.config/docs/pages.js'
import { accessibilityFaults } from '../browser/support/accessibility.js'
import { useChromium } from '../browser/support/chromium.js'
import { pagePaths, serveSite } from './support/site.js'
import type { ServedSite } from './support/site.js'

const PHONE = { width: 360, height: 740 }
const MISSING = '/no-such-page'
/** Of the reference, one page in so many is looked at. */
const STRIDE = 100

/** The home page, every page of the project’s own texts, and a sample of the reference. */
const LOOKED_AT = [
  '/',
  ...SECTIONS.flatMap(({ pages }) => pages).map(({ address }) => `/${address}`),
  ...pagePaths()
    .filter(path => path.startsWith('/reference/'))
    .filter((_, index) => index % STRIDE === 0),
  '/reference/fido-hybrid/classes/HybridClient',
]

/** One page of each kind: what the dark adds is colours. */
const KINDS = [
  '/',
  '/start',
  '/decode',
  '/guides/embed',
  '/guides/understand',
  '/states',
  '/bench',
  '/reference/',
  '/reference/fido-hybrid/classes/HybridClient',
]

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

describe.each([
  ['light', LOOKED_AT],
  ['dark', KINDS],
] as const)('in the %s', (colorScheme, paths) => {
  test('axe has nothing against the pages', async () => {
    const page = await chromium.open('about:blank', { colorScheme })
    const faulty: object[] = []
    for (const path of paths) {
      await visit(page, path)
      const faults = await accessibilityFaults(page)
      if (faults.length > 0) faulty.push({ path, faults })
    }
    expect(faulty).toEqual([])
    process.stdout.write(`axe, ${colorScheme}: ${paths.length} pages\n`)
  })
})

describe('a page', () => {
  test('asks no other host, and has a title, a language and a description', async () => {
    const page = await chromium.open('about:blank')
    const asked = new Set<string>()
    page.on('request', request => asked.add(new URL(request.url()).origin))
    for (const path of LOOKED_AT) {
      await visit(page, path)
      expect(await page.title(), path).toMatch(/\S/)
      expect(await page.locator('html').getAttribute('lang'), path).toBe('en')
      expect(await page.locator('meta[name=description]').getAttribute('content'), path).toMatch(/\w \w/)
    }
    asked.delete('null')
    expect([...asked]).toEqual([site.origin])
  })

  test('fits a phone', async () => {
    const page = await chromium.open('about:blank', { viewport: PHONE })
    for (const path of LOOKED_AT) {
      await visit(page, path)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBe(PHONE.width)
    }
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
    ['HybridClient', '/reference/fido-hybrid/classes/HybridClient'],
  ])('finds %s', async (word, address) => {
    const page = await chromium.open(`${site.origin}/start`)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill(word)
    const found = page.locator('.VPLocalSearchBox .results a')
    await found.first().waitFor()
    const links = await Promise.all((await found.all()).map(link => link.getAttribute('href')))
    expect(links.map(link => link?.replace('.html', ''))).toContainEqual(expect.stringContaining(address))
  })
})
