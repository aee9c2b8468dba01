import {
  clientNonce,
  contactId,
  linkId,
  linkSecret,
  qrSecret,
  routingId,
  tunnelId,
  tunnelServiceId,
} from '../bytes/brands.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { LinkOffer } from '../linking/link-offer.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { QrPayload } from '../qr/payload.js'
import { isRequestType } from '../qr/request-type.js'
import type { Carried } from '../qr/request-type.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../session/authenticator-io.js'
import { AuthenticatorSession } from '../session/authenticator-session.js'
import {
  linkedAuthenticatorTransaction,
  qrAuthenticatorTransaction,
} from '../session/authenticator-transaction.js'
import type { AuthenticatorTransaction } from '../session/authenticator-transaction.js'
import type { ClientInput, ClientOutput } from '../session/client-io.js'
import { ClientSession } from '../session/client-session.js'
import { linkedClientTransaction, qrClientTransaction } from '../session/client-transaction.js'
import type { ClientTransaction } from '../session/client-transaction.js'
import { DEFAULT_TIMEOUTS } from '../session/position.js'
import type { Timeouts } from '../session/position.js'
import { recordingMalformed } from './recording-codec.js'
import type { PlainReader } from './recording-codec.js'

/** A machine of either role. */
export interface Machine {
  step(input: ClientInput | AuthenticatorInput, now: number): readonly (ClientOutput | AuthenticatorOutput)[]
}

/** Makes the session again that a recording begins with. @throws DecodeError. */
export function recordedSession(record: PlainReader, crypto: CryptoProvider): Machine {
  const [role, kind, parts] = [record.text('role'), record.text('kind'), record.object('parts')]
  const isQr = kind === 'qr-initiated'
  if (role === 'client')
    return clientSession(parts, isQr ? qrClient(parts, crypto) : linkedClient(parts, crypto), crypto)
  if (role === 'authenticator')
    return phoneSession(parts, isQr ? qrPhone(parts, crypto) : linkedPhone(parts, crypto), crypto)
  throw recordingMalformed(`there is no role ${role}`)
}

function clientSession(parts: PlainReader, transaction: ClientTransaction, crypto: CryptoProvider): Machine {
  const session = new ClientSession({
    transaction,
    ephemeral: crypto.importEcdhKey(parts.privateKey('ephemeral')),
    spareEphemerals: parts.optional('spareEphemerals', name =>
      parts.privateKeys(name).map(key => crypto.importEcdhKey(key)),
    ),
    carries: carriesOf(parts),
    timeouts: timeoutsOf(parts),
    now: parts.number('now'),
  })
  // An input of the other role is refused by the session as a misuse.
  return { step: (input, now) => session.step(input as ClientInput, now) }
}

function phoneSession(
  parts: PlainReader,
  transaction: AuthenticatorTransaction,
  crypto: CryptoProvider,
): Machine {
  const session = new AuthenticatorSession({
    transaction,
    ephemeral: crypto.importEcdhKey(parts.privateKey('ephemeral')),
    advertNonce: parts.bytes('advertNonce'),
    getInfo: parts.optional('getInfo', name => parts.bytes(name)),
    features: parts.optional('features', name => parts.list(name).map(String)),
    carries: carriesOf(parts),
    commands: parts.has('commands') && parts.text('commands') === 'one' ? 'one' : 'many',
    timeouts: timeoutsOf(parts),
    now: parts.number('now'),
  })
  return { step: (input, now) => session.step(input as AuthenticatorInput, now) }
}

function qrClient(parts: PlainReader, crypto: CryptoProvider): ClientTransaction {
  return qrClientTransaction({
    crypto,
    identity: crypto.importEcdhKey(parts.privateKey('identity')),
    secret: qrSecret(parts.bytes('secret')),
    tunnelUrl: tunnelUrlOf(parts),
    asksForLink: parts.flag('asksForLink'),
    dataChannel: dataChannelOf(parts),
  })
}

