import type { P256Point, Psk } from '../bytes/brands.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { UsageError } from '../errors.js'
import { HandshakeState } from '../noise/handshake-state.js'
import { checkHandshakeMessage } from './handshake-message.js'
import { SealedTraffic } from './sealed-traffic.js'
import { TRANSACTION_PATTERNS } from './transaction-pattern.js'

/** The static key that the client brings into the handshake. */
export type ClientHandshakeKeys =
  /** The key pair of the QR code. The caller keeps it, to verify a link. */
  | { readonly transaction: 'qr-initiated'; readonly identity: EcdhKey }
  /** The phone’s long-term key, from the link. */
  | { readonly transaction: 'state-assisted'; readonly authenticatorKey: P256Point }

/** What the client needs for a handshake. */
export type ClientHandshakeOptions = ClientHandshakeKeys & {
  readonly crypto: CryptoProvider
  readonly psk: Psk
  /** A fresh key, for this handshake only; destroyed when the handshake ends. */
  readonly ephemeral: EcdhKey
}

/**
 * The client’s handshake between message 1 and message 2.
 *
 * @example
 * const handshake = startClientHandshake({ crypto, transaction: 'qr-initiated', identity, psk, ephemeral })
 * send(handshake.message1)
 * signal.addEventListener('abort', () => handshake.destroy())
 */
export class ClientHandshake extends Redacted {
  /** 81 bytes for the phone. */
  readonly message1: Uint8Array
  readonly #state: HandshakeState
  #ended = false

  /** Takes the state over. */
  constructor(state: HandshakeState) {
    super()
    this.#state = state
    this.message1 = state.writeMessage()
  }

  /**
   * Reads the phone’s answer, 81 bytes; all secrets of the handshake are wiped, also when it fails.
   * @throws HandshakeError `handshake-failed`; UsageError `session-misused` the second time or after `destroy`.
   */
  finish(message2: Uint8Array): SealedTraffic {
    if (this.#ended) throw new UsageError('session-misused', 'the handshake has ended')
    this.#ended = true
    try {
      checkHandshakeMessage(message2)
      this.#state.readMessage(message2)
      return new SealedTraffic(this.#state.split())
    } finally {
      this.#state.destroy()
    }
  }

  /** Gives the handshake up. */
  destroy(): void {
    this.#ended = true
    this.#state.destroy()
  }
}

/**
 * Begins the handshake as the client (protocol.md 8.2).
 *
 * @example
 * const handshake = startClientHandshake({ crypto, transaction: 'qr-initiated', identity, psk, ephemeral })
 * send(handshake.message1)
 * const traffic = handshake.finish(await receive())
 */
export function startClientHandshake(options: ClientHandshakeOptions): ClientHandshake {
  const { crypto, psk, ephemeral: e } = options
  const staticKey =
    options.transaction === 'qr-initiated' ? { s: options.identity } : { rs: options.authenticatorKey }
  const { pattern, prologue } = TRANSACTION_PATTERNS[options.transaction]
  return new ClientHandshake(
    new HandshakeState({ crypto, pattern, prologue, role: 'initiator', psk, e, ...staticKey }),
  )
}
