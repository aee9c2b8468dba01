import { cases, taken } from '../support/cases.js'
import type { Case } from '../support/cases.js'

interface QrCode {
  readonly url: string
  readonly cbor: string
  readonly publicKey?: string
  readonly publicKeyCompressed?: string
  readonly secret?: string
  readonly knownDomains?: number
  readonly time?: number
  readonly supportsLinking?: boolean | null
  readonly requestType?: string
  readonly channels?: number[]
  readonly unknownKeys?: number[]
}

interface ShownCode {
  readonly url: string
  readonly cbor: string
  readonly digitCount: number
}

/** The codes of `fixtures/qr.json`. */
export const codes: readonly Case<QrCode>[] = cases('qr', 'codes')

/** Those that real clients showed. */
export const realCodes: readonly Case<QrCode>[] = taken(codes).filter(
  ({ publicKeyCompressed }) => publicKeyCompressed !== undefined,
)

/** The codes that Chromium 156 showed. */
export const chromiumCodes: readonly Case<ShownCode>[] = cases('chromium-156', 'qr')
