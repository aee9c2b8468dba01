import type { HandshakeHash } from '../bytes/brands.js'
import { Redacted } from '../crypto/redacted.js'
import { ProtocolError } from '../errors.js'
import type { HandshakeResult } from '../noise/handshake-state.js'
import { messageLength, withPadded } from './padding.js'

const NO_ASSOCIATED_DATA = new Uint8Array()

/**
 * The traffic after the handshake: padded, sealed and counted in each direction (protocol.md 9).
 *
 * @example
 * send(traffic.seal(encodeMessage({ type: 'ctap', payload: bytes })))
 * const answer = decodeMessage(traffic.open(await receive()))
 * traffic.destroy()
 */
export class SealedTraffic extends Redacted {
  readonly #noise: HandshakeResult

  /** Takes the ciphers over, and destroys them in `destroy`. */
  constructor(noise: HandshakeResult) {
    super()
    this.#noise = noise
  }

  /** Names this handshake. Linking signs it, which binds a link to this session. */
  get handshakeHash(): HandshakeHash {
    return this.#noise.handshakeHash
  }

  /**
   * The frame of a message: padded to a multiple of 32 bytes, plus a 16-byte tag.
   * @throws ProtocolError `counter-exhausted`; UsageError `session-misused` after `destroy`.
   */
  seal(message: Uint8Array): Uint8Array {
    return withPadded(message, padded => this.#noise.send.encryptWithAd(NO_ASSOCIATED_DATA, padded))
  }

  /**
   * The message in a frame; the array behind it holds nothing else but the padding. A frame that does not open leaves the
   * counter unchanged.
   * @throws ProtocolError `decrypt-failed`, `counter-exhausted`; DecodeError `message-malformed` for bad padding;
   *   UsageError `session-misused` after `destroy`.
   */
  open(frame: Uint8Array): Uint8Array {
    const padded = this.#noise.receive.decryptWithAd(NO_ASSOCIATED_DATA, frame)
    if (padded === undefined) {
      throw new ProtocolError(
        'decrypt-failed',
        'a frame does not decrypt: it was altered, repeated or forged, or one before it was lost',
      )
    }
    return padded.subarray(0, messageLength(padded))
  }

  /** Wipes both keys; the traffic cannot be used afterwards. */
  destroy(): void {
    this.#noise.send.destroy()
    this.#noise.receive.destroy()
  }
}
