import { BRIDGE, CHANNEL } from './page-bridge.js'
import type { PageBridge } from './page-bridge.js'

/** The parts of Electron that a preload script has: `require('electron')` will do. */
export interface PreloadParts {
  readonly contextBridge: { exposeInMainWorld(name: string, api: object): void }
  readonly ipcRenderer: { invoke(channel: string, text: string): Promise<unknown> }
  readonly webFrame: { executeJavaScript(code: string): Promise<unknown> }
}

/** The bundle of `page-world.ts`. The build puts it here. */
declare const FIDO_HYBRID_PAGE_SCRIPT: string

/**
 * Makes `navigator.credentials`, `PublicKeyCredential` and its kin in the page those that `serveCredentials` serves. Call it in a preload
 * script, before the page’s own scripts run. Pages that are no secure context keep what they have. For frames the window needs
 * `nodeIntegrationInSubFrames: true`, which gives them the preload script and no more.
 * @example
 * exposeCredentials({ contextBridge, ipcRenderer, webFrame })
 */
export function exposeCredentials({ contextBridge, ipcRenderer, webFrame }: PreloadParts): void {
  const ask: PageBridge['ask'] = async text => String(await ipcRenderer.invoke(CHANNEL, text))
  contextBridge.exposeInMainWorld(BRIDGE, { ask })
  void webFrame.executeJavaScript(FIDO_HYBRID_PAGE_SCRIPT)
  onPageHide(() => {
    void ask(JSON.stringify({ call: 'cancel' }))
  })
}

/** A frame that is removed does not navigate, and is not closed. */
function onPageHide(listener: () => void): void {
  const page: unknown = globalThis
  if (isEventTarget(page)) page.addEventListener('pagehide', listener)
}

function isEventTarget(page: unknown): page is Pick<EventTarget, 'addEventListener'> {
  return typeof page === 'object' && page !== null && 'addEventListener' in page
}
