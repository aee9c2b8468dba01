import { PageSide } from './page-side.js'

/** How the script finds the program around its page. */
export interface PageScriptOptions {
  /** Name of a function in the page’s global object that sends a message (`SendMessage`). */
  readonly sender: string
  /**
   * Requests of frames are refused: for programs that cannot tell which frame a message comes from. The sender stays in the page, as
   * Puppeteer needs it, so that this stops no frame that looks for it. Otherwise the script takes the sender away.
   */
  readonly topOnly?: boolean | undefined
}

/**
 * The script that makes a page’s `navigator.credentials` and `PublicKeyCredential` ask the program around it. It runs before the
 * page’s own scripts, in the main world, and does nothing where its sender is not there.
 */
export function pageScript({ sender, topOnly = false }: PageScriptOptions): string {
  const name = JSON.stringify(sender)
  // Some builds of a class call __name, which only they have.
  return `(() => {
  const __name = value => value
  const send = globalThis[${name}]
  ${topOnly ? '' : `delete globalThis[${name}]`}
  if (typeof send !== 'function') return
  new (${String(PageSide)})(globalThis, ${topOnly ? 'globalThis.top === globalThis ? send : undefined' : 'send'}).place()
})()`
}
