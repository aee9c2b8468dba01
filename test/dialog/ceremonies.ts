import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { beforeEach, expect } from 'vitest'
import type { AirBrowser, AirPhone } from '../../src/page.js'
import { createRelyingParty } from '../../src/testing.js'
import type { RelyingParty } from '../../src/testing.js'
import { ask } from './asking-page.js'
import type { Outcome } from './asking-page.js'
import { useOpenBrowser } from './open-browser.js'

/** A page of a relying party in an open browser, whose ceremonies phones answer. */
export interface Ceremonies {
  readonly browser: AirBrowser
  /** Another one for each test. */
  readonly rp: RelyingParty
  create(options: object, signal?: string): Promise<Outcome<RegistrationResponseJSON>>
  get(options: object, signal?: string): Promise<Outcome<AuthenticationResponseJSON>>
  /** Registers a passkey. @returns the list that names it. */
  registered(phone: AirPhone): Promise<{ id: string }[]>
}

/** Call it at the top of a test file. Its members are there from the first test on. */
export function useCeremonies(): Ceremonies {
  const opened = useOpenBrowser()
  let rp: RelyingParty
  beforeEach(async () => {
    rp = await createRelyingParty({ origin: opened.site.origin })
  })
  const create: Ceremonies['create'] = (options, signal) =>
    ask(opened.browser.page, 'create', options, signal)
  return {
    get browser() {
      return opened.browser
    },
    get rp() {
      return rp
    },
    create,
    get: (options, signal) => ask(opened.browser.page, 'get', options, signal),
    async registered(phone) {
      const outcome = await answered(phone, create(await rp.creationOptions()))
      const { id } = await rp.register(responseOf(outcome))
      return [{ id }]
    },
  }
}

/** What the page got. @throws when that is an error. */
export function responseOf<Response>(outcome: Outcome<Response>): Response {
  if ('response' in outcome) return outcome.response
  throw new Error(`the page got ${outcome.error}`)
}

/** Scans, and waits for what the page is told. */
export async function answered<Response>(
  phone: AirPhone,
  asked: Promise<Outcome<Response>>,
): Promise<Outcome<Response>> {
  const { proximity } = await phone.scanScreen()
  expect(proximity).toBe('simulated')
  return asked
}
