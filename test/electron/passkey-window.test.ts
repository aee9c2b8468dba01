import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { passkeyWindow } from '../../src/electron/passkey-window.js'
import type { PasskeyViewRequest, PasskeyWindowPart } from '../../src/electron/passkey-window.js'
import { CREATION, testApp } from './app.js'
import { failureIn } from './stand-in.js'

class StandInContents extends EventEmitter {
  readonly ran: string[] = []
  executeJavaScript(code: string): Promise<unknown> {
    this.ran.push(code)
    return Promise.reject(new Error('the window is gone'))
  }
}

class StandInWindow extends EventEmitter implements PasskeyWindowPart {
  static all: StandInWindow[] = []
  readonly webContents = new StandInContents()
  readonly options: object
  page = ''
  gone = false

  constructor(options: object) {
    super()
    this.options = options
    StandInWindow.all.push(this)
  }

  loadURL(url: string): Promise<void> {
    this.page = decodeURIComponent(url.slice(url.indexOf(',') + 1))
    return Promise.resolve()
  }

  isDestroyed(): boolean {
    return this.gone
  }

  destroy(): void {
    this.gone = true
    this.emit('closed')
  }
}

afterEach(() => {
  StandInWindow.all = []
})

const qr = { url: 'FIDO:/1', toSvg: () => '<svg/>' }

function opened(changes: Partial<PasskeyViewRequest> = {}): {
  window: StandInWindow
  view: ReturnType<ReturnType<typeof passkeyWindow>>
  cancelled: () => number
} {
  let cancelled = 0
  const open = passkeyWindow({
    BrowserWindow: StandInWindow,
    texts: { cancel: '<Abbrechen>' },
    lang: 'de',
    windowOptions: { modal: true, webPreferences: { nodeIntegration: true } },
  })
  const cancel = (): void => {
    cancelled++
  }
  const view = open({ requestType: 'mc', rpId: 'example.com', qr, cancel, ...changes })
  const [window] = StandInWindow.all
  if (window === undefined) throw new Error('no window')
  return { window, view, cancelled: () => cancelled }
}

describe('a window', () => {
  test('is sandboxed, whatever is asked for', () => {
    expect(opened().window.options).toMatchObject({
      modal: true,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
    })
  })

  test('has no script, and shows text as text', () => {
    const { page } = opened({ rpId: '<script>"&\'' }).window
    expect(page).toContain('&#60;script&#62;&#34;&#38;&#39;')
    expect(page).toContain('&#60;Abbrechen&#62;')
    expect(page).toContain('<html lang="de">')
    expect(page).not.toContain('<script')
  })

  test('tells the steps that have a text', async () => {
    const { window, view } = opened()
    view.step('handshake')
    view.step('connected')
    view.step('awaiting-user')
    await expect.poll(() => window.webContents.ran.length).toBe(2)
    expect(window.webContents.ran[0]).toContain('"Connected to your phone."')
    expect(window.webContents.ran[1]).toContain('"Go on with the steps on your phone."')
    view.close()
    view.step('response')
    view.close()
    expect(window.webContents.ran).toHaveLength(2)
  })

  test.each<[string, (window: StandInWindow) => unknown, number]>([
    ['the button', window => window.webContents.emit('will-navigate', new Event('x')), 1],
    ['Escape', window => window.webContents.emit('before-input-event', {}, { key: 'Escape' }), 1],
    ['another key', window => window.webContents.emit('before-input-event', {}, { key: 'Tab' }), 0],
    ['closing', window => window.destroy(), 1],
  ])('is ended by %s', (_, end, times) => {
    const { window, cancelled } = opened()
    end(window)
    expect(cancelled()).toBe(times)
  })
})

test.each([
  ['mc', 'Create a passkey on your phone'],
  ['ga', 'Use a passkey from your phone'],
  ['dci', 'Put a document into the wallet of your phone'],
  ['dcp', 'Show a document from the wallet of your phone'],
] as const)('a request of type %s is headed “%s”', (requestType, heading) => {
  const { window } = opened({ requestType })
  expect(window.page).toContain(`<h1>${heading}</h1>`)
  expect(window.options).toMatchObject({ title: heading })
})

test('the window of a request is there until it is over', async () => {
  const { open, failures } = testApp({
    onQr: undefined,
    window: passkeyWindow({ BrowserWindow: StandInWindow }),
  })
  const pending = open().call('create', CREATION)
  await expect.poll(() => StandInWindow.all.length).toBe(1)
  const [window] = StandInWindow.all
  expect(window?.page).toContain('login.example.com')
  expect(window?.page).toContain('Create a passkey on your phone')
  window?.webContents.emit('before-input-event', {}, { key: 'Escape' })
  expect(failureIn(await pending)).toEqual({
    name: 'NotAllowedError',
    message: 'the user ended the request',
  })
  await expect.poll(() => window?.gone).toBe(true)
  expect(failures).toHaveLength(1)
})

test('a window tells how its request goes, and is closed at its end', async () => {
  let ask: (text: string) => unknown = () => undefined
  const open = passkeyWindow({ BrowserWindow: StandInWindow })
  const { open: openPage, phone } = testApp({
    onQr: undefined,
    window: request => {
      ask(request.qr.url)
      return open(request)
    },
  })
  ask = url => phone.scan(url)
  expect(await openPage().call('create', CREATION)).toHaveProperty('value')
  const [window] = StandInWindow.all
  expect(window?.gone).toBe(true)
  expect(window?.webContents.ran.join()).toContain('Connected to your phone.')
})
