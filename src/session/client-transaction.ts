import { AdvertKey, tryAdvertKeys } from '../advert/advert-key.js'
import { decodeEid } from '../advert/eid.js'
import { splitServiceData } from '../advert/service-data.js'
import { decodeSuffix } from '../advert/suffix.js'
import { linkSecret as makeLinkSecret, qrSecret } from '../bytes/brands.js'
import type {
  ClientNonce,
  ContactId,
  Eid,
  EidKey,
  HandshakeHash,
  LinkId,
  LinkSecret,
  P256Point,
  QrSecret,
  TunnelServiceId,
} from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { encodeHex } from '../bytes/hex.js'
import type { CborMap } from '../cbor/value.js'
import { deriveEidKey, deriveTunnelId } from '../crypto/derive.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { redacting } from '../crypto/redacted.js'
import { startClientHandshake } from '../handshake/client-handshake.js'
import type { ClientHandshake } from '../handshake/client-handshake.js'
import type { TransactionKind } from '../handshake/transaction-pattern.js'
import { withPsk } from '../handshake/with-psk.js'
import { openLink } from '../linking/link-offer.js'
import type { LinkingInfo } from '../linking/linking-info.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import { encodeClientPayload } from '../tunnel/client-payload.js'
import { tunnelDomain } from '../tunnel/domain.js'
import { CLIENT_PAYLOAD_HEADER } from '../tunnel/headers.js'
import { tunnelRequest } from '../tunnel/request.js'
import type { TunnelRequest } from '../tunnel/request.js'
import { connectTunnelUrl, contactTunnelUrl } from '../tunnel/url.js'

/**
 * All that differs between QR-initiated and state-assisted transactions on the client: the advert’s key, the tunnel
 * to dial and when, and the handshake. Holds secrets; `destroy` wipes them.
 */
export interface ClientTransaction {
  readonly kind: TransactionKind
  /** The tunnel that is dialled at once, without waiting for the advert. */
  readonly firstDial: TunnelRequest | undefined
  /** `tunnel` for state-assisted ones (protocol.md 16.1). */
  readonly dataChannel: DataChannelChoice
  /** Opens service data; undefined when it is not for this transaction. */
  readAdvert(serviceData: Uint8Array): MatchedAdvert | undefined
  /** Begins the handshake that only the sender of this advert can answer. */
  startHandshake(eid: Eid, ephemeral: EcdhKey): ClientHandshake
  /**
   * Reads a linking map and verifies its signature. There only where the phone has been asked for a link.
   * @throws DecodeError `linking-malformed`.
   */
  readonly readLink?: ((map: CborMap, eid: Eid, handshakeHash: HandshakeHash) => NewLink) | undefined
  /** Wipes the secrets. A session does it when it closes. */
  destroy(): void
}

/** What a phone offers to be remembered by, verified. The link secret is a secret. */
export interface NewLink extends Omit<LinkingInfo, 'signature'> {
  /** From the advert: where the phone is to be contacted. */
  readonly tunnelServiceId: TunnelServiceId
}

/** An advert that was meant for this transaction. */
export interface MatchedAdvert {
  readonly eid: Eid
  /** The tunnel that the advert leads to, unless it was dialled before or is not to be used. */
  readonly dial: TunnelRequest | undefined
  /** Where the phone takes data channels, if that was offered to it: 1 to 255. */
  readonly psm?: number | undefined
}

/** What a QR-initiated transaction is made of. */
export interface QrClientOptions {
  readonly crypto: CryptoProvider
  /** The key pair whose public half is in the QR code; the transaction takes it over. */
  readonly identity: EcdhKey
  /** Copied. */
  readonly secret: QrSecret
  /** Dial this instead of the domain that the advert’s tunnel service identifier stands for. */
  readonly tunnelUrl?: string | undefined
  /** Whether the QR code asks for a link (its key 4); otherwise a link that comes is dropped unread. */
  readonly asksForLink?: boolean | undefined
  /** What the QR code offers (its key 6); the tunnel unless given. */
  readonly dataChannel?: DataChannelChoice | undefined
}

/**
 * QR-initiated: the advert tells where to dial, Noise KNpsk0 (protocol.md 2.1).
 *
 * @example
 * const transaction = qrClientTransaction({ crypto, identity, secret })
 * const session = new ClientSession({ transaction, ephemeral, now: clock.now() })
 */
