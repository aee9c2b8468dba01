import { encodeEid } from '../../src/advert/eid.js'
import { sealAdvert } from '../../src/advert/sealed-advert.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import {
  clientNonce,
  contactId,
  linkId,
  linkSecret,
  qrSecret,
  routingId,
  tunnelId,
  tunnelServiceId,
} from '../../src/bytes/brands.js'
import type { EidKey, LinkSecret, P256Point, QrSecret, RoutingId } from '../../src/bytes/brands.js'
import { deriveEidKey } from '../../src/crypto/derive.js'
import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import type { AuthenticatorHandshakeOptions } from '../../src/handshake/authenticator-handshake.js'
import type { ClientHandshakeOptions } from '../../src/handshake/client-handshake.js'
import type { TransactionKind } from '../../src/handshake/transaction-pattern.js'
import type { LinkOffer } from '../../src/linking/link-offer.js'
import type { DataChannelChoice } from '../../src/qr/data-channel.js'
import type { Carried } from '../../src/qr/request-type.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import {
  linkedAuthenticatorTransaction,
  qrAuthenticatorTransaction,
} from '../../src/session/authenticator-transaction.js'
import type { AuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { ClientSession } from '../../src/session/client-session.js'
import { linkedClientTransaction, qrClientTransaction } from '../../src/session/client-transaction.js'
import type { ClientTransaction } from '../../src/session/client-transaction.js'
import { AUTHENTICATOR_TRANSITIONS, CLIENT_TRANSITIONS } from '../../src/session/states.js'
import type { AuthenticatorState, ClientState } from '../../src/session/states.js'
import { GET_INFO } from '../support/pair.js'
import { reusedKey } from '../support/reused-key.js'
import { watchSecrets } from '../support/watched-secrets.js'
import type { WatchedSecrets } from '../support/watched-secrets.js'
import { Party } from './party.js'

/** What distinguishes one walk’s ceremony from another’s. */
export interface Ceremony {
  readonly kind: TransactionKind
  readonly commands: 'one' | 'many'
  readonly ceremonyMs: number
  /** QR-initiated: whether the client asks to be linked, and what the phone’s update says. */
  readonly asksForLink: boolean
  readonly update: 'none' | 'empty' | 'offer'
  /** QR-initiated: what the code asks for. */
  readonly carries: Carried
  /** QR-initiated: what the code offers, and what the phone takes of it. */
  readonly offered: DataChannelChoice
  readonly taken: DataChannelChoice
  /** Whether nobody but the machines themselves speaks in sealed words, updates and nonsense aside. */
  readonly honest: boolean
}

export type ClientParty = Party<ClientInput, ClientOutput, ClientState>
export type PhoneParty = Party<AuthenticatorInput, AuthenticatorOutput, AuthenticatorState>

const COUNTING = Uint8Array.from({ length: 32 }, (_, index) => index + 1)
const SECRET = qrSecret(COUNTING.slice(0, 16))
const LINK = {
  contactId: contactId(COUNTING.slice(0, 5)),
  linkId: linkId(COUNTING.slice(0, 8)),
  linkSecret: linkSecret(COUNTING),
  clientNonce: clientNonce(COUNTING.slice(0, 16)),
}
const TUNNEL_ID = tunnelId(COUNTING.slice(0, 16))
const NONCE = COUNTING.slice(0, 10)
const SERVICE = tunnelServiceId(0)
const TUNNEL_URL = 'wss://tunnel.example.com'

/** The routing ID of the tunnel, and that of another one. */
export const ROUTING_IDS: readonly [RoutingId, RoutingId] = [
  routingId(Uint8Array.of(1, 2, 3)),
  routingId(Uint8Array.of(1, 2, 4)),
]

const privateKey = (last: number): Uint8Array => COUNTING.with(31, last)
const key = (crypto: CryptoProvider, last: number): EcdhKey => crypto.importEcdhKey(privateKey(last))

/** Long-lived: the phone keeps it when a session ends. */
const PHONE_IDENTITY = reusedKey(nodeCryptoProvider, privateKey(40))
export const CLIENT_PUBLIC_KEY: P256Point = reusedKey(nodeCryptoProvider, privateKey(41)).publicKey

/** The link that phones offer. */
export const OFFER: LinkOffer = { ...LINK, name: 'Phone', identity: PHONE_IDENTITY }

export function clientParty(ceremony: Ceremony): ClientParty {
  const secrets = watchSecrets(nodeCryptoProvider)
  const { crypto } = secrets
  const transaction = watchClientTraffic(clientTransaction(crypto, ceremony), () => party)
  const ephemeral = key(crypto, 42)
  const timeouts = { ceremonyMs: ceremony.ceremonyMs }
  const { carries } = ceremony
  const spareEphemerals = [46, 47, 48].map(last => key(crypto, last))
  const machine = new ClientSession({ transaction, ephemeral, spareEphemerals, carries, timeouts, now: 0 })
  const party: ClientParty = new Party({
    name: 'client',
    machine,
    secrets,
    transitions: CLIENT_TRANSITIONS,
    caller: ['idle', 'awaiting-request', 'awaiting-more', 'awaiting-json-request', 'awaiting-end', 'closed'],
  })
  return party
}

export function phoneParty(ceremony: Ceremony): PhoneParty {
  const secrets = watchSecrets(nodeCryptoProvider)
  const { crypto } = secrets
  const transaction = watchPhoneTraffic(phoneTransaction(secrets, ceremony), () => party)
  const machine = new AuthenticatorSession({
    transaction,
    ephemeral: key(crypto, 43),
    advertNonce: NONCE,
    ...(ceremony.carries === 'json' ? { features: ['dc'] } : { getInfo: GET_INFO }),
    carries: ceremony.carries,
    commands: ceremony.commands,
    timeouts: { ceremonyMs: ceremony.ceremonyMs },
    now: 0,
  })
  const party: PhoneParty = new Party({
    name: 'phone',
    machine,
    secrets,
    transitions: AUTHENTICATOR_TRANSITIONS,
    caller: ['idle', 'awaiting-answer', 'awaiting-json-answer', 'closed'],
  })
  return party
}

/** The advert of another phone that has read the same code, or holds the same link. */
export function rivalAdvert(ceremony: Ceremony): Uint8Array {
  const fields = { nonce: NONCE.with(0, 99), routingId: ROUTING_IDS[1], tunnelServiceId: SERVICE }
  return sealAdvert(nodeCryptoProvider, advertKeyOf(ceremony), encodeEid(fields))
}

/** What adverts of the ceremony are sealed with. */
export function advertKeyOf({ kind }: Ceremony): EidKey {
  return kind === 'qr-initiated'
    ? deriveEidKey(nodeCryptoProvider, SECRET)
    : deriveEidKey(nodeCryptoProvider, LINK.linkSecret, LINK.clientNonce)
}

/** What the PSK is derived from. */
export function pskSecretOf({ kind }: Ceremony): QrSecret | LinkSecret {
  return kind === 'qr-initiated' ? SECRET : LINK.linkSecret
}

/** The keys that a phone brings into the handshake. */
export function phoneKeys({ kind }: Ceremony): PhoneKeys {
  const ephemeral = reusedKey(nodeCryptoProvider, privateKey(44))
  return kind === 'qr-initiated'
    ? { transaction: kind, clientKey: CLIENT_PUBLIC_KEY, ephemeral }
    : { transaction: kind, identity: PHONE_IDENTITY, ephemeral }
}

/** The keys that a client brings into the handshake. */
export function clientKeys({ kind }: Ceremony): ClientKeys {
  const ephemeral = reusedKey(nodeCryptoProvider, privateKey(45))
  return kind === 'qr-initiated'
    ? { transaction: kind, identity: reusedKey(nodeCryptoProvider, privateKey(41)), ephemeral }
    : { transaction: kind, authenticatorKey: PHONE_IDENTITY.publicKey, ephemeral }
}

/** The options of a handshake without what all of them share. */
type KeysOf<Options> = Options extends unknown ? Omit<Options, 'crypto' | 'psk'> : never
type PhoneKeys = KeysOf<AuthenticatorHandshakeOptions>
type ClientKeys = KeysOf<ClientHandshakeOptions>

function clientTransaction(
  crypto: CryptoProvider,
  { kind, asksForLink, offered: dataChannel }: Ceremony,
): ClientTransaction {
  if (kind === 'qr-initiated') {
    const identity = key(crypto, 41)
    return qrClientTransaction({ crypto, identity, secret: SECRET, asksForLink, dataChannel })
  }
  return linkedClientTransaction({
    crypto,
    ...LINK,
    authenticatorKey: PHONE_IDENTITY.publicKey,
    requestType: 'ga',
    tunnelUrl: TUNNEL_URL,
  })
}

function phoneTransaction(secrets: WatchedSecrets, ceremony: Ceremony): AuthenticatorTransaction {
  const { crypto } = secrets
  if (ceremony.kind === 'state-assisted') {
    const where = { routingId: ROUTING_IDS[0], tunnelId: TUNNEL_ID, tunnelServiceId: SERVICE }
    return linkedAuthenticatorTransaction({ crypto, ...LINK, ...where, identity: key(crypto, 40) })
  }
  const payload = {
    publicKey: CLIENT_PUBLIC_KEY,
    secret: SECRET,
    knownTunnelServices: 2,
    requestType: 'ga',
    supportsLinking: ceremony.asksForLink,
  } as const
  const update = {
    sendsUpdate: ceremony.update !== 'none',
    link: ceremony.update === 'offer' ? linkOffer(secrets) : undefined,
  }
  const dataChannel = ceremony.taken
  return qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: SERVICE, dataChannel, ...update })
}

function linkOffer(secrets: WatchedSecrets): LinkOffer {
  const secret = linkSecret(LINK.linkSecret.slice())
  secrets.remember(secret)
  return { ...OFFER, linkSecret: secret, identity: key(secrets.crypto, 40) }
}

function watchClientTraffic(inner: ClientTransaction, party: () => ClientParty): ClientTransaction {
  return {
    ...inner,
    startHandshake: (...args) => {
      const handshake = inner.startHandshake(...args)
      const finish = handshake.finish.bind(handshake)
      handshake.finish = message2 => (party().traffic = finish(message2))
      return handshake
    },
  }
}

function watchPhoneTraffic(
  inner: AuthenticatorTransaction,
  party: () => PhoneParty,
): AuthenticatorTransaction {
  return {
    ...inner,
    answerHandshake: (...args) => {
      const answered = inner.answerHandshake(...args)
      party().traffic = answered.traffic
      return answered
    },
  }
}
