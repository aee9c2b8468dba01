import type { P256Point, Psk } from '../bytes/brands.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { HandshakeState } from '../noise/handshake-state.js'
import { checkHandshakeMessage } from './handshake-message.js'
import { SealedTraffic } from './sealed-traffic.js'
import { TRANSACTION_PATTERNS } from './transaction-pattern.js'

/** The static key that the authenticator brings into the handshake. */
export type AuthenticatorHandshakeKeys =
  /** The client’s key, from the QR code. */
  | { readonly transaction: 'qr-initiated'; readonly clientKey: P256Point }
  /** The authenticator’s long-term key pair. The caller keeps it. */
  | { readonly transaction: 'state-assisted'; readonly identity: EcdhKey }

/** What the authenticator needs for a handshake. */
export type AuthenticatorHandshakeOptions = AuthenticatorHandshakeKeys & {
  readonly crypto: CryptoProvider
  readonly psk: Psk
  /** A fresh key, for this handshake only; destroyed before the answer is given. */
  readonly ephemeral: EcdhKey
}

/** The whole of the authenticator’s handshake. */
export interface AnsweredHandshake {
  /** 81 bytes for the client. */
  readonly message2: Uint8Array
  readonly traffic: SealedTraffic
}

/**
 * Answers message 1 as the authenticator (protocol.md 8.3). It takes exactly 81 bytes, because the payload has
 * to be empty. No secret of the handshake outlives the call.
 * @throws HandshakeError `handshake-failed`.
 *
 * @example
 * const options = { crypto, transaction: 'qr-initiated', clientKey: publicKey, psk, ephemeral } as const
 * const { message2, traffic } = answerHandshake(options, await receive())
 * send(message2)
 */
export function answerHandshake(
  options: AuthenticatorHandshakeOptions,
  message1: Uint8Array,
): AnsweredHandshake {
  const state = responderState(options)
  try {
    checkHandshakeMessage(message1)
    state.readMessage(message1)
    const message2 = state.writeMessage()
    return { message2, traffic: new SealedTraffic(state.split()) }
  } finally {
    state.destroy()
  }
}

function responderState(options: AuthenticatorHandshakeOptions): HandshakeState {
  const { crypto, psk, ephemeral: e } = options
  const staticKey =
    options.transaction === 'qr-initiated' ? { rs: options.clientKey } : { s: options.identity }
  const { pattern, prologue } = TRANSACTION_PATTERNS[options.transaction]
  return new HandshakeState({ crypto, pattern, prologue, role: 'responder', psk, e, ...staticKey })
}
