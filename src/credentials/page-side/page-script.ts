import { knownProtocols } from '../../digital/protocols.js'
import { PageBytes } from './page-bytes.js'
import { PageCredentials } from './page-credentials.js'
import { PageInterfaces } from './page-interfaces.js'
import { PageJson } from './page-json.js'
import { PageSide } from './page-side.js'

/** How the script finds the program around its page, and what the page gets. */
export interface PageScriptOptions {
  /** Name of a function in the page’s global object that sends a message (`SendMessage`). */
  readonly sender: string
  /** Whether the page has `DigitalCredential`; else requests for one are refused, as in a browser without it. */
  readonly digital: boolean
  /** Whether the page’s own permissions policy counts; else the program around the page decides alone. */
  readonly keepsPolicy: boolean
  /**
   * Requests of frames are refused: for programs that cannot tell which frame a message comes from. The sender stays in the page, as
   * Puppeteer needs it, so that this stops no frame that looks for it. Otherwise the script takes the sender away, if it can.
   */
  readonly topOnly?: boolean | undefined
}

/**
 * The script that makes a page’s `navigator.credentials` and `PublicKeyCredential` ask the program around it. It runs before the
 * page’s own scripts, in the main world, and does nothing where its sender is not there.
 */
export function pageScript({ sender, digital, keepsPolicy, topOnly = false }: PageScriptOptions): string {
  const name = JSON.stringify(sender)
  const protocols = [...knownProtocols('presentation'), ...knownProtocols('issuance')]
  // Some builds of a class call __name, which only they have.
  return `(() => {
  const __name = value => value
  const send = globalThis[${name}]
  ${topOnly ? '' : `delete globalThis[${name}]`}
  if (typeof send !== 'function') return
  const bytes = new (${textOf(PageBytes)})()
  const interfaces = new (${textOf(PageInterfaces)})()
  new (${textOf(PageSide)})(globalThis, {
    bytes,
    interfaces,
    json: new (${textOf(PageJson)})(bytes),
    credentials: new (${textOf(PageCredentials)})({
      bytes,
      interfaces,
      Credential: globalThis.Credential,
      protocols: ${digital ? JSON.stringify(protocols) : 'undefined'},
    }),
    send: ${topOnly ? 'globalThis.top === globalThis ? send : undefined' : 'send'},
    keepsPolicy: ${keepsPolicy},
  }).place()
})()`
}

/** Builds that keep names call a helper of theirs in each class, by whatever name it has there. */
function textOf(type: unknown): string {
  const text = String(type)
  const helper = /static\s*\{\s*([\w$]+)\(this,/.exec(text)?.[1]
  return helper === undefined ? text : `(${helper} => ${text})(value => value)`
}
