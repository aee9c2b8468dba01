import { encodeEid } from '../../src/advert/eid.js'
import { sealAdvert } from '../../src/advert/sealed-advert.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { qrSecret, routingId, tunnelServiceId } from '../../src/bytes/brands.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { deriveEidKey } from '../../src/crypto/derive.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { PublicKeyCredentialCreationOptionsJSON } from '../../src/index.js'
import { decodeQrUrl, encodeQrUrl } from '../../src/qr/url.js'

/** A registration of nobody in particular; the origin that goes with it is `https://login.example.com`. */
export const CREATION_OPTIONS: PublicKeyCredentialCreationOptionsJSON = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AQID', name: 'ada', displayName: 'Ada' },
  challenge: 'AAECAwQFBgcICQoLDA0ODw',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}

/** The QR code of a laptop that does not exist. */
export function someQrUrl(): string {
  return encodeQrUrl({
    publicKey: nobleProvider.generateEcdhKey().publicKey,
    secret: qrSecret(systemRandom.bytes(16)),
    knownTunnelServices: 2,
    requestType: 'mc',
  })
}

/** The line that `--scan stdin` takes, for an advert that answers the code and leads nowhere in particular. */
export function advertLine(qrUrl: string): string {
  const key = deriveEidKey(nobleProvider, decodeQrUrl(qrUrl).secret)
  const eid = encodeEid({
    nonce: systemRandom.bytes(10),
    routingId: routingId(Uint8Array.of(1, 2, 3)),
    tunnelServiceId: tunnelServiceId(0),
  })
  return `fff9 ${encodeHex(sealAdvert(nobleProvider, key, eid))}\n`
}

/** One digit is wrong: the last of the first group, which stands for the byte that counts the members. */
export function withWrongDigit(qrUrl: string): string {
  const at = 'FIDO:/'.length + 16
  const wrong = (Number(qrUrl.charAt(at)) + 1) % 10
  return qrUrl.slice(0, at) + String(wrong) + qrUrl.slice(at + 1)
}
