import type { BrowserContext, BrowserContextOptions, BrowserType, Page } from 'playwright-core'
import { UnsupportedError } from '../../errors.js'
import type { LabPhoneOptions } from '../../testing/lab.js'
import { findProgram, PAGE_PROGRAMS } from '../../testing/page-programs.js'
import type { AirPhone } from './air-phone.js'
import { openBrowserAir } from './browser-air.js'
import type { BrowserAir, BrowserAirOptions } from './browser-air.js'

/** The browser that is launched, and what is in it at first. */
export interface LaunchWithAirOptions extends BrowserAirOptions {
  /** What the page opens at first; a blank page unless given. */
  readonly url?: string | URL | undefined
  /** The first phone. */
  readonly phone?: LabPhoneOptions | undefined
  /** The browser; the first of chromium, chromium-browser, google-chrome-stable and google-chrome on `PATH` unless given. */
  readonly executablePath?: string | undefined
  /**
   * More for its command line. `--enable-features=WebIdentityDigitalCredentials:dialog/no_dialog` leaves out the question whether the
   * site is trusted, which Chromium 156 asks before it shows the QR code for a digital credential.
   */
  readonly args?: readonly string[] | undefined
  /** Playwright’s options of a context, such as `locale`. */
  readonly context?: BrowserContextOptions | undefined
  /** Playwright’s `chromium`, where it is not that of the package `playwright-core`. */
  readonly browserType?: BrowserType | undefined
}

/** A browser with its own dialog, and phones that read what it shows. */
export interface AirBrowser extends Pick<BrowserAir, 'surroundings' | 'nextCode' | 'cancelDialog'> {
  readonly context: BrowserContext
  readonly page: Page
  readonly phone: AirPhone
  /** Another phone. */
  newPhone(options?: LabPhoneOptions): AirPhone
  /** Ends the browser and everything around it; safe to call twice. */
  close(): Promise<void>
}

/**
 * Launches a real Chromium on Linux whose own passkey dialog meets a virtual phone: its Bluetooth, the tunnel service and the screen
 * are those of a `BrowserAir`. Nearness is simulated.
 * @throws UnsupportedError `package-missing` without Chromium, Xvfb, dbus-daemon or playwright-core, `capability-missing` elsewhere
 * than on Linux.
 *
 * @example
 * const { page, phone } = await launchWithAir({ url: 'http://localhost:8080/' })
 * await page.getByRole('button', { name: 'Create a passkey' }).click()
 * await phone.scanScreen()
 */
export async function launchWithAir(options: LaunchWithAirOptions = {}): Promise<AirBrowser> {
  const browserType = options.browserType ?? (await loadDriver()).chromium
  const executablePath = options.executablePath ?? findProgram(PAGE_PROGRAMS.browser, process.env['PATH'])
  const air = await openBrowserAir(options)
  try {
    return await launch(browserType, executablePath, air, options)
  } catch (error) {
    await air.close()
    throw error
  }
}

async function launch(
  browserType: BrowserType,
  executablePath: string,
  air: BrowserAir,
  { url, args = [], context: contextOptions, phone }: LaunchWithAirOptions,
): Promise<AirBrowser> {
  const context = await browserType.launchPersistentContext('', {
    viewport: null,
    ...contextOptions,
    executablePath,
    headless: false,
    args: [...air.args, ...args],
    env: air.env,
    // Signals are for the air, which ends this process; at its end the driver ends the browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    if (url !== undefined) await page.goto(String(url))
    return browserOf(context, page, air, phone)
  } catch (error) {
    await context.close()
    throw error
  }
}

function browserOf(
  context: BrowserContext,
  page: Page,
  air: BrowserAir,
  phone: LabPhoneOptions | undefined,
): AirBrowser {
  return {
    context,
    page,
    phone: air.phone(phone),
    newPhone: options => air.phone(options),
    surroundings: air.surroundings,
    nextCode: options => air.nextCode(options),
    cancelDialog: options => air.cancelDialog(options),
    async close() {
      await context.close()
      await air.close()
    },
  }
}

async function loadDriver(): Promise<{ readonly chromium: BrowserType }> {
  try {
    return await import('playwright-core')
  } catch (cause) {
    throw new UnsupportedError('package-missing', 'a browser is driven with the package playwright-core', {
      cause,
    })
  }
}
