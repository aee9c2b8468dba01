import { P256_POINT_BYTES } from '../bytes/brands.js'
import type { HandshakeHash, P256Point, Psk } from '../bytes/brands.js'
import { concatBytes, wipeBytes } from '../bytes/bytes.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { SecretBytes } from '../crypto/secret-bytes.js'
import { HandshakeError, UsageError } from '../errors.js'
import type { CipherState } from './cipher-state.js'
import type { DhToken, HandshakePattern, NoiseRole, Token } from './patterns.js'
import { SymmetricState } from './symmetric-state.js'

const EMPTY = new Uint8Array()

const DH_KEYS = {
  ee: { initiator: 'e', responder: 'e' },
  es: { initiator: 'e', responder: 's' },
  se: { initiator: 's', responder: 'e' },
} as const satisfies Record<DhToken, Record<NoiseRole, 'e' | 's'>>

/** What one side brings into a handshake. */
export interface HandshakeOptions {
  readonly crypto: CryptoProvider
  readonly pattern: HandshakePattern
  readonly role: NoiseRole
  /** The bytes that both sides mix in first, and must agree on: `01` when QR-initiated, `00` when state-assisted. */
  readonly prologue: Uint8Array
  /** Copied. The copy is wiped as soon as it is mixed in. */
  readonly psk: Psk
  /** The ephemeral key, for this handshake only: the handshake destroys it when it ends. */
  readonly e: EcdhKey
  /** The static key, when the pattern gives this side one; it stays the caller’s. */
  readonly s?: EcdhKey | undefined
  /** The other side’s static key, when the pattern gives it one. */
  readonly rs?: P256Point | undefined
}

/** What a finished handshake leaves behind. */
export interface HandshakeResult {
  /** Seals what this side sends. */
  readonly send: CipherState
  /** Opens what the other side sends. */
  readonly receive: CipherState
  readonly handshakeHash: HandshakeHash
}

/**
 * One side of a Noise handshake (Noise section 5.3), which reads its pattern as data. After any failure it is destroyed.
 *
 * @example
 * const keys = { psk, e: ephemeral, s: identity }
 * const state = new HandshakeState({ crypto, pattern: KN_PSK0, role: 'initiator', prologue: Uint8Array.of(1), ...keys })
 * send(state.writeMessage())
 * state.readMessage(await receive())
 * const { send: sealing, receive: opening, handshakeHash } = state.split()
 */
export class HandshakeState extends Redacted {
  readonly #crypto: CryptoProvider
  readonly #pattern: HandshakePattern
  readonly #role: NoiseRole
  readonly #symmetric: SymmetricState
  readonly #psk: SecretBytes
  readonly #e: EcdhKey
  readonly #s: EcdhKey | undefined
  readonly #rs: P256Point | undefined
  #re: P256Point | undefined
  #position = 0
  #ended = false

  /** @throws UsageError `argument-invalid` when a static key that the pattern names is missing. */
  constructor(options: HandshakeOptions) {
    super()
    this.#crypto = options.crypto
    this.#pattern = options.pattern
    this.#role = options.role
    this.#symmetric = new SymmetricState(options.crypto, options.pattern.protocolName)
    this.#psk = new SecretBytes(options.psk)
    this.#e = options.e
    this.#s = options.s
    this.#rs = options.rs
    this.#symmetric.mixHash(options.prologue)
    for (const { from } of options.pattern.preMessages) this.#symmetric.mixHash(this.#staticKeyOf(from))
  }

