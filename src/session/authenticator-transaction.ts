import { encodeEid } from '../advert/eid.js'
import { sealAdvert } from '../advert/sealed-advert.js'
import {
  ASSIGNED_TUNNEL_SERVICES,
  linkSecret as makeLinkSecret,
  qrSecret,
  ROUTING_ID_BYTES,
  routingId as makeRoutingId,
} from '../bytes/brands.js'
import type {
  ClientNonce,
  Eid,
  HandshakeHash,
  LinkSecret,
  RoutingId,
  TunnelId,
  TunnelServiceId,
} from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { deriveEidKey, deriveTunnelId } from '../crypto/derive.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { UnsupportedError } from '../errors.js'
import { answerHandshake } from '../handshake/authenticator-handshake.js'
import type { AnsweredHandshake } from '../handshake/authenticator-handshake.js'
import type { TransactionKind } from '../handshake/transaction-pattern.js'
import { withPsk } from '../handshake/with-psk.js'
import { sealLink } from '../linking/link-offer.js'
import type { LinkOffer } from '../linking/link-offer.js'
import type { Message } from '../message/message.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { QrPayload } from '../qr/payload.js'
import { tunnelDomain } from '../tunnel/domain.js'
import { decodeRoutingId, ROUTING_ID_HEADER } from '../tunnel/headers.js'
import { tunnelRequest } from '../tunnel/request.js'
import type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'
import { connectTunnelUrl, newTunnelUrl } from '../tunnel/url.js'

/**
 * All that differs between QR-initiated and state-assisted transactions on the authenticator: the tunnel to dial,
 * the advert, the handshake, and the update after it. Holds secrets; `destroy` wipes them.
 */
export interface AuthenticatorTransaction {
  readonly kind: TransactionKind
  /** The tunnel that the phone opens first of all. */
  readonly dial: TunnelRequest
  /** Which ways are offered to the client; `tunnel` for state-assisted ones (protocol.md 16.1). */
  readonly dataChannel: DataChannelChoice
  /**
   * The advert’s plaintext for the tunnel that has just opened.
   * @param headers of the tunnel service’s answer; a QR-initiated transaction finds the routing ID there. Undefined without a tunnel.
   * @param nonce 10 random bytes.
   */
  makeEid(headers: TunnelHeaders | undefined, nonce: Uint8Array): Eid
  /** 20 bytes of service data. */
  sealAdvert(eid: Eid): Uint8Array
  /**
   * Reads the client’s message 1 and answers it with message 2 (protocol.md 8).
   * @throws HandshakeError `handshake-failed` when the client did not hear the advert, or has other keys.
   */
  answerHandshake(eid: Eid, message1: Uint8Array, ephemeral: EcdhKey): AnsweredHandshake
  /** What follows the introduction, to be padded; undefined when nothing does. */
  makeUpdate(handshakeHash: HandshakeHash): Extract<Message, { type: 'update' }> | undefined
  /** Wipes the secrets. A session does it when it closes. */
  destroy(): void
}

/** What a QR-initiated transaction is made of. */
export interface QrAuthenticatorOptions {
  readonly crypto: CryptoProvider
  /** Its secret is copied. */
  readonly payload: QrPayload
  /** Goes into the advert, so that the client finds the service. */
  readonly tunnelServiceId: TunnelServiceId
  /** Dial this instead of the domain that the identifier stands for. */
  readonly tunnelUrl?: string | undefined
  /** Whether an update follows the introduction, with a link in it or without; false unless given. */
  readonly sendsUpdate?: boolean | undefined
  /** What the advert offers, where the QR code has it (its key 6); the tunnel unless given. */
  readonly dataChannel?: DataChannelChoice | undefined
  /** The link in that update, where the client asks for one and the owner agrees. Taken over. */
  readonly link?: LinkOffer | undefined
}

/**
 * QR-initiated: dial `/cable/new`, advertise the routing ID, Noise KNpsk0 (protocol.md 2.1).
 * @throws UnsupportedError `capability-missing` when the client does not know the assigned tunnel service (QR key 2).
 *
 * @example
 * const payload = decodeQrUrl('FIDO:/…')
 * const transaction = qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: tunnelServiceId(0) })
 * console.log(transaction.dial.url) // wss://cable.ua5v.com/cable/new/…
 */
