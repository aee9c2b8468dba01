import { DecodeError } from '../errors.js'
import { decodeDigits, encodeDigits } from './digits.js'
import { decodeQrPayload, encodeQrPayload } from './payload.js'
import type { QrPayload } from './payload.js'

const PREFIX = 'FIDO:/'
// Some scanners hand the scheme over in lower case. A second slash is refused as a character that is not a digit.
const QR_URL = /^FIDO:\/(.+)$/is

/** Far above real codes, which have about 180 digits. */
const MAX_URL_LENGTH = 4096

/**
 * Writes the text of a QR code: `FIDO:/` and digits (protocol.md 3.1).
 * @throws UsageError `argument-invalid` as `encodeQrPayload` does.
 * @example
 * encodeQrUrl({ publicKey, secret, knownTunnelServices: 2, time: 1_796_000_000, requestType: 'mc' })
 */
export function encodeQrUrl(payload: QrPayload): string {
  return PREFIX + encodeDigits(encodeQrPayload(payload))
}

/**
 * Reads the text of a QR code; `FIDO:/` in either case.
 * @throws DecodeError `qr-url-malformed` for other text or more than 4096 letters, else what `decodeQrPayload` throws.
 *
 * @example
 * const { requestType, knownTunnelServices } = decodeQrUrl('FIDO:/…')
 */
export function decodeQrUrl(text: string): QrPayload {
  if (text.length > MAX_URL_LENGTH) {
    throw new DecodeError(
      'qr-url-malformed',
      `the QR text has ${text.length} letters, more than ${MAX_URL_LENGTH}`,
    )
  }
  if (/\s/.test(text))
    throw new DecodeError(
      'qr-url-malformed',
      'QR text has white space in it: paste it as one line, without blanks',
    )
  const digits = QR_URL.exec(text)?.[1]
  if (digits === undefined)
    throw new DecodeError('qr-url-malformed', `the QR text does not start with ${PREFIX} and digits`)
  return decodeQrPayload(decodeDigits(digits))
}
