import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { Credentials, CredentialsOptions } from '../../src/credentials/create-credentials.js'
import type { PublicKeyCredentialCreationOptions } from '../../src/credentials/page-dictionaries.js'
import { LocalClient } from '../../src/client/local-client.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing/lab.js'
import type { VirtualAuthenticatorOptions } from '../../src/virtual/virtual-authenticator.js'
import { APPROVE, createTestPhone } from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

export const ORIGIN = 'https://login.example.com'

/** A container for arguments that its types refuse. */
export interface AnyCredentials {
  readonly create: (options: unknown) => Promise<unknown>
  readonly get: (options: unknown) => Promise<unknown>
}

/** A container over a lab’s laptop, and the phone that scans its codes. */
export interface PhoneLab {
  readonly credentials: Credentials
  readonly phone: LabPhone
  /** How many QR codes were shown. */
  readonly shown: () => number
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

/** A container over an authenticator of this device. */
export interface LocalLab extends TestPhone {
  readonly credentials: Credentials
}

export function localLab(
  changes: Partial<CredentialsOptions> = {},
  options: Partial<VirtualAuthenticatorOptions> = {},
  ask: Parameters<typeof createTestPhone>[0] = () => Promise.resolve(APPROVE),
): LocalLab {
  const testPhone = createTestPhone(ask, options)
  const client = new LocalClient({ authenticator: testPhone.phone })
  return { ...testPhone, credentials: createCredentials({ client, origin: ORIGIN, ...changes }) }
}

/** A user who does not answer. */
export function neverAnswers(): Promise<never> {
  return new Promise(() => undefined)
}

/** What a page gives to `create`, but for some members. */
export function creation(
  changes: Partial<PublicKeyCredentialCreationOptions> = {},
): PublicKeyCredentialCreationOptions {
  return {
    rp: { name: 'Acme' },
    user: { id: Uint8Array.of(1, 2, 3, 4), name: 'reimu', displayName: 'Reimu Hakurei' },
    challenge: new Uint8Array(16),
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    authenticatorSelection: { residentKey: 'required' },
    ...changes,
  }
}
