import { inspect } from 'node:util'
import { bridgePage } from '../bridge/bridge-page.js'
import type { BridgedPage, BridgePageOptions } from '../bridge/bridge-page.js'
import type { PlaywrightPage } from '../bridge/page-under-test.js'

/** What `test.use()` and a project’s `use` set. */
export interface PasskeyTestOptions {
  /** What the test’s page meets, such as `{ phone: { profile: 'ios' } }`. */
  passkeyOptions: BridgePageOptions
}

/** What tests with `passkeyFixtures` have besides Playwright’s own fixtures. */
export interface PasskeyFixtures extends PasskeyTestOptions {
  /** What the requests of the test’s page go to. */
  passkeys: PasskeysUnderTest
}

/** What the requests of a test’s page go to, and how they failed. */
export interface PasskeysUnderTest extends BridgedPage {
  /** Why requests failed, oldest first; the page is told the name and the message only. */
  readonly failures: readonly unknown[]
}

/** Playwright’s `TestInfo`, as far as it is used here. */
export interface TestUnderWay {
  readonly status?: string | undefined
  readonly expectedStatus: string
  attach(name: string, content: { body: string; contentType: string }): Promise<void>
}

/** Fixtures as Playwright’s `extend` takes them. */
export interface PasskeyFixtureSet {
  passkeyOptions: [BridgePageOptions, { option: true }]
  page<Page extends PlaywrightPage>(
    args: PasskeyTestOptions & { page: Page },
    use: (page: Page) => Promise<void>,
    test: TestUnderWay,
  ): Promise<void>
  passkeys(
    args: PasskeyTestOptions & { page: PlaywrightPage },
    use: (passkeys: PasskeysUnderTest) => Promise<void>,
  ): Promise<void>
}

const bridged = new WeakMap<PlaywrightPage, Promise<PasskeysUnderTest>>()

/**
 * Fixtures for `@playwright/test`: each test’s `page` is bridged before anything opens in it, and `passkeys` holds its phone. The
 * report of a failed test has an attachment that tells why requests for passkeys failed.
 * @example
 * import { expect, test as base } from '@playwright/test'
 * import type { PasskeyFixtures } from 'fido-hybrid/page'
 *
 * const test = base.extend<PasskeyFixtures>(passkeyFixtures)
 * test.use({ passkeyOptions: { phone: { profile: 'ios' } } })
 * test('creates a passkey', async ({ page, passkeys }) => {
 *   await page.goto('/')
 *   await page.getByRole('button', { name: 'Create a passkey' }).click()
 *   await expect.poll(() => passkeys.phone.passkeys()).toHaveLength(1)
 * })
 */
export const passkeyFixtures: PasskeyFixtureSet = {
  passkeyOptions: [{}, { option: true }],
  async page({ page, passkeyOptions }, use, test) {
    const { failures } = await bridgeOnce(page, passkeyOptions)
    await use(page)
    if (test.status !== test.expectedStatus && failures.length > 0)
      await test.attach('passkeys', { body: reasons(failures), contentType: 'text/plain' })
  },
  // A project’s own `page` may be another one.
  async passkeys({ page, passkeyOptions }, use) {
    await use(await bridgeOnce(page, passkeyOptions))
  },
}

function bridgeOnce(page: PlaywrightPage, options: BridgePageOptions): Promise<PasskeysUnderTest> {
  const bridge = bridged.get(page) ?? bridgeNoting(page, options)
  bridged.set(page, bridge)
  return bridge
}

async function bridgeNoting(page: PlaywrightPage, options: BridgePageOptions): Promise<PasskeysUnderTest> {
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => {
    failures.push(error)
    options.onFailure?.(error)
  }
  return { ...(await bridgePage(page, { ...options, onFailure })), failures }
}

function reasons(failures: readonly unknown[]): string {
  return failures.map(failure => inspect(failure)).join('\n\n')
}
