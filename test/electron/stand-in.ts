import { EventEmitter } from 'node:events'
import type { CallingContents, CallingFrame, CredentialsIpcMain } from '../../src/electron/calling-page.js'
import type { IpcCall } from '../../src/electron/calling-page.js'
import type { DocumentReply, PageFailure } from '../../src/credentials/page-side/page-messages.js'

type Listener = Parameters<CredentialsIpcMain['handle']>[1]

/** `ipcMain` for one channel: what crosses it is cloned. */
export class StandInIpcMain implements CredentialsIpcMain {
  readonly handlers: Map<string, Listener> = new Map<string, Listener>()

  handle(channel: string, listener: Listener): void {
    this.handlers.set(channel, listener)
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel)
  }

  async invoke(channel: string, call: IpcCall, text: unknown): Promise<string> {
    const handler = this.handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    return structuredClone(await handler(call, structuredClone(text)))
  }
}

let frames = 0

/** A frame of a page. */
export class StandInFrame implements CallingFrame {
  readonly frameTreeNodeId: number = ++frames
  readonly origin: string
  readonly parent: StandInFrame | null

  constructor(origin: string, parent: StandInFrame | null = null) {
    this.origin = origin
    this.parent = parent
  }
}

/** A page, with its messages to the main process. */
export class StandInPage extends EventEmitter implements CallingContents {
  readonly ipcMain: StandInIpcMain
  readonly main: StandInFrame

  constructor(ipcMain: StandInIpcMain, origin: string) {
    super()
    this.ipcMain = ipcMain
    this.main = new StandInFrame(origin)
  }

  /** Sends text as a preload script does. */
  async send(text: unknown, frame: CallingFrame | null = this.main): Promise<DocumentReply> {
    const call = { sender: this, senderFrame: frame }
    return JSON.parse(await this.ipcMain.invoke('fido-hybrid:credentials', call, text)) as DocumentReply
  }

  /** Asks as the page’s script does: the document’s only request, unless its name is another. */
  call(kind: string, options: unknown, frame?: CallingFrame): Promise<DocumentReply> {
    const isRequest = kind === 'create' || kind === 'get'
    const asked = isRequest ? { publicKey: asPageWrites(options) } : { options: asPageWrites(options) }
    return this.send(JSON.stringify({ kind, request: 1, document: 'first', ...asked }), frame)
  }

  /** The page’s signal ends its request. */
  abort(frame?: CallingFrame): Promise<DocumentReply> {
    return this.send('{"kind":"abort","request":1,"document":"first"}', frame)
  }

  navigate(frame: CallingFrame | null = this.main, isSameDocument = false): void {
    this.emit('did-start-navigation', { isSameDocument, frame })
  }
}

const BYTES = new Set(['challenge', 'id', 'credentialId', 'userId'])

/** Options as JSON, in the way that a page’s script writes bytes. */
function asPageWrites(json: unknown): unknown {
  if (json === undefined) return undefined
  return JSON.parse(JSON.stringify(json), (name, value: unknown) =>
    BYTES.has(name) && typeof value === 'string' && /^[\w-]+$/.test(value) ? { $bytes: value } : value,
  )
}

export function failureIn(reply: DocumentReply): PageFailure {
  if (reply.error !== undefined) return reply.error
  throw new Error(`no failure but ${JSON.stringify(reply.value)}`)
}
