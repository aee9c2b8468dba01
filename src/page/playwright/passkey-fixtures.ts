import { inspect } from 'node:util'
import { bridgePage } from '../bridge/bridge-page.js'
import type { BridgedPage, BridgePageOptions } from '../bridge/bridge-page.js'
import { contextAsPage } from './context-as-page.js'
import type { PlaywrightContext } from './context-as-page.js'

/** What `test.use()` and a project’s `use` set. */
export interface PasskeyTestOptions {
  /** What the test’s pages meet, such as `{ phone: { profile: 'ios' } }`. */
  passkeyOptions: BridgePageOptions
}

/** What tests with `passkeyFixtures` have besides Playwright’s own fixtures. */
export interface PasskeyFixtures extends PasskeyTestOptions {
  /** What the requests of the test’s pages go to. */
  passkeys: PasskeysUnderTest
}

/** What the requests of a test’s pages go to, and how they failed. */
export interface PasskeysUnderTest extends BridgedPage {
  /** Why requests failed, oldest first; pages are told the name and the message only. */
  readonly failures: readonly unknown[]
}

/** Playwright’s `TestInfo`, as far as it is used here. */
export interface TestUnderWay {
  /** How the test went, such as `passed`; undefined while it runs. */
  readonly status?: string | undefined
  /** How it should go, such as `failed` for `test.fail`. */
  readonly expectedStatus: string
  /** Adds text to the test’s report, under this name. */
  attach(name: string, content: { body: string; contentType: string }): Promise<void>
}

/** Fixtures as Playwright’s `extend` takes them. */
export interface PasskeyFixtureSet {
  /** The option of `test.use`. */
  passkeyOptions: [BridgePageOptions, { option: true }]
  /** Playwright’s own context, bridged before pages open in it. */
  context<Context extends PlaywrightContext>(
    args: PasskeyTestOptions & { context: Context },
    use: (context: Context) => Promise<void>,
    test: TestUnderWay,
  ): Promise<void>
  /** What the requests of the test’s pages go to. */
  passkeys(
    args: PasskeyTestOptions & { context: PlaywrightContext },
    use: (passkeys: PasskeysUnderTest) => Promise<void>,
  ): Promise<void>
}

const bridged = new WeakMap<PlaywrightContext, Promise<PasskeysUnderTest>>()

/**
 * Fixtures for `@playwright/test`: the test’s `page`, and every other page of its `context`, is bridged before anything opens in it;
 * `passkeys` holds their phone. The report of a failed test has an attachment that tells why requests for passkeys failed.
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
  async context({ context, passkeyOptions }, use, test) {
    const { failures } = await bridgeOnce(context, passkeyOptions)
    await use(context)
    bridged.delete(context)
    if (test.status !== test.expectedStatus && failures.length > 0)
      await test.attach('passkeys', { body: reasons(failures), contentType: 'text/plain' })
  },
  // A project’s own `context` may be another one.
  async passkeys({ context, passkeyOptions }, use) {
    await use(await bridgeOnce(context, passkeyOptions))
  },
}

function bridgeOnce(context: PlaywrightContext, options: BridgePageOptions): Promise<PasskeysUnderTest> {
  const bridge = bridged.get(context) ?? bridgeNoting(context, options)
  bridged.set(context, bridge)
  return bridge
}

async function bridgeNoting(
  context: PlaywrightContext,
  options: BridgePageOptions,
): Promise<PasskeysUnderTest> {
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => {
    failures.push(error)
    options.onFailure?.(error)
  }
  return { ...(await bridgePage(contextAsPage(context), { ...options, onFailure })), failures }
}

function reasons(failures: readonly unknown[]): string {
  return failures.map(failure => inspect(failure)).join('\n\n')
}
