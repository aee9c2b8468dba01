import { createContext, runInContext } from 'node:vm'
import type { SendMessage } from '../../src/credentials/page-side/page-messages.js'
import { pageScript } from '../../src/credentials/page-side/page-script.js'
import type { PageScriptOptions } from '../../src/credentials/page-side/page-script.js'

/** What a browser has before any script runs, in the page’s own realm. */
const BROWSER = `
  globalThis.Credential = class Credential { get id() { throw new TypeError('Illegal invocation') } }
  globalThis.DigitalCredential = class DigitalCredential extends Credential {}
  globalThis.CredentialsContainer = class CredentialsContainer {
    create(options) { return Promise.resolve(['native create', options]) }
    get(options) { return Promise.resolve(['native get', options]) }
  }
  globalThis.navigator = { credentials: new CredentialsContainer() }
  globalThis.isSecureContext = true
  globalThis.origin = 'https://login.example.com'
  globalThis.top = globalThis`

/** A page without a browser, where scripts can run. */
export interface PageWorld {
  /** @returns what the script evaluates to, from the page’s realm. */
  readonly run: (script: string) => unknown
  /** The same for a promise, whose value is copied out of the realm; a rejection gives the error’s class, name and message. */
  readonly outcome: (script: string) => Promise<unknown>
}

/** @param given what is in the global object besides. @param before a script that changes what a browser has. */
export function emptyPageWorld(given: object, before = ''): PageWorld {
  const context = createContext({ DOMException, crypto, btoa, atob, AbortController, TextDecoder, ...given })
  const run = (script: string): unknown => runInContext(script, context)
  run(BROWSER)
  run(before)
  const failure = `error => ({ name: error?.name, isDomException: error instanceof DOMException,
    isTypeError: error instanceof TypeError, message: error?.message ?? error })`
  return {
    run,
    outcome: async script =>
      structuredClone(await (run(`Promise.resolve(${script}).catch(${failure})`) as Promise<unknown>)),
  }
}

export interface PageWorldOptions extends Partial<PageScriptOptions> {
  /** Answers the page’s messages; undefined where nobody does. */
  readonly send: SendMessage | undefined
  readonly before?: string | undefined
}

/** A page that has the script of `pageScript`. */
export function pageWorld({ send, before, ...options }: PageWorldOptions): PageWorld {
  const world = emptyPageWorld({ sender: send }, before)
  world.run(pageScript({ sender: 'sender', digital: false, keepsPolicy: true, ...options }))
  return world
}
