import { serveCredentials } from '../../src/electron/serve-credentials.js'
import type { ServeCredentialsOptions } from '../../src/electron/serve-options.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing/lab.js'
import { StandInIpcMain, StandInPage } from './stand-in.js'

export const ORIGIN = 'https://login.example.com'

/** An app whose pages are served, and a phone that scans its codes. */
export interface TestApp {
  readonly phone: LabPhone
  readonly ipcMain: StandInIpcMain
  readonly failures: unknown[]
  readonly stop: () => void
  readonly open: (origin?: string) => StandInPage
}

export function testApp(
  changes: Partial<ServeCredentialsOptions> = {},
  phoneOptions?: LabPhoneOptions,
): TestApp {
  const lab = createLab()
  const phone = lab.phone(phoneOptions)
  const ipcMain = new StandInIpcMain()
  const failures: unknown[] = []
  const stop = serveCredentials({
    ipcMain,
    client: lab.client(),
    permit: () => true,
    onQr: qr => void phone.scan(qr.url).catch(() => undefined),
    onFailure: error => failures.push(error),
    ...changes,
  })
  return { phone, ipcMain, failures, stop, open: (origin = ORIGIN) => new StandInPage(ipcMain, origin) }
}

/** Options of a registration, as JSON. */
export const CREATION = {
  rp: { name: 'Acme' },
  user: { id: 'AQIDBA', name: 'reimu', displayName: 'Reimu Hakurei' },
  challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required' },
} as const
