import { P256_POINT_BYTES, p256Point } from '../../bytes/brands.js'
import type { P256Point, Psk } from '../../bytes/brands.js'
import { encodeU32BE } from '../../bytes/endian.js'
import type { AeadKey, CryptoProvider, EcdhKey } from '../../crypto/provider.js'
import { padMessage } from '../../handshake/padding.js'
import { TRANSACTION_PATTERNS } from '../../handshake/transaction-pattern.js'
import { LAST_NONCE } from '../../noise/cipher-state.js'
import { HandshakeState } from '../../noise/handshake-state.js'

const NONCE_BYTES = 12
const COUNTER_OFFSET = 8
const NOTHING = new Uint8Array()

/**
 * Sealed traffic that may be sealed wrongly: any padding, any counter.
 *
 * @example
 * const phone = misbehavingPhone(lab, {
 *   acts: { answer: hand => hand.traffic && hand.sendFrame(hand.traffic.sealAtLimit(hand.proper)) },
 * })
 */
export class RawTraffic {
  readonly #send: AeadKey
  readonly #receive: AeadKey
  #sent = 0
  #received = 0

  constructor(send: AeadKey, receive: AeadKey) {
    this.#send = send
    this.#receive = receive
  }

  /** A frame as it should be. */
  seal(plaintext: Uint8Array): Uint8Array {
    return this.sealPadded(padMessage(plaintext))
  }

  /**
   * A frame whose padding is the caller’s.
   * @param padded the plaintext with its padding.
   * @param counter the next one unless given.
   */
  sealPadded(padded: Uint8Array, counter: number = this.#sent++): Uint8Array {
    return this.#send.seal(nonceOf(counter), NOTHING, padded)
  }

  /** Under the highest counter there is, long before its turn. */
  sealAtLimit(plaintext: Uint8Array): Uint8Array {
    return this.sealPadded(padMessage(plaintext), LAST_NONCE)
  }

  /** Skips a counter, as if a frame had been lost. */
  skip(): void {
    this.#sent += 1
  }

  /** The plaintext with its padding; undefined for what does not open. */
  openPadded(frame: Uint8Array): Uint8Array | undefined {
    return this.#receive.open(nonceOf(this.#received++), NOTHING, frame)
  }
}

function nonceOf(counter: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES)
  nonce.set(encodeU32BE(counter), COUNTER_OFFSET)
  return nonce
}

/** What either side of a QR-initiated handshake has. */
interface HandshakeKeys {
  readonly crypto: CryptoProvider
  readonly psk: Psk
}

/** A handshake whose traffic keys are to be had. */
export class RawHandshake {
  readonly #keys: AeadKey[] = []
  readonly #state: HandshakeState
  readonly #role: 'initiator' | 'responder'

  private constructor(
    role: 'initiator' | 'responder',
    { crypto, psk }: HandshakeKeys,
    keys: { s: EcdhKey } | { rs: P256Point },
  ) {
    this.#role = role
    const keeping: CryptoProvider = {
      ...crypto,
      aeadKey: bytes => {
        const key = crypto.aeadKey(bytes)
        this.#keys.push(key)
        // A misbehaving peer needs it longer than the handshake does.
        return { seal: key.seal.bind(key), open: key.open.bind(key), destroy: () => undefined }
      },
    }
    const { pattern, prologue } = TRANSACTION_PATTERNS['qr-initiated']
    const e = crypto.generateEcdhKey()
    this.#state = new HandshakeState({ crypto: keeping, pattern, prologue, role, psk, e, ...keys })
  }

  static ofClient(keys: HandshakeKeys, identity: EcdhKey): RawHandshake {
    return new RawHandshake('initiator', keys, { s: identity })
  }

  static ofPhone(keys: HandshakeKeys, clientKey: P256Point): RawHandshake {
    return new RawHandshake('responder', keys, { rs: clientKey })
  }

  write(): Uint8Array {
    return this.#state.writeMessage()
  }

  /** @throws HandshakeError `handshake-failed`. */
  read(message: Uint8Array): void {
    this.#state.readMessage(message)
  }

  finish(): RawTraffic {
    this.#state.split()
    const [initiators, responders] = this.#keys.slice(-2)
    if (initiators === undefined || responders === undefined)
      throw new TypeError('a handshake ends in two keys')
    return this.#role === 'initiator'
      ? new RawTraffic(initiators, responders)
      : new RawTraffic(responders, initiators)
  }
}

/** The first message that a client with another PSK would have sent with the same key: nothing in it needs the private one. */
export function forgeMessage1(
  { crypto, psk }: HandshakeKeys,
  clientKey: P256Point,
  message1: Uint8Array,
): Uint8Array {
  const { pattern, prologue } = TRANSACTION_PATTERNS['qr-initiated']
  const e = publicHalf(p256Point(message1.slice(0, P256_POINT_BYTES)))
  const s = publicHalf(clientKey)
  return new HandshakeState({ crypto, pattern, prologue, role: 'initiator', psk, e, s }).writeMessage()
}

function publicHalf(publicKey: P256Point): EcdhKey {
  return { publicKey, sharedSecret: () => new Uint8Array(), destroy: () => undefined }
}
