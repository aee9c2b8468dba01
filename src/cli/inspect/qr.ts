import { deriveTunnelId } from '../../crypto/derive.js'
import { REDACTED } from '../../crypto/redacted.js'
import { SECOND_MS } from '../../ports/clock.js'
import { qrAgeSeconds } from '../../qr/age.js'
import { carriedFor } from '../../qr/request-type.js'
import type { QrPayload } from '../../qr/payload.js'
import { isoTime } from '../text/iso-time.js'
import { explanation } from './explanation.js'
import type { Explanation, GuessContext } from './explanation.js'

const DATA_CHANNELS = ['tunnel', 'BLE L2CAP']
const REQUEST_TYPES: Readonly<Record<QrPayload['requestType'], string>> = {
  ga: 'ga (sign in)',
  mc: 'mc (register)',
  dcp: 'dcp (present a digital credential)',
  dci: 'dci (issue a digital credential)',
}

/** Explains what a QR code says (protocol.md 3.2). */
export function explainQr(payload: QrPayload, { crypto, showSecrets, now }: GuessContext): Explanation {
  const { publicKey, secret, knownTunnelServices, time, supportsLinking, requestType, dataChannels } = payload
  return explanation('qr', 'QR code of a laptop', {
    publicKey,
    secret: showSecrets ? secret : REDACTED,
    tunnelId: deriveTunnelId(crypto, secret),
    knownTunnelServices,
    time: time === undefined ? undefined : isoTime(time, SECOND_MS),
    age: ageText(time, now),
    supportsLinking: supportsLinking ?? 'not said, as in version 2.0',
    requestType: REQUEST_TYPES[requestType],
    carries:
      carriedFor(requestType) === 'json' ? 'JSON, once each way; the phone needs the feature dc' : undefined,
    dataChannels: dataChannels?.map(channel => DATA_CHANNELS[channel] ?? channel),
  })
}

function ageText(time: number | undefined, now: number): string {
  const age = qrAgeSeconds(time, now)
  return age === undefined ? 'not known: no plausible time' : `${age} s`
}
