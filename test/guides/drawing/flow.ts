import { decodeHex } from '../../../src/bytes/hex.js'
import { p256Point, qrSecret } from '../../../src/bytes/brands.js'
import { encodeQrUrl } from '../../../src/qr/url.js'
import type { QrPayload } from '../../../src/qr/payload.js'
import { recording } from './recordings.js'
import type { Hex } from './recordings.js'
import { passagesOf, seenPassage, sequencePicture } from './sequence.js'
import type { Picture } from './svg.js'

/** A registration by QR code, as `fixtures/sessions/registration.jsonl` recorded it. */
export function flowPicture(): Picture {
  const recorded = recording('registration')
  const passages = passagesOf(recorded, [1, 2], true)
  const words = {
    name: 'flow',
    title: 'A registration by QR code, as it was recorded',
    description:
      'The phone reads the QR code of the laptop and opens a tunnel at a tunnel service. It sends a Bluetooth advert that says where. The laptop joins the tunnel. Two handshake messages give keys. Then all is sealed: the introduction, the request, the answer and the goodbye.',
  }
  const code = seenPassage(digitsOf(recorded.sessions[1]?.parts['payload']), 0)
  return sequencePicture(words, ['laptop', 'service', 'phone'], [code, ...passages])
}

/** A sign-in by link, from the second half of `fixtures/sessions/linked.jsonl`. */
export function linkedFlowPicture(): Picture {
  const words = {
    name: 'linked-flow',
    title: 'A linked phone is called: no QR code',
    description:
      'The laptop asks the tunnel service for the phone by its contact ID. The service calls the phone, which joins the tunnel and sends an advert. When the laptop has both, it sends handshake message 1, and all goes on as after a QR code.',
  }
  const rung = {
    from: 'service',
    to: 'phone',
    words: 'a call: routing ID, tunnel ID, payload',
    kind: 'service',
  } as const
  const [dialled, joined, ...others] = passagesOf(recording('linked'), [3, 4], false)
  if (dialled === undefined || joined === undefined) throw new Error('the recording has no call')
  return sequencePicture(words, ['laptop', 'service', 'phone'], [dialled, rung, joined, ...others])
}

type RecordedPayload = Omit<QrPayload, 'publicKey' | 'secret'> & {
  readonly publicKey: Hex
  readonly secret: Hex
}

function digitsOf(payload: unknown): number {
  const { publicKey, secret, ...rest } = payload as RecordedPayload
  const url = encodeQrUrl({
    ...rest,
    publicKey: p256Point(decodeHex(publicKey.hex)),
    secret: qrSecret(decodeHex(secret.hex)),
  })
  return url.length - 'FIDO:/'.length
}
