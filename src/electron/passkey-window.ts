import type { Qr } from '../client/qr.js'
import type { ProgressEvent } from '../driver/progress.js'
import { stepScript, windowPage } from './window-page.js'
import { ENGLISH } from './window-texts.js'
import type { PasskeyWindowTexts } from './window-texts.js'

/** A request to show: one of `serveCredentials`, or one that Electron itself makes. */
export interface PasskeyViewRequest {
  /** `mc`: a passkey is made; `ga`: one signs in; `dci` and `dcp`: a wallet gets a digital credential, or shows one. */
  readonly requestType: 'mc' | 'ga' | 'dci' | 'dcp'
  /** The RP ID of the relying party, such as `example.com`. */
  readonly rpId: string
  /** The origin of the page. */
  readonly origin?: string | undefined
  /** The QR code that the phone has to read. Every device that reads it can take part. */
  readonly qr: Pick<Qr, 'url' | 'toSvg'>
  /** Call it when the user wants to end the request. */
  readonly cancel: () => void
}

/** What shows one request. */
export interface PasskeyView {
  /** Shows a step, by the name of its progress event. */
  step(event: ProgressEvent['event']): void
  /** The request is over. */
  close(): void
}

/** Opens what shows one request. */
export type OpenPasskeyView = (request: PasskeyViewRequest) => PasskeyView

/** An event that can be kept from having its effect. */
interface Preventable {
  preventDefault(): void
}

/** A window, as `BrowserWindow` is. */
export interface PasskeyWindowPart {
  /** What shows the window’s page. */
  readonly webContents: {
    on(event: 'will-navigate', listener: (details: Preventable) => void): unknown
    on(
      event: 'before-input-event',
      listener: (event: Preventable, input: { readonly key: string }) => void,
    ): unknown
    executeJavaScript(code: string): Promise<unknown>
  }
  /** Shows the page of a URL. */
  loadURL(url: string): Promise<void>
  /** Hears that the window was closed. */
  on(event: 'closed', listener: () => void): unknown
  /** Whether the window is gone. */
  isDestroyed(): boolean
  /** Closes the window without asking its page. */
  destroy(): void
}

/** Electron’s class `BrowserWindow`. */
export type PasskeyWindowClass = new (options: object) => PasskeyWindowPart

/** What the window is made of, and its texts. */
export interface PasskeyWindowOptions {
  /** Electron’s own class. */
  readonly BrowserWindow: PasskeyWindowClass
  /** Instead of the English ones. */
  readonly texts?: Partial<PasskeyWindowTexts> | undefined
  /** The texts’ language, BCP 47; default `en`. */
  readonly lang?: string | undefined
  /** Further options of `BrowserWindow`, such as `parent`. */
  readonly windowOptions?: object | undefined
}

const SIZE = { width: 420, height: 560, useContentSize: true, minimizable: false, maximizable: false }
const HEADINGS = { mc: 'create', ga: 'get', dci: 'issue', dcp: 'present' } as const
const PREFERENCES = { sandbox: true, contextIsolation: true, nodeIntegration: false }

/**
 * A window with the QR code and the steps: light or dark as the system is, for keyboards and screen readers. Its page has no script and no
 * preload script. Closing it, the button and the Escape key end the request.
 *
 * For the event `webauthn-hybrid-request` that Electron has in preparation, call what this returns: `qr.url` is its QR code, and `close()`
 * belongs to `webauthn-hybrid-request-completed`.
 * @example
 * const open = passkeyWindow({ BrowserWindow, texts: { cancel: 'Abbrechen' }, lang: 'de' })
 * const qr = { url: 'FIDO:/…', toSvg: () => platform.painter.toSvg('FIDO:/…') }
 * const view = open({ requestType: 'ga', rpId: 'example.com', qr, cancel: () => view.close() })
 * view.step('connected')
 */
export function passkeyWindow(options: PasskeyWindowOptions): OpenPasskeyView {
  return request => openWindow(options, request)
}

function openWindow(options: PasskeyWindowOptions, request: PasskeyViewRequest): PasskeyView {
  const { BrowserWindow, lang = 'en', windowOptions } = options
  const { requestType, rpId, qr, cancel } = request
  const texts = { ...ENGLISH, ...options.texts }
  const heading = texts[HEADINGS[requestType]]
  const window = new BrowserWindow({
    ...SIZE,
    title: heading,
    ...windowOptions,
    webPreferences: PREFERENCES,
  })
  endingWith(window, cancel)
  let told = window.loadURL(windowPage({ heading, rpId, svg: qr.toSvg(), texts, lang })).catch(ignored)
  return {
    step(event) {
      const text = texts.steps[event]
      if (text === undefined) return
      told = told.then(() => telling(window, stepScript(text, event === 'connected')))
    },
    close: () => {
      if (!window.isDestroyed()) window.destroy()
    },
  }
}

function endingWith(window: PasskeyWindowPart, cancel: () => void): void {
  const { webContents } = window
  // The page has one link: the button.
  webContents.on('will-navigate', details => {
    details.preventDefault()
    cancel()
  })
  webContents.on('before-input-event', (_event, { key }) => {
    if (key === 'Escape') cancel()
  })
  window.on('closed', cancel)
}

/** Runs a script in the window, unless it was closed in the meantime. */
async function telling(window: PasskeyWindowPart, script: string): Promise<void> {
  if (!window.isDestroyed()) await window.webContents.executeJavaScript(script).catch(ignored)
}

function ignored(): void {
  // The window is gone.
}
