import { BrowserWindow, contextBridge, ipcMain, ipcRenderer, webContents, webFrame } from 'electron'
import type { IpcMainInvokeEvent, WebFrameMain } from 'electron'
import type {
  CallingContents,
  CallingFrame,
  CredentialsIpcMain,
  IpcCall,
  PasskeyWindowClass,
} from 'fido-hybrid/electron/main'
import type { PreloadParts } from 'fido-hybrid/electron/preload'

/** What Electron has is what the library asks for; a compiler that takes this file has proved it. */
export interface Proof {
  readonly ipcMain: CredentialsIpcMain
  readonly preload: PreloadParts
  readonly window: PasskeyWindowClass
  readonly contents: readonly CallingContents[]
  readonly frame: (frame: WebFrameMain) => CallingFrame
  readonly call: (event: IpcMainInvokeEvent) => IpcCall
}

export const proof = (): Proof => ({
  ipcMain,
  preload: { contextBridge, ipcRenderer, webFrame },
  window: BrowserWindow,
  contents: webContents.getAllWebContents(),
  frame: frame => frame,
  call: event => event,
})
