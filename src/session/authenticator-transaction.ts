import { encodeEid } from '../advert/eid.js'
import { sealAdvert } from '../advert/sealed-advert.js'
import { ASSIGNED_TUNNEL_SERVICES, qrSecret } from '../bytes/brands.js'
import type { Eid, TunnelServiceId } from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { deriveEidKey, derivePsk, deriveTunnelId } from '../crypto/derive.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { UnsupportedError } from '../errors.js'
import { answerHandshake } from '../handshake/authenticator-handshake.js'
import type { AnsweredHandshake } from '../handshake/authenticator-handshake.js'
import type { TransactionKind } from '../handshake/transaction-pattern.js'
import type { QrPayload } from '../qr/payload.js'
import { tunnelDomain } from '../tunnel/domain.js'
import { decodeRoutingId, ROUTING_ID_HEADER, TUNNEL_SUBPROTOCOL } from '../tunnel/headers.js'
import type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'
import { newTunnelUrl } from '../tunnel/url.js'

/**
 * All that differs between QR-initiated and state-assisted transactions on the authenticator: the tunnel to dial,
 * the advert, and the handshake. Holds secrets; `destroy` wipes them.
 */
export interface AuthenticatorTransaction {
  readonly kind: TransactionKind
  readonly dial: TunnelRequest
  /** The advert’s plaintext for the tunnel that has just opened. */
  makeEid(headers: TunnelHeaders, nonce: Uint8Array): Eid
  /** 20 bytes of service data. */
  sealAdvert(eid: Eid): Uint8Array
  answerHandshake(eid: Eid, message1: Uint8Array, ephemeral: EcdhKey): AnsweredHandshake
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
}

/**
 * QR-initiated: dial `/cable/new`, advertise the routing ID, Noise KNpsk0 (protocol.md 2.1).
 * @throws UnsupportedError `capability-missing` when the client does not know the assigned tunnel service (QR key 2).
 */
export function qrAuthenticatorTransaction(options: QrAuthenticatorOptions): AuthenticatorTransaction {
  const { crypto, payload, tunnelServiceId } = options
  requireKnownService(tunnelServiceId, payload.knownTunnelServices)
  const { publicKey: clientKey } = payload
  const secret = qrSecret(payload.secret.slice())
  const advertKey = deriveEidKey(crypto, secret)
  const base = options.tunnelUrl ?? `wss://${tunnelDomain(crypto, tunnelServiceId)}`
  return {
    kind: 'qr-initiated',
    dial: {
      url: newTunnelUrl(base, deriveTunnelId(crypto, secret)),
      subprotocol: TUNNEL_SUBPROTOCOL,
      headers: {},
    },
    makeEid: (headers, nonce) => {
      const routingId = decodeRoutingId(headers.get(ROUTING_ID_HEADER.toLowerCase()))
      return encodeEid({ nonce, routingId, tunnelServiceId })
    },
    sealAdvert: eid => sealAdvert(crypto, advertKey, eid),
    answerHandshake: (eid, message1, ephemeral) => {
      const psk = derivePsk(crypto, secret, eid)
      return answerHandshake({ crypto, transaction: 'qr-initiated', clientKey, psk, ephemeral }, message1)
    },
    destroy: () => {
      wipeBytes(advertKey, secret)
    },
  }
}

function requireKnownService(service: TunnelServiceId, known: number): void {
  if (service >= ASSIGNED_TUNNEL_SERVICES || service < known) return
  throw new UnsupportedError(
    'capability-missing',
    `the client knows ${known} assigned tunnel services; use a hashed identifier (256 or above) instead of ${service}`,
  )
}
