import { afterAll, beforeAll } from 'vitest'
import { launchWithAir } from '../../src/page.js'
import type { AirBrowser, LaunchWithAirOptions } from '../../src/page.js'
import { serveEmptySite } from './asking-page.js'
import type { EmptySite } from './asking-page.js'

/** A browser at an empty site, for all tests of a file. */
export interface OpenBrowser {
  readonly site: EmptySite
  readonly browser: AirBrowser
}

/** Call it at the top of a test file. Its members are there from the first test on. */
export function useOpenBrowser(options: LaunchWithAirOptions = {}): OpenBrowser {
  let site: EmptySite
  let browser: AirBrowser
  beforeAll(async () => {
    site = await serveEmptySite()
    browser = await launchWithAir({ ...options, url: site.origin })
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
  })
  return {
    get site() {
      return site
    },
    get browser() {
      return browser
    },
  }
}
