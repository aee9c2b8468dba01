import type { ProgressListener } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/message/json.js'
import type { LabPhoneOptions } from '../../src/testing.js'
import type { OpenBrowser } from './open-browser.js'

/** What W3C Digital Credentials has in `digital`. */
export interface DigitalOptions {
  readonly requests: readonly { readonly protocol: string; readonly data: JsonObject }[]
}

/**
 * Has the page ask its browser; `stop.abort(…)` in the page ends the request.
 * @returns the credential as JSON, or the name of the error as the page sees it.
 */
export function askDigital(
  { browser }: OpenBrowser,
  method: 'create' | 'get',
  digital: DigitalOptions,
): Promise<unknown> {
  const mediation = method === 'get' ? 'required' : undefined
  return browser.page.evaluate(`(async () => {
    globalThis.stop = new AbortController()
    try {
      const options = { ...${JSON.stringify({ digital, mediation })}, signal: stop.signal }
      return (await navigator.credentials.${method}(options)).toJSON()
    } catch (error) {
      return error.name
    }
  })()`)
}

/** How a request ended: what the page was told, and what the phone’s scan came to. */
export interface Ends {
  readonly page: unknown
  readonly phone: unknown
}

/** Lets a phone scan for what a page has asked. @param onProgress hears the phone’s steps. */
export async function answered(
  { browser }: OpenBrowser,
  phone: LabPhoneOptions,
  asked: Promise<unknown>,
  onProgress?: ProgressListener,
): Promise<Ends> {
  const scanned = browser
    .newPhone(phone)
    .scanScreen({ onProgress })
    .catch((error: unknown) => error)
  return { page: await asked, phone: await scanned }
}

/** A phone whose wallet answers with this. */
export const answering = (digital: Record<string, JsonValue>): LabPhoneOptions => ({
  handler: { handleJson: () => Promise.resolve({ response: { digital } }) },
})