export function qrClientTransaction(options: QrClientOptions): ClientTransaction {
  const { crypto, identity, tunnelUrl, dataChannel = 'tunnel' } = options
  const secret = qrSecret(options.secret.slice())
  const advertKey = adoptAdvertKey(crypto, deriveEidKey(crypto, secret))
  const readLink = (map: CborMap, eid: Eid, hash: HandshakeHash): NewLink => {
    const { tunnelServiceId } = decodeEid(eid)
    return redacting({ ...openLink(crypto, identity, map, hash), tunnelServiceId }, ['linkSecret'])
  }
  const dial = (eid: Eid): TunnelRequest | undefined => {
    const { routingId, tunnelServiceId } = decodeEid(eid)
    if (dataChannel === 'ble') return undefined
    const base = tunnelUrl ?? `wss://${tunnelDomain(crypto, tunnelServiceId)}`
    return tunnelRequest(connectTunnelUrl(base, routingId, deriveTunnelId(crypto, secret)))
  }
  return {
    kind: 'qr-initiated',
    firstDial: undefined,
    dataChannel,
    readAdvert: serviceData => {
      const eid = tryAdvertKeys([advertKey], serviceData)?.plaintext
      const psm = dataChannel === 'tunnel' ? undefined : psmOf(serviceData)
      // An advert with an unassigned tunnel service is not for us (protocol.md 5.3).
      return eid && decodedOrUndefined(() => ({ eid, dial: dial(eid), psm }))
    },
    startHandshake: (eid, ephemeral) =>
      withPsk(crypto, secret, eid, psk =>
        startClientHandshake({ crypto, transaction: 'qr-initiated', identity, psk, ephemeral }),
      ),
    ...(options.asksForLink === true ? { readLink } : {}),
    destroy: () => {
      advertKey.destroy()
      wipeBytes(secret)
      identity.destroy()
    },
  }
}

/** What a state-assisted transaction is made of. */
export interface LinkedClientOptions {
  readonly crypto: CryptoProvider
  readonly contactId: ContactId
  readonly linkId: LinkId
  /** Copied. */
  readonly linkSecret: LinkSecret
  /** The phone’s long-term key from the link. */
  readonly authenticatorKey: P256Point
  /** 16 random bytes, fresh for this transaction. */
  readonly clientNonce: ClientNonce
  /** What the phone is told that the client wants: `ga` sign in, `mc` register. */
  readonly requestType: 'ga' | 'mc'
  /** `wss://` and the domain stored with the link. */
  readonly tunnelUrl: string
}

/**
 * State-assisted: dialling and scanning side by side, Noise NKpsk0 (protocol.md 2.2 and 13).
 * @throws UsageError `argument-invalid` for a nonce of another length.
 *
 * @example
 * const link = { contactId: contactId(bytes), linkId: linkId(bytes), linkSecret: linkSecret(bytes), authenticatorKey: publicKey }
 * const tunnelUrl = 'wss://cable.ua5v.com'
 * const transaction = linkedClientTransaction({ crypto, ...link, clientNonce: nonce, requestType: 'ga', tunnelUrl })
 */
export function linkedClientTransaction(options: LinkedClientOptions): ClientTransaction {
  const { crypto, clientNonce, authenticatorKey } = options
  const linkSecret = makeLinkSecret(options.linkSecret.slice())
  const advertKey = adoptAdvertKey(crypto, deriveEidKey(crypto, linkSecret, clientNonce))
  const payload = encodeHex(encodeClientPayload(options)).toUpperCase()
  return {
    kind: 'state-assisted',
    firstDial: tunnelRequest(contactTunnelUrl(options.tunnelUrl, options.contactId), {
      [CLIENT_PAYLOAD_HEADER]: payload,
    }),
    dataChannel: 'tunnel',
    readAdvert: serviceData => {
      const eid = tryAdvertKeys([advertKey], serviceData)?.plaintext
      return eid && { eid, dial: undefined }
    },
    startHandshake: (eid, ephemeral) =>
      withPsk(crypto, linkSecret, eid, psk =>
        startClientHandshake({
          crypto,
          transaction: 'state-assisted',
          authenticatorKey,
          psk,
          ephemeral,
        }),
      ),
    destroy: () => {
      advertKey.destroy()
      wipeBytes(linkSecret)
    },
  }
}

function psmOf(serviceData: Uint8Array): number | undefined {
  const parts = splitServiceData(serviceData)
  return parts && decodeSuffix(parts.suffix).psm
}

/** Prepared once, for every advert in the air. */
function adoptAdvertKey(crypto: CryptoProvider, key: EidKey): AdvertKey {
  const advertKey = new AdvertKey(crypto, key)
  wipeBytes(key)
  return advertKey
}
