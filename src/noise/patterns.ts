/** The initiator sends the first message. */
export type NoiseRole = 'initiator' | 'responder'

/** Two letters: the initiator’s key, then the responder’s (Noise revision 34, section 7.1). */
export type DhToken = 'ee' | 'es' | 'se'

/** One step of a message: send the ephemeral key, mix in the PSK, or a Diffie-Hellman of two keys. */
export type Token = 'e' | 'psk' | DhToken

/** A handshake pattern as the Noise specification writes it. */
export interface HandshakePattern {
  /** The full name, which is the first thing that is hashed. */
  readonly protocolName: string
  /** Whose static key both sides know beforehand. */
  readonly preMessages: readonly { readonly from: NoiseRole; readonly token: 's' }[]
  /** Tokens of each message; the initiator sends the first, then both take turns. */
  readonly messages: readonly (readonly Token[])[]
}

/**
 * QR-initiated: the phone knows the client’s key from the QR code.
 *
 *     -> s
 *     ...
 *     -> psk, e
 *     <- e, ee, se
 */
export const KN_PSK0: HandshakePattern = {
  protocolName: 'Noise_KNpsk0_P256_AESGCM_SHA256',
  preMessages: [{ from: 'initiator', token: 's' }],
  messages: [
    ['psk', 'e'],
    ['e', 'ee', 'se'],
  ],
}

/**
 * State-assisted: the client knows the phone’s key from the link.
 *
 *     <- s
 *     ...
 *     -> psk, e, es
 *     <- e, ee
 */
export const NK_PSK0: HandshakePattern = {
  protocolName: 'Noise_NKpsk0_P256_AESGCM_SHA256',
  preMessages: [{ from: 'responder', token: 's' }],
  messages: [
    ['psk', 'e', 'es'],
    ['e', 'ee'],
  ],
}
