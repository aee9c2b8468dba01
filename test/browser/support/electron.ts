import { EventEmitter } from 'node:events'
import { build } from 'esbuild'
import type { PluginBuild } from 'esbuild'
import type { CDPSession, Page } from 'playwright-core'
import type { CallingContents, CallingFrame } from '../../../src/electron/calling-page.js'
import type { StandInIpcMain } from '../../electron/stand-in.js'

/** The page’s world, of which Electron’s `contextBridge` and `webFrame` are the way in. */
const MAIN_WORLD = `{
  const waiting = new Map()
  addEventListener('stand-in-run', ({ detail }) => (0, eval)(detail))
  addEventListener('stand-in-return', ({ detail: { id, result } }) => waiting.get(id)(result))
  addEventListener('stand-in-expose', ({ detail: { name } }) => {
    const value = (...args) => new Promise(resolve => {
      const id = waiting.size
      waiting.set(id, resolve)
      dispatchEvent(new CustomEvent('stand-in-call', { detail: { id, args } }))
    })
    Object.defineProperty(globalThis, name, { value })
  })
}`

/** What a preload script has of Electron, in its own world. `ipcSend` is a binding of the browser. */
const ELECTRON = `
const answers = []
globalThis.ipcReply = (id, text) => answers[id](text)
const tell = (name, detail) => dispatchEvent(new CustomEvent(name, { detail }))
export const ipcRenderer = {
  invoke: (channel, text) => new Promise(resolve => ipcSend(JSON.stringify([answers.push(resolve) - 1, channel, text]))),
}
export const contextBridge = {
  exposeInMainWorld(name, api) {
    addEventListener('stand-in-call', async ({ detail: { id, args } }) =>
      tell('stand-in-return', { id, result: await api(...args) }))
    tell('stand-in-expose', { name })
  },
}
export const webFrame = { executeJavaScript: async code => tell('stand-in-run', code) }`

const PRELOAD = `
import * as electron from 'electron'
import { exposeCredentials } from './src/electron/preload.ts'
exposeCredentials(electron)`

/** The preload script with stand-ins of Electron’s modules, bundled. */
export async function bundlePreload(): Promise<string> {
  const electron = {
    name: 'electron',
    setup(bundling: PluginBuild): void {
      bundling.onResolve({ filter: /^electron$/ }, ({ path }) => ({ path, namespace: 'electron' }))
      bundling.onLoad({ filter: /^/, namespace: 'electron' }, () => ({ contents: ELECTRON }))
    },
  }
  const { outputFiles } = await build({
    stdin: { contents: PRELOAD, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    plugins: [electron],
  })
  return outputFiles[0]?.text ?? ''
}

interface KnownFrame {
  readonly id: string
  readonly parentId?: string
  readonly securityOrigin: string
}

let treeNodes = 0

/** A frame as the browser has it now. */
class BrowserFrame implements CallingFrame {
  readonly frameTreeNodeId: number = ++treeNodes
  readonly #contents: BrowserContents
  known: KnownFrame

  constructor(contents: BrowserContents, known: KnownFrame) {
    this.#contents = contents
    this.known = known
  }

  get origin(): string {
    return this.known.securityOrigin
  }

  get parent(): CallingFrame | null {
    return this.#contents.frames.get(this.known.parentId ?? '') ?? null
  }
}

/** A page of the browser in the place of Electron’s `WebContents`; what it knows, the browser told. */
class BrowserContents extends EventEmitter implements CallingContents {
  readonly frames: Map<string, BrowserFrame> = new Map<string, BrowserFrame>()

  learn(known: KnownFrame): void {
    const frame = this.frames.get(known.id)
    if (frame === undefined) this.frames.set(known.id, new BrowserFrame(this, known))
    else frame.known = known
  }
}

/** Gives a page a preload script in a world of its own, and its messages to the main process. */
export async function attachPreload(page: Page, preload: string, ipcMain: StandInIpcMain): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const contents = new BrowserContents()
  const frameOfContext = new Map<number, string>()
  page.on('close', () => contents.emit('destroyed'))
  followFrames(session, contents)
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = (context.auxData ?? {}) as { frameId?: string }
    frameOfContext.set(context.id, frameId ?? '')
  })
  session.on('Runtime.bindingCalled', ({ payload, executionContextId: contextId }) => {
    const [id, channel, text] = JSON.parse(payload) as [number, string, string]
    const senderFrame = contents.frames.get(frameOfContext.get(contextId) ?? '') ?? null
    void ipcMain.invoke(channel, { sender: contents, senderFrame }, text).then(async answer => {
      const expression = `ipcReply(${id}, ${JSON.stringify(answer)})`
      // The document may be gone.
      await session.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined)
    })
  })
  await session.send('Page.enable')
  await session.send('Runtime.enable')
  contents.learn((await session.send('Page.getFrameTree')).frameTree.frame)
  await session.send('Runtime.addBinding', { name: 'ipcSend', executionContextName: 'preload' })
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_WORLD })
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: preload, worldName: 'preload' })
}

function followFrames(session: CDPSession, contents: BrowserContents): void {
  session.on('Page.frameNavigated', ({ frame }) => contents.learn(frame))
  session.on('Page.frameStartedNavigating', ({ frameId, navigationType }) => {
    const isSameDocument = /sameDocument/i.test(navigationType)
    contents.emit('did-start-navigation', { isSameDocument, frame: contents.frames.get(frameId) ?? null })
  })
}
