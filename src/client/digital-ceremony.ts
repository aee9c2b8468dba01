import type { DigitalCredentialOptions, DigitalKind } from '../digital/digital-request.js'
import { parseDigitalOptions, writeDigitalRequest } from '../digital/digital-request.js'
import { readDigitalResponse } from '../digital/digital-response.js'
import type { DigitalCredentialResponse } from '../digital/digital-response.js'
import { WalletError } from '../errors.js'
import type { Clock } from '../ports/clock.js'
import type { RequestType } from '../qr/payload.js'
import { parseOrigin } from '../webauthn/origin.js'
import { asReason, asWebAuthn } from './ceremony.js'
import type { ConnectLimits, ConnectOptions } from './ceremony.js'
import type { HybridConnection } from './connection.js'
import type { Qr } from './qr.js'

/** How one digital credential is asked for. It takes a QR code each time: linked phones are for passkeys. */
export interface DigitalCeremonyOptions extends ConnectLimits {
  /** The verifier’s or issuer’s origin; http only on localhost. The phone cannot check it; a signed request proves who asks. */
  readonly origin: string
  /** Shows the QR code. Called once, when the scanner hears. */
  readonly onQr: (qr: Qr) => unknown
}

const REQUEST_TYPE: Readonly<Record<DigitalKind, RequestType>> = { presentation: 'dcp', issuance: 'dci' }

/** Connects to a phone. */
interface Connecting {
  connect(options: ConnectOptions): Promise<HybridConnection>
}

/** Asks a phone for a digital credential: one message each way (protocol.md 14.2). */
export function digitalCeremony(
  client: Connecting,
  kind: DigitalKind,
  options: DigitalCredentialOptions,
  { origin, onQr, ...settings }: DigitalCeremonyOptions,
  clock: Clock,
): Promise<DigitalCredentialResponse> {
  const { signal, timeouts } = settings
  const bounds = { signal, ceremonyMs: timeouts?.ceremonyMs, clock }
  return asWebAuthn('digital', bounds, async limit => {
    const requests = parseDigitalOptions(options, kind)
    const message = writeDigitalRequest({ kind, origin: parseOrigin(origin).serialized, requests })
    limit.pause()
    const connection = await client.connect({
      ...settings,
      onQr,
      requestType: REQUEST_TYPE[kind],
      signal: limit.signal,
      timeouts: { ...timeouts, ceremonyMs: limit.leftMs },
    })
    try {
      const response = readDigitalResponse(await connection.callJson(message), requests)
      await connection.close()
      return response
    } catch (error) {
      // A failure of the wallet is also an answer.
      await connection.close(error instanceof WalletError ? undefined : asReason(error))
      throw error
    }
  })
}
