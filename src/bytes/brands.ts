import { DecodeError } from '../errors.js'

declare const brand: unique symbol

/** A byte string that cannot be swapped for another kind by mistake. */
export type Branded<Name extends string> = Uint8Array & { readonly [brand]: Name }

/** 16 random bytes of the QR code; the root of a QR-initiated transaction. Secret. */
export type QrSecret = Branded<'QrSecret'>
/** 3 bytes that the tunnel service gives to the phone. */
export type RoutingId = Branded<'RoutingId'>
/** 16 bytes that name a tunnel; derived from the QR secret. */
export type TunnelId = Branded<'TunnelId'>
/** 64 bytes: AES-256 key and HMAC key of the advert. Secret. */
export type EidKey = Branded<'EidKey'>
/** The 16-byte plaintext of the advert; salts the PSK. Secret. */
export type Eid = Branded<'Eid'>
/** 32 bytes mixed into the handshake; proves the advert was heard. Secret. */
export type Psk = Branded<'Psk'>
/** 16 random bytes of a state-assisted transaction. */
export type ClientNonce = Branded<'ClientNonce'>
/** 8 bytes that tell the phone which link secret to use. */
export type LinkId = Branded<'LinkId'>
/** 32 bytes that two linked devices share. Secret. */
export type LinkSecret = Branded<'LinkSecret'>
/** Opaque bytes that the tunnel service turns into a push to the phone. */
export type ContactId = Branded<'ContactId'>
/** 32 random bytes with which a phone registers. The phone’s contact ID is their SHA-256. Secret. */
export type LineKey = Branded<'LineKey'>
/** 32 bytes from which a phone derives its link secrets and its long-term key. Secret. */
export type RootSecret = Branded<'RootSecret'>
/** 65 bytes, `04 ‖ X ‖ Y`, shown to be on P-256 by the crypto provider. */
export type P256Point = Branded<'P256Point'>
/** 32 bytes, the hash that binds everything to one handshake. */
export type HandshakeHash = Branded<'HandshakeHash'>

/** Bytes of a QR secret. */
export const QR_SECRET_BYTES = 16
/** Bytes of a routing ID. */
export const ROUTING_ID_BYTES = 3
/** Bytes of a tunnel ID. */
export const TUNNEL_ID_BYTES = 16
/** Bytes of the key of an advert: AES-256 key and HMAC key. */
export const EID_KEY_BYTES = 64
/** Bytes of an advert’s plaintext. */
export const EID_BYTES = 16
/** Bytes of the pre-shared key of a handshake. */
export const PSK_BYTES = 32
/** Bytes of a client nonce. */
export const CLIENT_NONCE_BYTES = 16
/** Bytes of a link ID. */
export const LINK_ID_BYTES = 8
/** Bytes of a link secret. */
export const LINK_SECRET_BYTES = 32
/** Bytes of a line key. */
export const LINE_KEY_BYTES = 32
/** Bytes of a root secret. */
export const ROOT_SECRET_BYTES = 32
/** Bytes of an uncompressed point of P-256, `04 ‖ X ‖ Y`. */
export const P256_POINT_BYTES = 65
/** Bytes of a handshake hash. */
export const HANDSHAKE_HASH_BYTES = 32

const CONTACT_ID_MAX_BYTES = 1024

/* @__NO_SIDE_EFFECTS__ */
function exactly<Name extends string>(name: Name, length: number): (bytes: Uint8Array) => Branded<Name> {
  return bytes => {
    if (bytes.length === length) return bytes as Branded<Name>
    throw new DecodeError('length-wrong', `${name} must have ${length} bytes, not ${bytes.length}`)
  }
}

/**
 * Takes 16 random bytes as a QR secret: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const secret = qrSecret(random.bytes(QR_SECRET_BYTES))
 */
export const qrSecret: (bytes: Uint8Array) => QrSecret = exactly('QrSecret', QR_SECRET_BYTES)
/**
 * Takes 3 bytes as a routing ID: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const id = routingId(decodeHex('0a1b2c'))
 */
export const routingId: (bytes: Uint8Array) => RoutingId = exactly('RoutingId', ROUTING_ID_BYTES)
/**
 * Takes 16 bytes as a tunnel ID: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const url = newTunnelUrl('wss://cable.ua5v.com', tunnelId(random.bytes(TUNNEL_ID_BYTES)))
 */
export const tunnelId: (bytes: Uint8Array) => TunnelId = exactly('TunnelId', TUNNEL_ID_BYTES)
/**
 * Takes 64 bytes as the key of an advert: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const advertKey = new AdvertKey(crypto, eidKey(bytes))
 */
