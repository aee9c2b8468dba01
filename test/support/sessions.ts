import { eid as makeEid, qrSecret, tunnelServiceId } from '../../src/bytes/brands.js'
import type { HandshakeHash } from '../../src/bytes/brands.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import { openAdvert, sealAdvert } from '../../src/advert/sealed-advert.js'
import { deriveEidKey, derivePsk } from '../../src/crypto/derive.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import type { EcdhKey } from '../../src/crypto/provider.js'
import { answerHandshake } from '../../src/handshake/authenticator-handshake.js'
import { startClientHandshake } from '../../src/handshake/client-handshake.js'
import type { SealedTraffic } from '../../src/handshake/sealed-traffic.js'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import type { AuthenticatorSessionOptions } from '../../src/session/authenticator-session.js'
import type { QrPayload } from '../../src/qr/payload.js'
import { qrAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import type { QrAuthenticatorOptions } from '../../src/session/authenticator-transaction.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { ClientSession } from '../../src/session/client-session.js'
import type { ClientSessionOptions } from '../../src/session/client-session.js'
import { qrClientTransaction } from '../../src/session/client-transaction.js'
import type { QrClientOptions } from '../../src/session/client-transaction.js'
import { GET_INFO } from './pair.js'

const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index + 1)
const ROUTING_ID = ['0a0b0c']
const EID = makeEid(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x0a, 0x0b, 0x0c, 0, 0]))

const advertKey = deriveEidKey(crypto, qrSecret(SECRET))
const secret = (): ReturnType<typeof qrSecret> => qrSecret(SECRET.slice())

const key = (last: number): EcdhKey =>
  crypto.importEcdhKey(Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? last : 1)))

/** What a peer is played by: its half of the traffic. */
export interface Played<Session, Input> {
  readonly session: Session
  /** What the peer sends when it wants to say this. */
  readonly says: (message: Uint8Array) => Input
}

/** The key whose public half is in the QR code. */
export const clientIdentity = (): EcdhKey => key(1)

export function clientSession(
  options: Partial<QrClientOptions> = {},
  manners: Pick<ClientSessionOptions, 'carries'> = {},
): ClientSession {
  const transaction = qrClientTransaction({ crypto, identity: key(1), secret: secret(), ...options })
  return new ClientSession({ transaction, ephemeral: key(2), ...manners, now: 0 })
}

export function authenticatorSession(
  manners: Pick<AuthenticatorSessionOptions, 'features' | 'commands' | 'carries'> = {},
  linking: Pick<QrAuthenticatorOptions, 'sendsUpdate' | 'link'> & Pick<QrPayload, 'supportsLinking'> = {},
): AuthenticatorSession {
  const payload = {
    publicKey: key(1).publicKey,
    secret: secret(),
    knownTunnelServices: 2,
    requestType: 'mc',
    supportsLinking: linking.supportsLinking ?? false,
  } as const
  const { sendsUpdate, link } = linking
  const options = { crypto, payload, tunnelServiceId: tunnelServiceId(0), sendsUpdate, link }
  return new AuthenticatorSession({
    transaction: qrAuthenticatorTransaction(options),
    ephemeral: key(3),
    advertNonce: new Uint8Array(10),
    getInfo: GET_INFO,
    ...manners,
    now: 0,
  })
}

/** The advert that the client session is waiting for. */
export function expectedAdvert(
  suffix: Uint8Array = new Uint8Array(),
): Extract<ClientInput, { type: 'advert' }> {
  return { type: 'advert', serviceData: concatBytes(sealAdvert(crypto, advertKey, EID), suffix) }
}

export function bytesSent(outputs: readonly (ClientOutput | AuthenticatorOutput)[]): Uint8Array[] {
  return outputs.flatMap(output => (output.type === 'send' ? [output.bytes] : []))
}

/** A client session after message 1, and the phone’s half of the handshake, both unfinished. */
export function clientAtHandshake(session: ClientSession = clientSession()): {
  session: ClientSession
  message2: Uint8Array
  traffic: SealedTraffic
} {
  session.step({ type: 'start' }, 0)
  session.step(expectedAdvert(), 1)
  const [message1 = new Uint8Array()] = bytesSent(
    session.step({ type: 'tunnel-open', headers: new Map() }, 2),
  )
  const psk = derivePsk(crypto, secret(), EID)
  const keys = { transaction: 'qr-initiated', clientKey: key(1).publicKey } as const
  return { session, ...answerHandshake({ crypto, ...keys, psk, ephemeral: key(3) }, message1) }
}

/** A client session that has met a phone, and that phone. */
export function clientWithPhone(
  introduction: Uint8Array = encodePostHandshake({ getInfo: GET_INFO }),
  waiting: ClientSession = clientSession(),
): Played<ClientSession, ClientInput> & {
  readonly outputs: readonly ClientOutput[]
  readonly handshakeHash: HandshakeHash
} {
  const { session, message2, traffic } = clientAtHandshake(waiting)
  session.step({ type: 'tunnel-message', bytes: message2 }, 3)
  const outputs = session.step({ type: 'tunnel-message', bytes: traffic.seal(introduction) }, 4)
  const { handshakeHash } = traffic
  const says = (message: Uint8Array): ClientInput => ({
    type: 'tunnel-message',
    bytes: traffic.seal(message),
  })
  return { session, outputs, says, handshakeHash }
}

/** An authenticator session that waits for message 1, and the message that fits. */
export function phoneAtHandshake(session: AuthenticatorSession = authenticatorSession()): {
  session: AuthenticatorSession
  message1: Uint8Array
  finish: (message2: Uint8Array) => SealedTraffic
} {
  session.step({ type: 'start' }, 0)
  const opened = session.step(
    { type: 'tunnel-open', headers: new Map([['x-cable-routing-id', ROUTING_ID]]) },
    1,
  )
  const advert = opened.find(output => output.type === 'advertise')?.serviceData ?? new Uint8Array()
  const eid = openAdvert(crypto, advertKey, advert)
  if (eid === undefined) throw new Error('the phone’s advert does not open')
  const handshake = startClientHandshake({
    crypto,
    transaction: 'qr-initiated',
    identity: key(1),
    psk: derivePsk(crypto, secret(), eid),
    ephemeral: key(2),
  })
  return { session, message1: handshake.message1, finish: message2 => handshake.finish(message2) }
}

/** An authenticator session that has met a client, and that client. */
export function phoneWithClient(
  waiting?: AuthenticatorSession,
): Played<AuthenticatorSession, AuthenticatorInput> {
  const { session, message1, finish } = phoneAtHandshake(waiting)
  const [message2 = new Uint8Array()] = bytesSent(
    session.step({ type: 'tunnel-message', bytes: message1 }, 2),
  )
  const traffic = finish(message2)
  return { session, says: message => ({ type: 'tunnel-message', bytes: traffic.seal(message) }) }
}
