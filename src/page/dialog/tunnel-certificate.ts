import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { derElement } from '../../bytes/der.js'
import { decodeHex } from '../../bytes/hex.js'
import { encodeUtf8 } from '../../bytes/utf8.js'
import { ASSIGNED_DOMAINS } from '../../tunnel/domain.js'

/** DER tags (X.690), and those of X.509 that count within their parent (RFC 5280 section 4.1). */
const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  version: 0xa0,
  extensions: 0xa3,
} as const

/** Object identifiers, as whole elements. */
const OID = {
  ecdsaWithSha256: decodeHex('06082a8648ce3d040302'),
  commonName: decodeHex('0603550403'),
  subjectAltName: decodeHex('0603551d11'),
} as const

const VERSION_3 = derElement(TAG.version, derElement(TAG.integer, Uint8Array.of(2)))
const NO_UNUSED_BITS = Uint8Array.of(0)
const LOOPBACK = Uint8Array.of(127, 0, 0, 1)
const SERIAL_BYTES = 8
const POSITIVE = 0x7f
const DAY_MS = 24 * 60 * 60 * 1000

/** What the tunnel service shows, both PEM, and what a browser knows it by. */
export interface TunnelCertificate {
  readonly cert: string
  readonly key: string
  /** SHA-256 of the SubjectPublicKeyInfo, base64: for `--ignore-certificate-errors-spki-list`. */
  readonly spkiHash: string
}

/** Makes a fresh certificate, signed by its own key, for the assigned tunnel domains and 127.0.0.1; good for a day. */
export function makeTunnelCertificate(): TunnelCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const der = certificateOf(spki, privateKey)
  const base64 = Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spkiHash: createHash('sha256').update(spki).digest('base64'),
  }
}

/** RFC 5280 section 4.1. */
function certificateOf(spki: Uint8Array, privateKey: KeyObject): Uint8Array {
  const algorithm = sequence(OID.ecdsaWithSha256)
  const name = sequence(
    derElement(TAG.set, sequence(OID.commonName, derElement(TAG.utf8String, encodeUtf8('Tunnel service')))),
  )
  const validity = sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS))
  const tbs = sequence(VERSION_3, serial(), algorithm, name, validity, name, spki, extensions())
  return sequence(tbs, algorithm, derElement(TAG.bitString, NO_UNUSED_BITS, sign('sha256', tbs, privateKey)))
}

function serial(): Uint8Array {
  const bytes = randomBytes(SERIAL_BYTES)
  // Not negative, and without a needless zero in front.
  bytes[0] = ((bytes[0] ?? 0) & POSITIVE) | 1
  return derElement(TAG.integer, bytes)
}

function utcTime(ms: number): Uint8Array {
  const [date = '', time = ''] = new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:]/g, '').split('T')
  return derElement(TAG.utcTime, encodeUtf8(`${date}${time}Z`))
}

function extensions(): Uint8Array {
  const names = sequence(
    ...ASSIGNED_DOMAINS.map(domain => derElement(TAG.dnsName, encodeUtf8(domain))),
    derElement(TAG.ipAddress, LOOPBACK),
  )
  const extension = sequence(OID.subjectAltName, derElement(TAG.octetString, names))
  return derElement(TAG.extensions, sequence(extension))
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.sequence, ...parts)
}