export function qrAuthenticatorTransaction(options: QrAuthenticatorOptions): AuthenticatorTransaction {
  const { crypto, payload, tunnelServiceId, link, sendsUpdate = false, dataChannel = 'tunnel' } = options
  requireKnownService(tunnelServiceId, payload.knownTunnelServices)
  const { publicKey: clientKey } = payload
  const secret = qrSecret(payload.secret.slice())
  const advertKey = deriveEidKey(crypto, secret)
  const base = options.tunnelUrl ?? `wss://${tunnelDomain(crypto, tunnelServiceId)}`
  return {
    kind: 'qr-initiated',
    dial: tunnelRequest(newTunnelUrl(base, deriveTunnelId(crypto, secret))),
    dataChannel,
    makeEid: (headers, nonce) => {
      const routingId =
        headers === undefined
          ? makeRoutingId(new Uint8Array(ROUTING_ID_BYTES))
          : decodeRoutingId(headers.get(ROUTING_ID_HEADER.toLowerCase()))
      return encodeEid({ nonce, routingId, tunnelServiceId })
    },
    sealAdvert: eid => sealAdvert(crypto, advertKey, eid),
    answerHandshake: (eid, message1, ephemeral) =>
      withPsk(crypto, secret, eid, psk =>
        answerHandshake({ crypto, transaction: 'qr-initiated', clientKey, psk, ephemeral }, message1),
      ),
    makeUpdate: hash => {
      if (!sendsUpdate) return undefined
      if (link === undefined || payload.supportsLinking !== true) return { type: 'update' }
      return { type: 'update', linking: sealLink(crypto, link, clientKey, hash) }
    },
    destroy: () => {
      wipeBytes(advertKey, secret)
      if (link !== undefined) destroyOffer(link)
    },
  }
}

/** What a state-assisted transaction is made of. */
export interface LinkedAuthenticatorOptions {
  readonly crypto: CryptoProvider
  /** Copied. */
  readonly linkSecret: LinkSecret
  /** From the client payload. */
  readonly clientNonce: ClientNonce
  /** Where the tunnel service keeps the client waiting; both come with its call. */
  readonly routingId: RoutingId
  readonly tunnelId: TunnelId
  /** The long-term key pair; the transaction takes it over. */
  readonly identity: EcdhKey
  /** Goes into the advert, where it means nothing here but has to be a valid one (protocol.md 5.5). */
  readonly tunnelServiceId: TunnelServiceId
  /** Dial this instead of the domain that the identifier stands for. */
  readonly tunnelUrl?: string | undefined
}

/**
 * State-assisted: dial `/cable/connect`, advertise for the link, Noise NKpsk0, no update (protocol.md 2.2 and 13).
 * @throws UsageError `argument-invalid` for a nonce or an identifier of another length.
 *
 * @example
 * const ids = { routingId: routingId(bytes), tunnelId: tunnelId(bytes), tunnelServiceId: tunnelServiceId(0) }
 * const secrets = { linkSecret: linkSecret(bytes), clientNonce: nonce, identity }
 * const transaction = linkedAuthenticatorTransaction({ crypto, ...ids, ...secrets })
 */
export function linkedAuthenticatorTransaction(
  options: LinkedAuthenticatorOptions,
): AuthenticatorTransaction {
  const { crypto, identity, routingId, tunnelServiceId } = options
  const linkSecret = makeLinkSecret(options.linkSecret.slice())
  const advertKey = deriveEidKey(crypto, linkSecret, options.clientNonce)
  const base = options.tunnelUrl ?? `wss://${tunnelDomain(crypto, tunnelServiceId)}`
  return {
    kind: 'state-assisted',
    dial: tunnelRequest(connectTunnelUrl(base, routingId, options.tunnelId)),
    dataChannel: 'tunnel',
    makeEid: (_, nonce) => encodeEid({ nonce, routingId, tunnelServiceId }),
    sealAdvert: eid => sealAdvert(crypto, advertKey, eid),
    answerHandshake: (eid, message1, ephemeral) =>
      withPsk(crypto, linkSecret, eid, psk =>
        answerHandshake({ crypto, transaction: 'state-assisted', identity, psk, ephemeral }, message1),
      ),
    makeUpdate: () => undefined,
    destroy: () => {
      wipeBytes(advertKey, linkSecret)
      identity.destroy()
    },
  }
}

function destroyOffer({ linkSecret, identity }: LinkOffer): void {
  wipeBytes(linkSecret)
  identity.destroy()
}

function requireKnownService(service: TunnelServiceId, known: number): void {
  if (service >= ASSIGNED_TUNNEL_SERVICES || service < known) return
  throw new UnsupportedError(
    'capability-missing',
    `the client knows ${known} assigned tunnel services; use a hashed identifier (256 or above) instead of ${service}`,
  )
}
