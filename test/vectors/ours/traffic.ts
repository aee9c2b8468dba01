import { CipherState, HandshakeState, KN_PSK0, NK_PSK0 } from '../../../src/noise.js'
import { answerHandshake, startClientHandshake } from '../../../src/session.js'
import type { SealedTraffic } from '../../../src/session.js'
import {
  decodeHex,
  decodeMessage,
  decodePostHandshake,
  decodeQrUrl,
  deriveEidKey,
  derivePsk,
  deriveTunnelId,
  eid,
  encodeHex,
  encodePostHandshake,
  nobleProvider,
  openAdvert,
  padMessage,
  psk,
  sealAdvert,
  streamFramer,
  tunnelDomain,
  tunnelServiceId,
  unpadMessage,
} from '../../../src/wire.js'
import type { Framing, StreamFramer } from '../../../src/wire.js'
import { readPlaintext } from './adverts.js'
import { read as readCode } from './codes.js'
import { inHex, Refusal } from './operation.js'
import type { Fields, Given, Operation } from './operation.js'

const crypto = nobleProvider
const NOTHING = new Uint8Array()
const TYPES = ['shutdown', 'ctap', 'update', 'json']

/** Both sides of a Noise handshake. */
function noise(given: Given): Fields {
  const isKn = given.text('pattern') === 'KNpsk0'
  const owner = isKn ? 'initiator' : 'responder'
  const s = crypto.importEcdhKey(given.bytes(`${owner}StaticPrivateKey`))
  const [initiator, responder] = (['initiator', 'responder'] as const).map(
    role =>
      new HandshakeState({
        crypto,
        role,
        pattern: isKn ? KN_PSK0 : NK_PSK0,
        prologue: given.bytes('prologue'),
        psk: psk(given.bytes('psk')),
        e: crypto.importEcdhKey(given.bytes(`${role}EphemeralPrivateKey`)),
        ...(role === owner ? { s } : { rs: s.publicKey }),
      }),
  )
  if (initiator === undefined || responder === undefined) throw new Refusal('no sides')
  const message1 = initiator.writeMessage()
  responder.readMessage(message1)
  const message2 = responder.writeMessage()
  initiator.readMessage(message2)
  const { handshakeHash } = initiator.split()
  return inHex({ [`${owner}StaticPublicKey`]: s.publicKey, message1, message2, handshakeHash })
}

function workedHandshake(given: Given): Fields {
  const key = (name: string): ReturnType<typeof crypto.importEcdhKey> =>
    crypto.importEcdhKey(given.bytes(name))
  const secret = (): ReturnType<typeof psk> => psk(given.bytes('psk'))
  const identity = key('clientPrivateKey')
  const client = startClientHandshake({
    crypto,
    transaction: 'qr-initiated',
    psk: secret(),
    identity,
    ephemeral: key('clientEphemeralPrivateKey'),
  })
  const answer = answerHandshake(
    {
      crypto,
      transaction: 'qr-initiated',
      psk: secret(),
      clientKey: identity.publicKey,
      ephemeral: key('phoneEphemeralPrivateKey'),
    },
    client.message1,
  )
  const { handshakeHash } = client.finish(answer.message2)
  return inHex({ message1: client.message1, message2: answer.message2, handshakeHash })
}

function sealed(given: Given): Fields {
  const padded = padMessage(given.bytes('message'))
  if (given.text('construction') === 'old') return inHex({ padded })
  const cipher = new CipherState(crypto, given.bytes('key'), given.number('counter'))
  return inHex({ padded, frame: cipher.encryptWithAd(NOTHING, padded) })
}

function workedFrame(given: Given): Fields {
  const cipher = new CipherState(crypto, given.bytes('key'), given.number('counter'))
  const message = unpadMessage(given.bytes('padded'))
  const frame = cipher.encryptWithAd(NOTHING, given.bytes('padded'))
  // The introduction has no type.
  return inHex({ frame, ...(message[0] === TYPES.indexOf('json') ? decodeMessage(message) : {}) })
}

interface Frame {
  readonly from: string
  readonly frame: string
  readonly message: string
  readonly padded?: string
  readonly meaning?: string
}

/** What one side has of the frames: it seals its own, and opens the peer’s. */
function framesOf(traffic: SealedTraffic, own: 'client' | 'phone', expected: Given): readonly object[] {
  const peer = own === 'client' ? 'phone' : 'client'
  const counters = { client: 0, phone: 0 }
  return (expected.fields['frames'] as readonly Frame[]).map(({ from, padded, meaning, ...given }) => {
    const sender = from === own ? own : peer
    const message = sender === own ? decodeHex(given.message) : traffic.open(decodeHex(given.frame))
    const frame = sender === own ? encodeHex(traffic.seal(message)) : given.frame
    const whole = padded === undefined ? {} : { padded: padMessage(message) }
    const told = inHex({ from: sender, counter: counters[sender]++, frame, ...whole, message })
    return meaning === undefined ? told : { ...told, meaning }
  })
}

