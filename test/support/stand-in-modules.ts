/**
 * Modules that examples import and this project does not install, as far as the examples use them. The apps in `examples` and the
 * suites meet the real ones.
 */
export const STAND_IN_MODULES = `
declare module 'electron' {
  import type { CredentialsIpcMain, PasskeyWindowClass } from 'fido-hybrid/electron/main'
  import type { PreloadParts } from 'fido-hybrid/electron/preload'
  export const app: { whenReady(): Promise<void> }
  export const ipcMain: CredentialsIpcMain
  export const BrowserWindow: PasskeyWindowClass
  export const contextBridge: PreloadParts['contextBridge']
  export const ipcRenderer: PreloadParts['ipcRenderer']
  export const webFrame: PreloadParts['webFrame']
}
`
