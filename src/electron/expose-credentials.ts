import { NO_DOCUMENT } from '../credentials/page-side/page-messages.js'
import type { SendMessage } from '../credentials/page-side/page-messages.js'
import { pageScript } from '../credentials/page-side/page-script.js'
import { BRIDGE, CHANNEL } from './page-bridge.js'

/** The parts of Electron that a preload script has: `require('electron')` will do. */
export interface PreloadParts {
  /** Puts the function that sends messages into the page’s world. */
  readonly contextBridge: { exposeInMainWorld(name: string, api: object): void }
  /** Calls the main process. */
  readonly ipcRenderer: { invoke(channel: string, text: string): Promise<unknown> }
  /** Runs the script that makes `navigator.credentials` in the page. */
  readonly webFrame: { executeJavaScript(code: string): Promise<unknown> }
}

/** The parts of Electron, and what pages get. */
export interface ExposeCredentialsOptions extends PreloadParts {
  /**
   * Whether pages also have `DigitalCredential`. Default: true. Give false where the client that serves them asks no
   * wallets, such as a `LocalClient`.
   */
  readonly digital?: boolean | undefined
}

/**
 * Makes `navigator.credentials`, `PublicKeyCredential` and its kin in the page those that `serveCredentials` serves. Call it in a preload
 * script, before the page’s own scripts run. Pages that are no secure context keep what they have. For frames the window needs
 * `nodeIntegrationInSubFrames: true`, which gives them the preload script and no more.
 * @example
 * exposeCredentials({ contextBridge, ipcRenderer, webFrame })
 */
export function exposeCredentials(options: ExposeCredentialsOptions): void {
  const { contextBridge, ipcRenderer, webFrame, digital = true } = options
  const send: SendMessage = async text => String(await ipcRenderer.invoke(CHANNEL, text))
  contextBridge.exposeInMainWorld(BRIDGE, send)
  // `permit` decides for frames, whatever the page around them says.
  void webFrame.executeJavaScript(pageScript({ sender: BRIDGE, digital, keepsPolicy: false }))
  onPageHide(() => {
    void send(NO_DOCUMENT)
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
