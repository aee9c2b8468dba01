import { readFile } from 'node:fs/promises'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityFaults } from './support/accessibility.js'
import { screenshot, useChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import type { PageServer } from './support/page-server.js'

const chromium = useChromium()
let server: PageServer

beforeAll(async () => {
  server = await servePage(new Map([['main.js', 'globalThis.loaded = true']]))
})
afterAll(() => server.close())

test('a page runs its own script, and no other', async () => {
  const page = await chromium.open(server.url, { expectedErrors: [/TrustedScript/] })
  expect(await page.evaluate('loaded')).toBe(true)
  const refused = page.evaluate(`new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.intruded = true'
    document.body.append(script)
    setTimeout(resolve)
  })`)
  await expect(refused).rejects.toThrow('TrustedScript')
  expect(await page.evaluate('globalThis.intruded')).toBeUndefined()
})

test.fails.each([
  ['tells', `console.error('told')`],
  ['throws', `new Promise(resolve => setTimeout(() => { setTimeout(resolve); throw new Error('thrown') }))`],
])('an error that a page %s fails the test', async (_, script) => {
  const page = await chromium.open(server.url)
  await page.evaluate(script)
})

test.each(['light', 'dark'] as const)('a page is told to be %s', async colorScheme => {
  const page = await chromium.open(server.url, { colorScheme })
  expect(await page.evaluate(`matchMedia('(prefers-color-scheme: ${colorScheme})').matches`)).toBe(true)
  const picture = PNG.sync.read(await readFile(await screenshot(page, `harness ${colorScheme}`)))
  expect([picture.width, picture.height]).toEqual([1280, 800])
})

test('axe finds what is wrong with a page, and nothing where nothing is', async () => {
  const page = await chromium.open(server.url)
  await page.evaluate(`document.body.append(document.createElement('button'))`)
  const faults = await accessibilityFaults(page)
  expect(faults.map(({ rule }) => rule)).toContain('button-name')
  await page.evaluate(`document.body.replaceChildren(
    Object.assign(document.createElement('main'), { ariaLabel: 'All' })
  ); document.querySelector('main').append(
    Object.assign(document.createElement('h1'), { textContent: 'Security info' })
  )`)
  expect(await accessibilityFaults(page)).toEqual([])
})
