import { describe, expect, it } from 'vitest'
import { eid, qrSecret } from '../../src/bytes/brands.js'
import { deriveEidKey, derivePsk, deriveTunnelId } from '../../src/crypto/derive.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { answerHandshake } from '../../src/handshake/authenticator-handshake.js'
import { startClientHandshake } from '../../src/handshake/client-handshake.js'
import type { SealedTraffic } from '../../src/handshake/sealed-traffic.js'
import { decodeMessage } from '../../src/message/message.js'
import { decodePostHandshake } from '../../src/message/post-handshake.js'
import { providers } from '../support/providers.js'
import { chromiumSessions, iosTrace } from '../support/recorded-sessions.js'
import type { ChromiumSession, IosTrace, RecordedFrame } from '../support/recorded-sessions.js'

const trace = iosTrace()
const sessions = chromiumSessions()

/** Our frames come out byte for byte, the others open. */
function replay(traffic: SealedTraffic, we: RecordedFrame['from'], frames: readonly RecordedFrame[]): void {
  for (const { from, wire, plain } of frames) {
    if (from === we) expect(traffic.seal(plain)).toEqual(wire)
    else expect(traffic.open(wire)).toEqual(plain)
  }
}

function startAsClient(crypto: CryptoProvider, recorded: IosTrace): ReturnType<typeof startClientHandshake> {
  return startClientHandshake({
    crypto,
    transaction: 'qr-initiated',
    identity: crypto.importEcdhKey(recorded.clientPrivateKey),
    psk: derivePsk(crypto, qrSecret(recorded.secret), eid(recorded.eid)),
    ephemeral: crypto.importEcdhKey(recorded.clientEphemeralPrivateKey),
  })
}

function answerAsPhone(
  crypto: CryptoProvider,
  recorded: ChromiumSession,
): ReturnType<typeof answerHandshake> {
  return answerHandshake(
    {
      crypto,
      transaction: 'qr-initiated',
      clientKey: crypto.decodePoint(recorded.clientKey),
      psk: derivePsk(crypto, qrSecret(recorded.secret), eid(recorded.eid)),
      ephemeral: crypto.importEcdhKey(recorded.phoneEphemeralPrivateKey),
    },
    recorded.message1,
  )
}

describe.each(providers)('recorded sessions on $name', crypto => {
  it('replays the iPhone trace as the client', () => {
    const secret = qrSecret(trace.secret)
    expect(deriveEidKey(crypto, secret)).toEqual(trace.eidKey)
    expect(deriveTunnelId(crypto, secret)).toEqual(trace.tunnelId)
    expect(derivePsk(crypto, secret, eid(trace.eid))).toEqual(trace.psk)
    const handshake = startAsClient(crypto, trace)
    expect(handshake.message1).toEqual(trace.message1)
    const traffic = handshake.finish(trace.message2)
    expect(traffic.handshakeHash).toEqual(trace.handshakeHash)
    replay(traffic, 'client', trace.frames)
    expect(trace.frames.map(frame => frame.from)).toEqual(['phone', 'client', 'phone'])
  })

  it.each(sessions)('replays the Chromium session $name as the phone', session => {
    expect(derivePsk(crypto, qrSecret(session.secret), eid(session.eid))).toEqual(session.psk)
    const { message2, traffic } = answerAsPhone(crypto, session)
    expect(message2).toEqual(session.message2)
    expect(traffic.handshakeHash).toEqual(session.handshakeHash)
    replay(traffic, 'phone', session.frames)
    expect(session.frames.map(frame => frame.from)).toEqual(['phone', 'client', 'phone', 'client'])
  })
})

describe('what was said in the recorded sessions', () => {
  it.each([{ name: 'iPhone', frames: trace.frames }, ...sessions])(
    '$name: reads as messages',
    ({ frames }) => {
      const [postHandshake, ...messages] = frames.map(frame => frame.plain)
      expect(postHandshake && decodePostHandshake(postHandshake).features).toContain('ctap')
      const types = messages.map(message => decodeMessage(message).type)
      expect(types.slice(0, 2)).toEqual(['ctap', 'ctap'])
      expect(types.slice(2).every(type => type === 'shutdown')).toBe(true)
    },
  )
})
