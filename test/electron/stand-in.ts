import { EventEmitter } from 'node:events'
import type { CallingContents, CallingFrame, CredentialsIpcMain } from '../../src/electron/calling-page.js'
import type { IpcCall } from '../../src/electron/calling-page.js'
import type { PageFailure } from '../../src/credentials/page-side/page-messages.js'
import type { PageReply } from '../../src/electron/page-message.js'

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
  async send(text: unknown, frame: CallingFrame | null = this.main): Promise<PageReply> {
    const call = { sender: this, senderFrame: frame }
    return JSON.parse(await this.ipcMain.invoke('fido-hybrid:credentials', call, text)) as PageReply
  }

  call(call: string, options: unknown, frame?: CallingFrame): Promise<PageReply> {
    return this.send(JSON.stringify({ call, options }), frame)
  }

  navigate(frame: CallingFrame | null = this.main, isSameDocument = false): void {
    this.emit('did-start-navigation', { isSameDocument, frame })
  }
}

export function failureIn(reply: PageReply): PageFailure {
  if ('error' in reply) return reply.error
  throw new Error(`no failure but ${JSON.stringify(reply.result)}`)
}
