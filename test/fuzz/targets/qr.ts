import assert from 'node:assert/strict'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { decodeUtf8, encodeUtf8 } from '../../../src/bytes/utf8.js'
import { nobleProvider } from '../../../src/crypto/noble-provider.js'
import { DecodeError } from '../../../src/errors.js'
import { decodeDigits, encodeDigits } from '../../../src/qr/digits.js'
import { decodeQrPayload, encodeQrPayload } from '../../../src/qr/payload.js'
import type { QrPayload } from '../../../src/qr/payload.js'
import { decodeQrUrl, encodeQrUrl } from '../../../src/qr/url.js'
import { canonical, decoded, stable, unlessRefused } from '../invariants.js'
import { bytesIn, textsIn } from '../seeds.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const crypto = nodeCryptoProvider

/** Both providers know the same points. */
function point(input: Uint8Array): void {
  const [one, other] = [crypto, nobleProvider].map(provider =>
    decoded(bytes => provider.decodePoint(bytes), input),
  )
  assert.deepEqual(one, other)
}

/** Clients read channels of the future, and do not write them. */
function writable(payload: QrPayload): QrPayload {
  const isWritten = ['', '0', '0,1'].includes(payload.dataChannels?.join() ?? '')
  return isWritten ? payload : { ...payload, dataChannels: undefined }
}

function url(input: Uint8Array): void {
  const text = new TextDecoder().decode(input)
  const payload = unlessRefused(() => decodeQrUrl(text), DecodeError)
  if (payload === undefined) return
  const written = encodeQrUrl(writable(payload))
  assert.equal(encodeQrUrl(decodeQrUrl(written)), written)
}

export const qr: FuzzTarget = {
  name: 'qr',
  about: 'QR codes: FIDO:/ URLs, digits, payload, points',
  maxBytes: 800,
  words: ['FIDO:/', 'fido:/', 'ga', 'mc', 'dcp', 'dci'],
  ...choosing([
    { seeds: textsIn(/^fido:/i, 'qr', 'chromium-156', 'trace-ios'), run: url },
    {
      seeds: bytesIn('qr'),
      run: stable(bytes => writable(decodeQrPayload(bytes)), encodeQrPayload),
    },
    {
      seeds: textsIn(/^\d+$/, 'base10'),
      run: canonical(
        bytes => decodeDigits(decodeUtf8(bytes)),
        bytes => encodeUtf8(encodeDigits(bytes)),
      ),
    },
    { seeds: bytesIn('noise').filter(({ length }) => length === 65 || length === 33), run: point },
  ]),
}
