import { DecodeError, UsageError } from '../errors.js'
import { qrAgeSeconds } from '../qr/age.js'
import type { QrPayload } from '../qr/payload.js'
import { decodeQrUrl } from '../qr/url.js'

/**
 * How the text of a QR code came to the phone: its user’s `camera`, an `image` that they chose, a deliberate `paste`, or a
 * `FIDO:/` URL that the system handed over because some program opened it (`opened-url`). Any web page can open such a URL on a
 * phone near its own laptop, and so have the phone’s user approve another’s sign-in (as in CVE-2024-9956).
 */
export type QrSource = 'camera' | 'image' | 'paste' | 'opened-url'

/** Which codes are taken. */
export interface QrTrust {
  /** Programs that handle `FIDO:/` URLs say `opened-url`. */
  readonly source: QrSource
  /** Takes `opened-url` as well. Any web page can then start a ceremony, and only the phone’s user can stop it. */
  readonly allowOpenedUrls?: boolean | undefined
  /** Older codes are refused, if they tell a plausible time; default 600, Infinity for any. */
  readonly maxQrAgeSeconds?: number | undefined
}

/** A code that may be answered. */
export interface ScannedCode {
  readonly payload: QrPayload
  /** undefined: the code tells no plausible time. */
  readonly ageSeconds: number | undefined
}

const SOURCES: readonly QrSource[] = ['camera', 'image', 'paste', 'opened-url']
const MAX_AGE_SECONDS = 600

/**
 * Reads what a QR code says, if it may be taken. White space around pasted text is ignored.
 * @param now wall-clock seconds since 1970.
 * @throws DecodeError `qr-source-untrusted`, `qr-too-old`, or for text that is not a QR code of this protocol; UsageError for an unknown source or limit.
 */
export function readScannedCode(text: string, trust: QrTrust, now: number): ScannedCode {
  assertTrusted(trust)
  const payload = decodeQrUrl(text.trim())
  const ageSeconds = qrAgeSeconds(payload.time, now)
  const { maxQrAgeSeconds = MAX_AGE_SECONDS } = trust
  if (ageSeconds !== undefined && ageSeconds > maxQrAgeSeconds) {
    const limit = `more than ${maxQrAgeSeconds} s`
    throw new DecodeError('qr-too-old', `the QR code says that it is ${ageSeconds} s old, ${limit}`)
  }
  return { payload, ageSeconds }
}

function assertTrusted({ source, allowOpenedUrls = false, maxQrAgeSeconds = 0 }: QrTrust): void {
  if (!SOURCES.includes(source))
    throw new UsageError('argument-invalid', `source must be one of ${SOURCES.join(', ')}, not ${source}`)
  if (!(maxQrAgeSeconds >= 0))
    throw new UsageError(
      'argument-invalid',
      `maxQrAgeSeconds must be a number from 0, not ${maxQrAgeSeconds}`,
    )
  if (source === 'opened-url' && !allowOpenedUrls)
    throw new DecodeError(
      'qr-source-untrusted',
      'the text of the QR code came from an opened URL, and any web page can open one',
    )
}
