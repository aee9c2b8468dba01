import { sealAdvert } from '../../src/advert/sealed-advert.js'
import { eid, eidKey } from '../../src/bytes/brands.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { decodeMessage } from '../../src/message/message.js'
import type { IosTrace, RecordedFrame } from './recorded-sessions.js'

const hex = (bytes: Uint8Array): object => ({ hex: encodeHex(bytes) })
const privateKey = (bytes: Uint8Array): object => ({ privateKey: encodeHex(bytes) })

/** One input, and what the other implementation sent after it. */
type Told = readonly [input: object, sends: readonly Uint8Array[]]

function clientRecording(parts: object, told: readonly Told[]): string {
  const records = [
    { type: 'recording', format: 1 },
    { type: 'session', role: 'client', kind: 'qr-initiated', parts: { ...parts, now: 0 } },
    ...told.map(([input, sends], now) => ({ type: 'step', now, input, sends: sends.map(hex) })),
  ]
  return records.map(record => `${JSON.stringify(record)}\n`).join('')
}

const received = (bytes: Uint8Array, sends: readonly Uint8Array[] = []): Told => [
  { type: 'tunnel-message', bytes: hex(bytes) },
  sends,
]

/** What the client says in a frame: the input that makes it. */
function saidIn({ plain, wire }: RecordedFrame): Told {
  const message = decodeMessage(plain)
  if (message.type === 'ctap') return [{ type: 'request', message: hex(message.payload) }, [wire]]
  return [{ type: 'close' }, [wire]]
}

/** The sign-in with an iPhone as a recording of its client. */
export function iosRecording(trace: IosTrace): string {
  const serviceData = sealAdvert(crypto, eidKey(trace.eidKey), eid(trace.eid))
  const parts = {
    identity: privateKey(trace.clientPrivateKey),
    secret: hex(trace.secret),
    ephemeral: privateKey(trace.clientEphemeralPrivateKey),
  }
  return clientRecording(parts, [
    [{ type: 'start' }, []],
    [{ type: 'advert', serviceData: hex(serviceData) }, []],
    [{ type: 'tunnel-open', headers: [] }, [trace.message1]],
    received(trace.message2),
    ...trace.frames.map(frame => (frame.from === 'phone' ? received(frame.wire) : saidIn(frame))),
  ])
}
