import { CHANNEL } from './page-bridge.js'
import { PageDesk } from './page-desk.js'
import type { ServeCredentialsOptions } from './serve-options.js'

/**
 * Serves passkeys to the pages whose preload script calls `exposeCredentials`: in windows with context isolation, sandboxed or not.
 * Origin and top origin come from the frame. Each frame has one request at a time, which ends when the document of the frame, or of
 * one around it, is left or closed.
 * @returns a function that ends all requests, and stops serving.
 * @throws UsageError `argument-invalid` without a client, and for a client over hybrid without `onQr`, `window` or `link`.
 * @example
 * serveCredentials({
 *   ipcMain,
 *   client,
 *   window: passkeyWindow({ BrowserWindow }),
 *   permit: ({ origin, crossOrigin }) => origin === 'https://login.example.com' && !crossOrigin,
 * })
 */
export function serveCredentials(options: ServeCredentialsOptions): () => void {
  const { ipcMain } = options
  const desk = new PageDesk(options)
  ipcMain.handle(CHANNEL, (call, text) => desk.answer(call, text))
  return () => {
    ipcMain.removeHandler(CHANNEL)
    desk.close()
  }
}
