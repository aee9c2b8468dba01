import type { Qr } from '../client/qr.js'
import type { CredentialsOptions } from '../credentials/create-credentials.js'
import type { CredentialsIpcMain } from './calling-page.js'
import type { PageCredentialRequest, PermitRequest } from './page-request.js'
import type { OpenPasskeyView } from './passkey-window.js'

/** What the requests of pages are served with. The other settings are those of every ceremony. */
export interface ServeCredentialsOptions extends Omit<
  CredentialsOptions,
  'origin' | 'topOrigin' | 'crossOrigin' | 'appRpIds' | 'allowRemoteClientData' | 'onQr'
> {
  /** Electron’s `ipcMain`. */
  readonly ipcMain: CredentialsIpcMain
  /** Decides which pages may ask. */
  readonly permit: PermitRequest
  /** Shows the QR code and the steps: `passkeyWindow(…)`, or your own. */
  readonly window?: OpenPasskeyView | undefined
  /** Shows the QR code, instead of `window`. The signal fires when the request is over: take the code away. */
  readonly onQr?: ((qr: Qr, request: PageCredentialRequest, signal: AbortSignal) => unknown) | undefined
  /** Gets each failure with its cause, of which a page is told little. */
  readonly onFailure?: ((error: unknown, request: PageCredentialRequest) => void) | undefined
}
