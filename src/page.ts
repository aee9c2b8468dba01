/**
 * For tests of pages: `navigator.credentials`, or a browser’s own passkey dialog, meets a virtual phone.
 * @module
 */
export { openBrowserAir } from './page/dialog/browser-air.js'
export type { BrowserAir, BrowserAirOptions, BrowserAirSurroundings } from './page/dialog/browser-air.js'
export type { AirPhone, ScanScreenOptions } from './page/dialog/air-phone.js'
export { launchWithAir } from './page/dialog/launch-with-air.js'
export type { AirBrowser, LaunchWithAirOptions } from './page/dialog/launch-with-air.js'
export type { LookOptions } from './page/dialog/screen-codes.js'
export { bridgePage } from './page/bridge/bridge-page.js'
export type { BridgePageOptions, BridgedPage } from './page/bridge/bridge-page.js'
export type { PagePasskey, PagePhone } from './page/bridge/page-phone.js'
export type {
  FrameUnderTest,
  PageUnderTest,
  PlaywrightPage,
  PuppeteerPage,
} from './page/bridge/page-under-test.js'
export type { PlaywrightContext } from './page/playwright/context-as-page.js'
export { passkeyFixtures } from './page/playwright/passkey-fixtures.js'
export type {
  PasskeyFixtures,
  PasskeyFixtureSet,
  PasskeysUnderTest,
  PasskeyTestOptions,
  TestUnderWay,
} from './page/playwright/passkey-fixtures.js'