  /**
   * The next message of this side: 65 bytes of ephemeral key, and the sealed payload with its 16-byte tag.
   * @param payload empty unless given, as the hybrid transport has it.
   * @throws UsageError `session-misused` out of turn.
   */
  writeMessage(payload: Uint8Array = EMPTY): Uint8Array {
    return this.#orEnd(() => {
      const parts = this.#nextTokens(this.#role).map(token => this.#writeToken(token))
      return concatBytes(...parts, this.#symmetric.encryptAndHash(payload))
    })
  }

  /**
   * The payload of the message.
   * @throws HandshakeError `handshake-failed` for a message that is cut, has no valid point, or was not made with the
   *   same keys; UsageError `session-misused` out of turn.
   */
  readMessage(message: Uint8Array): Uint8Array {
    return this.#orEnd(() => {
      let rest = message
      for (const token of this.#nextTokens(opposite(this.#role))) rest = this.#readToken(token, rest)
      const payload = this.#symmetric.decryptAndHash(rest)
      if (payload === undefined) throw failed('its tag does not fit: other keys, or altered on the way')
      return payload
    })
  }

  /**
   * The traffic ciphers, after the last message; the handshake ends.
   * @throws UsageError `session-misused` before the last message or twice.
   */
  split(): HandshakeResult {
    return this.#orEnd(() => {
      if (this.#ended || this.#position < this.#pattern.messages.length) throw misused()
      const { handshakeHash } = this.#symmetric
      const { initiatorToResponder, responderToInitiator } = this.#symmetric.split()
      this.destroy()
      return this.#role === 'initiator'
        ? { send: initiatorToResponder, receive: responderToInitiator, handshakeHash }
        : { send: responderToInitiator, receive: initiatorToResponder, handshakeHash }
    })
  }

  /** Wipes all secrets, the ephemeral key too. */
  destroy(): void {
    this.#ended = true
    this.#symmetric.destroy()
    this.#psk.destroy()
    this.#e.destroy()
  }

  #orEnd<Result>(step: () => Result): Result {
    try {
      return step()
    } catch (error) {
      this.destroy()
      throw error
    }
  }

  #nextTokens(sender: NoiseRole): readonly Token[] {
    const turn: NoiseRole = this.#position % 2 === 0 ? 'initiator' : 'responder'
    const tokens = this.#pattern.messages[this.#position]
    if (this.#ended || tokens === undefined || turn !== sender) throw misused()
    this.#position += 1
    return tokens
  }

  #writeToken(token: Token): Uint8Array {
    if (token !== 'e') return this.#mixToken(token)
    this.#mixEphemeral(this.#e.publicKey)
    return this.#e.publicKey
  }

  #readToken(token: Token, message: Uint8Array): Uint8Array {
    if (token !== 'e') {
      this.#mixToken(token)
      return message
    }
    this.#re = this.#readPoint(message.subarray(0, P256_POINT_BYTES))
    this.#mixEphemeral(this.#re)
    return message.subarray(P256_POINT_BYTES)
  }

  #readPoint(bytes: Uint8Array): P256Point {
    if (bytes.length < P256_POINT_BYTES) throw failed('it is cut')
    try {
      return this.#crypto.decodePoint(bytes)
    } catch (cause) {
      throw failed('its ephemeral key is not a point of P-256', { cause })
    }
  }

  /** With a PSK in the pattern, `e` goes into the key as well (Noise section 9.2). */
  #mixEphemeral(point: P256Point): void {
    this.#symmetric.mixHash(point)
    this.#symmetric.mixKey(point)
  }

  #mixToken(token: 'psk' | DhToken): Uint8Array {
    if (token === 'psk') {
      this.#symmetric.mixKeyAndHash(this.#psk.bytes)
      this.#psk.destroy()
    } else {
      const shared = this.#sharedSecret(token)
      this.#symmetric.mixKey(shared)
      wipeBytes(shared)
    }
    return EMPTY
  }

  #sharedSecret(token: DhToken): Uint8Array {
    const keys = DH_KEYS[token]
    const own = keys[this.#role] === 'e' ? this.#e : present(this.#s)
    const others = keys[opposite(this.#role)] === 'e' ? this.#re : this.#rs
    return own.sharedSecret(present(others))
  }

  #staticKeyOf(role: NoiseRole): P256Point {
    return role === this.#role ? present(this.#s).publicKey : present(this.#rs)
  }
}

const opposite = (role: NoiseRole): NoiseRole => (role === 'initiator' ? 'responder' : 'initiator')

function present<Key>(key: Key | undefined): Key {
  if (key === undefined)
    throw new UsageError('argument-invalid', 'a key that the handshake pattern names is missing')
  return key
}

function failed(why: string, options?: ErrorOptions): HandshakeError {
  return new HandshakeError('handshake-failed', `the handshake message is refused: ${why}`, options)
}

function misused(): UsageError {
  return new UsageError('session-misused', 'the handshake is not at this step')
}
