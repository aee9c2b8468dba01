import { app, BrowserWindow } from 'electron'
import { passkeyWindow } from 'fido-hybrid/electron/main'
import type { OpenPasskeyView } from 'fido-hybrid/electron/main'

const GERMAN = {
  create: 'Passkey auf dem Telefon anlegen',
  get: 'Passkey vom Telefon benutzen',
  for: 'Für',
  code: 'QR-Code für die Kamera des Telefons',
  cancel: 'Abbrechen',
  steps: {
    'qr-shown': 'Mit der Kamera des Telefons scannen. Bluetooth ist an beiden Geräten an.',
    'advert-seen': 'Das Telefon ist in der Nähe.',
    connected: 'Mit dem Telefon verbunden.',
    'awaiting-user': 'Weiter auf dem Telefon.',
  },
}

/** In the app’s language, before the window that asks. */
export const hybridWindow: OpenPasskeyView = request => {
  const isGerman = app.getLocale().startsWith('de')
  const parent = BrowserWindow.getFocusedWindow() ?? undefined
  const windowOptions = { parent, modal: parent !== undefined, autoHideMenuBar: true }
  const language = isGerman ? { texts: GERMAN, lang: 'de' } : {}
  return passkeyWindow({ BrowserWindow, windowOptions, ...language })(request)
}