/** The phone’s part of a session with Chromium. */
function chromium(given: Given, expected: Given): Fields {
  const { publicKey, secret } = decodeQrUrl(given.text('url'))
  const plaintext = eid(given.bytes('advertPlaintext'))
  const key = deriveEidKey(crypto, secret)
  const presharedKey = derivePsk(crypto, secret, plaintext)
  const { message2, traffic } = answerHandshake(
    {
      crypto,
      transaction: 'qr-initiated',
      psk: psk(Uint8Array.from(presharedKey)),
      clientKey: publicKey,
      ephemeral: crypto.importEcdhKey(given.bytes('phoneEphemeralPrivateKey')),
    },
    given.bytes('message1'),
  )
  const { routingId } = readPlaintext(plaintext)
  return inHex({
    ...readCode(given),
    eidKey: key,
    tunnelId: deriveTunnelId(crypto, secret),
    routingId,
    advert: sealAdvert(crypto, key, plaintext),
    psk: presharedKey,
    message2,
    handshakeHash: traffic.handshakeHash,
    frames: framesOf(traffic, 'phone', expected),
  })
}

/** The laptop’s part of a session with an iPhone. */
function ios(given: Given, expected: Given): Fields {
  const { secret } = decodeQrUrl(given.text('url'))
  const identity = crypto.importEcdhKey(given.bytes('clientPrivateKey'))
  const key = deriveEidKey(crypto, secret)
  const plaintext = openAdvert(crypto, key, given.bytes('serviceData'))
  if (plaintext === undefined) throw new Refusal('advert-not-opened')
  const presharedKey = derivePsk(crypto, secret, plaintext)
  const handshake = startClientHandshake({
    crypto,
    transaction: 'qr-initiated',
    psk: psk(Uint8Array.from(presharedKey)),
    identity,
    ephemeral: crypto.importEcdhKey(given.bytes('clientEphemeralPrivateKey')),
  })
  const { message1 } = handshake
  const traffic = handshake.finish(given.bytes('message2'))
  const fields = readPlaintext(plaintext)
  return inHex({
    ...readCode(given),
    ...fields,
    clientPublicKey: identity.publicKey,
    eidKey: key,
    advertPlaintext: plaintext,
    domain: tunnelDomain(crypto, tunnelServiceId(Number(fields['encodedDomain']))),
    tunnelId: deriveTunnelId(crypto, secret),
    psk: presharedKey,
    message1,
    handshakeHash: traffic.handshakeHash,
    frames: framesOf(traffic, 'client', expected),
  })
}

function introduction(given: Given): Fields {
  const { getInfo = null, features } = decodePostHandshake(given.bytes('message'))
  return inHex({ getInfo, features })
}

function workedIntroduction(given: Given): Fields {
  return inHex({
    message: encodePostHandshake({
      ...(given.has('getInfo') ? { getInfo: given.bytes('getInfo') } : {}),
      ...(given.has('features') ? { features: given.list('features') } : {}),
    }),
  })
}

const framerOf = (given: Given): StreamFramer => streamFramer({ framing: given.text('framing') as Framing })

function stream(given: Given): Fields {
  const framer = framerOf(given)
  return {
    stream: given
      .list('messages')
      .map(hex => encodeHex(framer.frame(decodeHex(hex))))
      .join(''),
  }
}

function streamEnd(given: Given): Fields {
  const framer = framerOf(given)
  const messages = [...framer.read(given.bytes('stream'))].map(encodeHex)
  if (framer.isWithinMessage) throw new Refusal('connection-lost')
  return { messages, end: 'clean' }
}

export const TRAFFIC: Readonly<Record<string, Operation>> = {
  'noise.handshakes': noise,
  'linking.handshakes': noise,
  'worked-example.handshakes': workedHandshake,
  'frames.sealed': sealed,
  'frames.padding': given => inHex({ message: unpadMessage(given.bytes('padded')) }),
  'frames.messages': given => {
    const bytes = given.bytes('message')
    return inHex({ type: TYPES.indexOf(decodeMessage(bytes).type), payload: bytes.slice(1) })
  },
  'worked-example.frames': workedFrame,
  'post-handshake.messages': introduction,
  'worked-example.introductions': workedIntroduction,
  'data-channel.streams': stream,
  'data-channel.ends': streamEnd,
  'chromium-156.sessions': chromium,
  'trace-ios.sessions': ios,
}
