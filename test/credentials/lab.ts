import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { Credentials, CredentialsOptions } from '../../src/credentials/create-credentials.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing/lab.js'

export const ORIGIN = 'https://login.example.com'

/** A container over a lab’s laptop, and the phone that scans its codes. */
export interface PhoneLab {
  readonly credentials: Credentials
  readonly phone: LabPhone
  /** How many QR codes were shown. */
  shown(): number
}

export function phoneLab(
  changes: Partial<CredentialsOptions> = {},
  phoneOptions?: LabPhoneOptions,
): PhoneLab {
  const lab = createLab()
  const phone = lab.phone(phoneOptions)
  let shown = 0
  const credentials = createCredentials({
    client: lab.client(),
    origin: ORIGIN,
    onQr: qr => {
      shown += 1
      void phone.scan(qr.url).catch(() => undefined)
    },
    ...changes,
  })
  return { credentials, phone, shown: () => shown }
}
