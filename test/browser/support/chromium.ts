import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { CHROMIUM } from './executable.js'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SCREENSHOTS = fileURLToPath(new URL('../../../coverage/screenshots', import.meta.url))

interface OpenOptions {
  /** Default `light`. */
  readonly colorScheme?: 'light' | 'dark'
  /** In CSS pixels; default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Trusts any certificate, for a service of the test with a CA of its own. */
  readonly insecure?: boolean
  /** Errors on the console that the test provokes; every other fails it. */
  readonly expectedErrors?: readonly RegExp[]
}

/** One browser for a test file. */
export interface Chromium {
  /**
   * Opens a page in a profile of its own, which lasts for the test. Pages that it opens, and those of
   * `page.context().newPage()`, share that profile and are watched likewise.
   */
  readonly open: (url: string | URL, options?: OpenOptions) => Promise<Page>
}

/**
 * Launches the browser before the tests of the file that calls it, and ends it after them. An error on the console of
 * any page, or one that no script caught, fails the test; a test that fails leaves pictures of its pages.
 *
 * @example
 * const chromium = useChromium()
 * test('…', async () => { const page = await chromium.open(server.url, { colorScheme: 'dark' }) })
 */
export function useChromium(): Chromium {
  let browser: Browser | undefined
  let profiles: BrowserContext[] = []
  let errors: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  })
  afterEach(async ({ task }) => {
    const [open, seen] = [profiles, errors]
    profiles = []
    errors = []
    if (task.result?.state === 'fail') await takePictures(open, `failed/${task.name}`)
    // What the pages have said until now is heard before they are gone.
    for (const profile of open) await profile.close()
    expect(seen, 'errors on the console').toEqual([])
  })
  afterAll(() => browser?.close())

  return {
    async open(url, options = {}) {
      if (browser === undefined) throw new Error('pages are opened by tests, after the hooks')
      const profile = await browser.newContext(contextOptions(options))
      profiles.push(profile)
      watch(profile, errors, options.expectedErrors ?? [])
      const page = await profile.newPage()
      await page.goto(String(url))
      return page
    },
  }
}

/** Takes a picture of the whole page into `coverage/screenshots/NAME.png`, which CI keeps. @returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = `${SCREENSHOTS}/${name.replaceAll(/[^\w/-]+/g, '-')}.png`
  await page.screenshot({ path, fullPage: true, animations: 'disabled' })
  return path
}

function contextOptions({ colorScheme, viewport, insecure = false }: OpenOptions): BrowserContextOptions {
  return {
    colorScheme: colorScheme ?? 'light',
    reducedMotion: 'reduce',
    viewport: viewport ?? { width: 1280, height: 800 },
    ignoreHTTPSErrors: insecure,
  }
}

function watch(profile: BrowserContext, errors: string[], expected: readonly RegExp[]): void {
  const note = (error: string): void => {
    if (!expected.some(pattern => pattern.test(error))) errors.push(error)
  }
  profile.on('console', message => {
    if (message.type() === 'error') note(`${message.text()} (${message.location().url})`)
  })
  profile.on('weberror', webError => {
    const error = webError.error()
    note(error.stack ?? error.message)
  })
}

async function takePictures(profiles: readonly BrowserContext[], name: string): Promise<void> {
  for (const [index, page] of profiles.flatMap(profile => profile.pages()).entries())
    await screenshot(page, `${name}-${index + 1}`)
}
