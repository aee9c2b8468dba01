import { decodeHex } from '../../src/bytes/hex.js'
import { cases, onlyCase } from './cases.js'

/** One frame of a recorded session. */
export interface RecordedFrame {
  readonly from: 'client' | 'phone'
  readonly wire: Uint8Array
  readonly plain: Uint8Array
}

/** The sign-in with an iPhone, with the client’s private keys: `trace-ios.json`. */
export interface IosTrace {
  readonly clientPrivateKey: Uint8Array
  readonly clientEphemeralPrivateKey: Uint8Array
  readonly secret: Uint8Array
  readonly eid: Uint8Array
  readonly eidKey: Uint8Array
  readonly tunnelId: Uint8Array
  readonly psk: Uint8Array
  readonly message1: Uint8Array
  readonly message2: Uint8Array
  readonly handshakeHash: Uint8Array
  readonly frames: readonly RecordedFrame[]
}

/** A session of Chromium 156 with a simulated phone, with the phone’s private keys: `chromium-156.json`. */
export interface ChromiumSession {
  readonly name: string
  /** 33 bytes, from the QR code. */
  readonly clientKey: Uint8Array
  readonly secret: Uint8Array
  readonly eid: Uint8Array
  readonly psk: Uint8Array
  readonly phoneEphemeralPrivateKey: Uint8Array
  readonly message1: Uint8Array
  readonly message2: Uint8Array
  readonly handshakeHash: Uint8Array
  readonly frames: readonly RecordedFrame[]
}

interface FrameCase {
  readonly from: 'client' | 'phone'
  readonly frame: string
  readonly message: string
}

type Bytes<Session> = Exclude<keyof Session, 'name' | 'frames' | 'eid' | 'clientKey'>

interface SessionCase {
  readonly advertPlaintext: string
  readonly frames: readonly FrameCase[]
}

type TraceCase = SessionCase & Readonly<Record<Bytes<IosTrace>, string>>

type ChromiumCase = SessionCase & Readonly<Record<Bytes<ChromiumSession> | 'publicKeyCompressed', string>>

const framesOf = ({ frames }: SessionCase): readonly RecordedFrame[] =>
  frames.map(({ from, frame, message }) => ({ from, wire: decodeHex(frame), plain: decodeHex(message) }))

export function iosTrace(): IosTrace {
  const trace = onlyCase<TraceCase>('trace-ios', 'sessions')
  return {
    clientPrivateKey: decodeHex(trace.clientPrivateKey),
    clientEphemeralPrivateKey: decodeHex(trace.clientEphemeralPrivateKey),
    secret: decodeHex(trace.secret),
    eid: decodeHex(trace.advertPlaintext),
    eidKey: decodeHex(trace.eidKey),
    tunnelId: decodeHex(trace.tunnelId),
    psk: decodeHex(trace.psk),
    message1: decodeHex(trace.message1),
    message2: decodeHex(trace.message2),
    handshakeHash: decodeHex(trace.handshakeHash),
    frames: framesOf(trace),
  }
}

export function chromiumSessions(): readonly ChromiumSession[] {
  return cases<ChromiumCase>('chromium-156', 'sessions').map(session => ({
    name: session.name,
    clientKey: decodeHex(session.publicKeyCompressed),
    secret: decodeHex(session.secret),
    eid: decodeHex(session.advertPlaintext),
    psk: decodeHex(session.psk),
    phoneEphemeralPrivateKey: decodeHex(session.phoneEphemeralPrivateKey),
    message1: decodeHex(session.message1),
    message2: decodeHex(session.message2),
    handshakeHash: decodeHex(session.handshakeHash),
    frames: framesOf(session),
  }))
}
