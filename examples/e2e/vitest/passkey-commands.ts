// Commands of Vitest’s browser mode: tests are in the page, laptop and phones are here, in Node.
import { bridgePage } from 'fido-hybrid/page'
import type { BridgedPage, PagePasskey, PagePhone } from 'fido-hybrid/page'
import type { PhoneProfileName } from 'fido-hybrid/virtual'
import type { Page } from 'playwright'
import type { BrowserCommand } from 'vitest/node'

interface Surroundings {
  readonly bridge: BridgedPage
  phone: PagePhone
}

/** One for each page of Vitest’s, which runs many tests. */
const known = new WeakMap<Page, Promise<Surroundings>>()

/** Gives the page a new phone, without passkeys, and with a user who approves. */
export const takePhone: BrowserCommand<[profile?: PhoneProfileName]> = async ({ page }, profile) => {
  const around = await surroundings(page)
  around.phone = around.bridge.newPhone({ profile })
  around.bridge.hold(around.phone)
}

/** The user of the phone refuses from now on. */
export const refuseOnPhone: BrowserCommand = async ({ page }) => {
  const { phone } = await surroundings(page)
  phone.refuse()
}

/** What the phone keeps. */
export const passkeysOnPhone: BrowserCommand = async ({ page }) => {
  const { phone } = await surroundings(page)
  return phone.passkeys()
}

function surroundings(page: Page): Promise<Surroundings> {
  const around = known.get(page) ?? bridge(page)
  known.set(page, around)
  return around
}

async function bridge(page: Page): Promise<Surroundings> {
  const bridge = await bridgePage(page)
  return { bridge, phone: bridge.phone }
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    takePhone(profile?: PhoneProfileName): Promise<void>
    refuseOnPhone(): Promise<void>
    passkeysOnPhone(): Promise<readonly PagePasskey[]>
  }
}
