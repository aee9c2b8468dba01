import type { CryptoProvider, EcdhKey } from 'fido-hybrid'
import { answerHandshake, startClientHandshake } from 'fido-hybrid/session'
import type { AnsweredHandshake, ClientHandshake, SealedTraffic } from 'fido-hybrid/session'
import { psk } from 'fido-hybrid/wire'
import type { Psk } from 'fido-hybrid/wire'

export type Transaction = 'qr-initiated' | 'state-assisted'

const PSK: Psk = psk(new Uint8Array(32).fill(7))

/** Both sides of a handshake; the identity key is made before anything is timed. */
export interface Parties {
  readonly start: (ephemeral: EcdhKey) => ClientHandshake
  readonly answer: (ephemeral: EcdhKey, message1: Uint8Array) => AnsweredHandshake
}

/** Both sides on one provider. */
export function parties(
  crypto: CryptoProvider,
  transaction: Transaction,
  identity: EcdhKey = crypto.generateEcdhKey(),
): Parties {
  const both = { crypto, psk: PSK }
  const { publicKey } = identity
  if (transaction === 'qr-initiated')
    return {
      start: ephemeral => startClientHandshake({ ...both, transaction, identity, ephemeral }),
      answer: (ephemeral, message1) =>
        answerHandshake({ ...both, transaction, clientKey: publicKey, ephemeral }, message1),
    }
  return {
    start: ephemeral =>
      startClientHandshake({ ...both, transaction, authenticatorKey: publicKey, ephemeral }),
    answer: (ephemeral, message1) => answerHandshake({ ...both, transaction, identity, ephemeral }, message1),
  }
}

/** The whole handshake, both sides, ephemeral keys included. */
export function shakeHands(crypto: CryptoProvider, { start, answer }: Parties): SealedTraffic {
  const client = start(crypto.generateEcdhKey())
  const { message2 } = answer(crypto.generateEcdhKey(), client.message1)
  return client.finish(message2)
}
