import { decodeEid } from '../../advert/eid.js'
import { openAdvert } from '../../advert/sealed-advert.js'
import { ADVERT_BYTES, splitServiceData } from '../../advert/service-data.js'
import type { ServiceData } from '../../advert/service-data.js'
import { decodeSuffix } from '../../advert/suffix.js'
import { deriveEidKey, deriveTunnelId } from '../../crypto/derive.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { DecodeError } from '../../errors.js'
import type { QrPayload } from '../../qr/payload.js'
import { tunnelDomain } from '../../tunnel/domain.js'
import { connectTunnelUrl } from '../../tunnel/url.js'
import { explanation } from './explanation.js'
import type { Explanation } from './explanation.js'

/**
 * Opens the advert of the phone that read this QR code (protocol.md 5).
 * @throws DecodeError `advert-malformed` below 20 bytes, and when the advert is not for this QR code.
 */
export function explainAdvert(
  crypto: CryptoProvider,
  serviceData: Uint8Array,
  qr: Pick<QrPayload, 'secret'>,
): Explanation {
  const { suffix } = split(serviceData)
  const eid = openAdvert(crypto, deriveEidKey(crypto, qr.secret), serviceData)
  if (eid === undefined) throw new DecodeError('advert-malformed', 'this advert does not answer this QR code')
  const { nonce, routingId, tunnelServiceId } = decodeEid(eid)
  const domain = tunnelDomain(crypto, tunnelServiceId)
  return explanation('advert', 'advert of the phone that read this QR code', {
    nonce,
    routingId,
    tunnelServiceId,
    domain,
    tunnelUrl: connectTunnelUrl(`wss://${domain}`, routingId, deriveTunnelId(crypto, qr.secret)),
    ...suffixMembers(suffix),
  })
}

/** What can be said of an advert without its QR code. @throws DecodeError `advert-malformed` below 20 bytes. */
export function explainSealedAdvert(serviceData: Uint8Array): Explanation {
  const { advert, suffix } = split(serviceData)
  const about = 'perhaps a sealed advert, or some other ciphertext; give the QR code with --qr to open it'
  return explanation('sealed-advert', about, { advert, ...suffixMembers(suffix) })
}

function split(serviceData: Uint8Array): ServiceData {
  const parts = splitServiceData(serviceData)
  if (parts !== undefined) return parts
  const message = `an advert has ${ADVERT_BYTES} bytes or more, not ${serviceData.length}`
  throw new DecodeError('advert-malformed', message)
}

function suffixMembers(suffix: Uint8Array): object {
  if (suffix.length === 0) return {}
  const { psm } = decodeSuffix(suffix)
  const dataChannel =
    psm === undefined
      ? 'none: this suffix names no PSM of Bluetooth LE, and so counts for nothing'
      : `BLE L2CAP, PSM ${psm}, at the address that sent this; anybody nearby can alter a suffix`
  return { suffix, psm, dataChannel }
}
