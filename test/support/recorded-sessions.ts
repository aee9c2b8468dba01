import { decodeHex } from '../../src/bytes/hex.js'
import { fixture } from './fixture.js'

/** One frame of a recorded session. */
export interface RecordedFrame {
  readonly from: 'client' | 'phone'
  readonly wire: Uint8Array
  readonly plain: Uint8Array
}

/** The sign-in with an iPhone, with the client’s private keys: `trace-ios.json`. */
export interface IosTrace {
  readonly clientPrivate: Uint8Array
  readonly clientEphemeralPrivate: Uint8Array
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
  readonly phoneEphemeralPrivate: Uint8Array
  readonly message1: Uint8Array
  readonly message2: Uint8Array
  readonly handshakeHash: Uint8Array
  readonly frames: readonly RecordedFrame[]
}

interface TraceFile {
  readonly qr: { readonly secret: string; readonly clientPrivate: string }
  readonly advert: { readonly eidKey: string; readonly plaintext: string }
  readonly tunnelId: string
  readonly psk: string
  readonly clientEphemeralPrivate: string
  readonly message1: string
  readonly message2: string
  readonly handshakeHash: string
  readonly frames: readonly {
    readonly direction: string
    readonly ciphertext: string
    readonly message: string
  }[]
}

interface HexValue {
  readonly $hex: string
}

interface ChromiumFile {
  readonly sessions: readonly {
    readonly name: string
    readonly session: {
      readonly qrMap: { readonly 0: HexValue; readonly 1: HexValue }
      readonly eidPlain: string
      readonly psk: string
      readonly phoneEphemeralPrivate: string
      readonly clientHandshake: string
      readonly phoneHandshake: string
      readonly handshakeHash: string
      readonly frames: readonly {
        readonly from: 'client' | 'phone'
        readonly wire: string
        readonly plain: string
      }[]
    }
  }[]
}

export function iosTrace(): IosTrace {
  const file = fixture<TraceFile>('trace-ios')
  return {
    clientPrivate: decodeHex(file.qr.clientPrivate),
    clientEphemeralPrivate: decodeHex(file.clientEphemeralPrivate),
    secret: decodeHex(file.qr.secret),
    eid: decodeHex(file.advert.plaintext),
    eidKey: decodeHex(file.advert.eidKey),
    tunnelId: decodeHex(file.tunnelId),
    psk: decodeHex(file.psk),
    message1: decodeHex(file.message1),
    message2: decodeHex(file.message2),
    handshakeHash: decodeHex(file.handshakeHash),
    frames: file.frames.map(frame => ({
      from: frame.direction === 'client to phone' ? 'client' : 'phone',
      wire: decodeHex(frame.ciphertext),
      plain: decodeHex(frame.message),
    })),
  }
}

export function chromiumSessions(): readonly ChromiumSession[] {
  return fixture<ChromiumFile>('chromium-156').sessions.map(({ name, session }) => ({
    name,
    clientKey: decodeHex(session.qrMap[0].$hex),
    secret: decodeHex(session.qrMap[1].$hex),
    eid: decodeHex(session.eidPlain),
    psk: decodeHex(session.psk),
    phoneEphemeralPrivate: decodeHex(session.phoneEphemeralPrivate),
    message1: decodeHex(session.clientHandshake),
    message2: decodeHex(session.phoneHandshake),
    handshakeHash: decodeHex(session.handshakeHash),
    frames: session.frames.map(({ from, wire, plain }) => ({
      from,
      wire: decodeHex(wire),
      plain: decodeHex(plain),
    })),
  }))
}
