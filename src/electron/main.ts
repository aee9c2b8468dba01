/**
 * For the main process of Electron: serves passkeys to the pages of an app. The pages’ side is `fido-hybrid/electron/preload`.
 * @module
 */
export type {
  CallingContents,
  CallingFrame,
  CredentialsIpcMain,
  IpcCall,
  NavigationStart,
} from './calling-page.js'
export type { RequestKind, SignalKind } from '../credentials/page-side/page-messages.js'
export type { FrameOrigin } from '../credentials/page-side/frame-origin.js'
export { passkeyWindow } from './passkey-window.js'
export type {
  OpenPasskeyView,
  PasskeyView,
  PasskeyViewRequest,
  PasskeyWindowClass,
  PasskeyWindowOptions,
  PasskeyWindowPart,
} from './passkey-window.js'
export type { FrameRights, PageCredentialRequest, PermitRequest } from './page-request.js'
export { serveCredentials } from './serve-credentials.js'
export type { ServeCredentialsOptions } from './serve-options.js'
export type { PasskeyWindowTexts } from './window-texts.js'