function linkedClient(parts: PlainReader, crypto: CryptoProvider): ClientTransaction {
  return linkedClientTransaction({
    crypto,
    contactId: contactId(parts.bytes('contactId')),
    linkId: linkId(parts.bytes('linkId')),
    linkSecret: linkSecret(parts.bytes('linkSecret')),
    authenticatorKey: crypto.decodePoint(parts.bytes('authenticatorKey')),
    clientNonce: clientNonce(parts.bytes('clientNonce')),
    requestType: parts.text('requestType') === 'mc' ? 'mc' : 'ga',
    tunnelUrl: parts.text('tunnelUrl'),
  })
}

function qrPhone(parts: PlainReader, crypto: CryptoProvider): AuthenticatorTransaction {
  return qrAuthenticatorTransaction({
    crypto,
    payload: payloadOf(parts.object('payload'), crypto),
    tunnelServiceId: tunnelServiceId(parts.number('tunnelServiceId')),
    tunnelUrl: tunnelUrlOf(parts),
    sendsUpdate: parts.flag('sendsUpdate'),
    dataChannel: dataChannelOf(parts),
    link: parts.optional('link', name => offerOf(parts.object(name), crypto)),
  })
}

function linkedPhone(parts: PlainReader, crypto: CryptoProvider): AuthenticatorTransaction {
  return linkedAuthenticatorTransaction({
    crypto,
    linkSecret: linkSecret(parts.bytes('linkSecret')),
    clientNonce: clientNonce(parts.bytes('clientNonce')),
    routingId: routingId(parts.bytes('routingId')),
    tunnelId: tunnelId(parts.bytes('tunnelId')),
    identity: crypto.importEcdhKey(parts.privateKey('identity')),
    tunnelServiceId: tunnelServiceId(parts.number('tunnelServiceId')),
    tunnelUrl: tunnelUrlOf(parts),
  })
}

function payloadOf(payload: PlainReader, crypto: CryptoProvider): QrPayload {
  const requestType = payload.text('requestType')
  if (!isRequestType(requestType)) throw recordingMalformed(`there is no request type ${requestType}`)
  return {
    publicKey: crypto.decodePoint(payload.bytes('publicKey')),
    secret: qrSecret(payload.bytes('secret')),
    knownTunnelServices: payload.number('knownTunnelServices'),
    supportsLinking: payload.flag('supportsLinking'),
    requestType,
  }
}

function offerOf(offer: PlainReader, crypto: CryptoProvider): LinkOffer {
  return {
    contactId: contactId(offer.bytes('contactId')),
    linkId: linkId(offer.bytes('linkId')),
    linkSecret: linkSecret(offer.bytes('linkSecret')),
    name: offer.text('name'),
    identity: crypto.importEcdhKey(offer.privateKey('identity')),
  }
}

function tunnelUrlOf(parts: PlainReader): string | undefined {
  return parts.optional('tunnelUrl', name => parts.text(name))
}

function dataChannelOf(parts: PlainReader): DataChannelChoice {
  const choice = parts.has('dataChannel') ? parts.text('dataChannel') : 'tunnel'
  if (choice === 'tunnel' || choice === 'ble' || choice === 'auto') return choice
  throw recordingMalformed(`there is no data channel ${choice}`)
}

function carriesOf(parts: PlainReader): Carried {
  return parts.has('carries') && parts.text('carries') === 'json' ? 'json' : 'ctap'
}

function timeoutsOf(parts: PlainReader): Partial<Timeouts> {
  if (!parts.has('timeouts')) return {}
  const timeouts = parts.object('timeouts')
  const names = Object.keys(DEFAULT_TIMEOUTS).filter(name => timeouts.has(name))
  // JSON has no Infinity.
  return Object.fromEntries(
    names.map(name => [name, timeouts.isText(name) ? Infinity : timeouts.number(name)]),
  )
}