export const eidKey: (bytes: Uint8Array) => EidKey = exactly('EidKey', EID_KEY_BYTES)
/**
 * Takes 16 bytes as an advert’s plaintext: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const { routingId, tunnelServiceId } = decodeEid(eid(bytes))
 */
export const eid: (bytes: Uint8Array) => Eid = exactly('Eid', EID_BYTES)
/**
 * Takes 32 bytes as the pre-shared key of a handshake: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const handshake = startClientHandshake({ crypto, transaction: 'qr-initiated', identity, psk: psk(bytes), ephemeral })
 */
export const psk: (bytes: Uint8Array) => Psk = exactly('Psk', PSK_BYTES)
/**
 * Takes 16 random bytes as a client nonce: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const nonce = clientNonce(random.bytes(CLIENT_NONCE_BYTES))
 */
export const clientNonce: (bytes: Uint8Array) => ClientNonce = exactly('ClientNonce', CLIENT_NONCE_BYTES)
/**
 * Takes 8 bytes as a link ID: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const id = linkId(random.bytes(LINK_ID_BYTES))
 */
export const linkId: (bytes: Uint8Array) => LinkId = exactly('LinkId', LINK_ID_BYTES)
/**
 * Takes 32 bytes as a link secret: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const advertKey = deriveEidKey(crypto, linkSecret(bytes), nonce)
 */
export const linkSecret: (bytes: Uint8Array) => LinkSecret = exactly('LinkSecret', LINK_SECRET_BYTES)
/**
 * Takes 32 random bytes as a line key: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const contact = deriveContactId(crypto, lineKey(random.bytes(LINE_KEY_BYTES)))
 */
export const lineKey: (bytes: Uint8Array) => LineKey = exactly('LineKey', LINE_KEY_BYTES)
/**
 * Takes 32 random bytes as a root secret: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const seed = deriveIdentitySeed(crypto, rootSecret(random.bytes(ROOT_SECRET_BYTES)))
 */
export const rootSecret: (bytes: Uint8Array) => RootSecret = exactly('RootSecret', ROOT_SECRET_BYTES)
/**
 * Takes 32 bytes as a handshake hash: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const signature = signLink(crypto, identity, publicKey, handshakeHash(bytes))
 */
export const handshakeHash: (bytes: Uint8Array) => HandshakeHash = exactly(
  'HandshakeHash',
  HANDSHAKE_HASH_BYTES,
)

/**
 * For crypto providers only: 65 bytes that have been checked against the curve equation.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const point = p256Point(crypto.decodePoint(bytes))
 */
export const p256Point: (bytes: Uint8Array) => P256Point = exactly('P256Point', P256_POINT_BYTES)

/**
 * Takes 1 to 1024 bytes as a contact ID: the same array, not a copy.
 * @throws DecodeError `length-wrong` for any other length.
 *
 * @example
 * const url = contactTunnelUrl('wss://cable.ua5v.com', contactId(bytes))
 */
export function contactId(bytes: Uint8Array): ContactId {
  if (bytes.length >= 1 && bytes.length <= CONTACT_ID_MAX_BYTES) return bytes as ContactId
  throw new DecodeError(
    'length-wrong',
    `ContactId must have 1 to ${CONTACT_ID_MAX_BYTES} bytes, not ${bytes.length}`,
  )
}

/** A u16 that stands for a tunnel service: 0, 1, or a hashed domain from 256 to 65535. */
export type TunnelServiceId = number & { readonly [brand]: 'TunnelServiceId' }

/** How many tunnel service identifiers are assigned (QR key 2). */
export const ASSIGNED_TUNNEL_SERVICES = 2
const FIRST_HASHED_TUNNEL_SERVICE = 256
const LAST_TUNNEL_SERVICE = 0xffff

/**
 * Takes a number as the identifier of a tunnel service.
 * @throws DecodeError `tunnel-service-unassigned` for 2 to 255, and for any number that does not fit a u16.
 *
 * @example
 * console.log(tunnelDomain(crypto, tunnelServiceId(0))) // cable.ua5v.com
 */
export function tunnelServiceId(value: number): TunnelServiceId {
  if (isAssigned(value) || isHashed(value)) return value as TunnelServiceId
  throw new DecodeError(
    'tunnel-service-unassigned',
    `the tunnel service identifier must be 0, 1, or 256 to 65535, not ${value}`,
  )
}

const isAssigned = (value: number): boolean => value === 0 || value === 1

const isHashed = (value: number): boolean =>
  Number.isInteger(value) && value >= FIRST_HASHED_TUNNEL_SERVICE && value <= LAST_TUNNEL_SERVICE
