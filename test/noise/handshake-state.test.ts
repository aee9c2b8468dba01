import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { p256Point, psk } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import { DecodeError, HandshakeError } from '../../src/errors.js'
import { HandshakeState } from '../../src/noise/handshake-state.js'
import type { HandshakeOptions } from '../../src/noise/handshake-state.js'
import { KN_PSK0, NK_PSK0 } from '../../src/noise/patterns.js'
import type { HandshakePattern, NoiseRole } from '../../src/noise/patterns.js'
import { SymmetricState } from '../../src/noise/symmetric-state.js'
import { cases } from '../support/cases.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

interface NoiseVector {
  readonly pattern: 'KNpsk0' | 'NKpsk0'
  readonly protocolName: string
  readonly prologue: string
  readonly psk: string
  readonly initiatorStaticPrivateKey?: string
  readonly responderStaticPrivateKey?: string
  readonly initiatorEphemeralPrivateKey: string
  readonly responderEphemeralPrivateKey: string
  readonly message1: string
  readonly hashAfterMessage1: string
  readonly message2: string
  readonly handshakeHash: string
  readonly initiatorToResponderKey: string
  readonly responderToInitiatorKey: string
}

const initialStates = cases<{ initialHashAndChainingKey: string }>('noise', 'initialStates')
const vectors = [...cases<NoiseVector>('noise', 'handshakes'), ...cases<NoiseVector>('linking', 'handshakes')]

const PATTERNS: Readonly<Record<NoiseVector['pattern'], HandshakePattern>> = {
  KNpsk0: KN_PSK0,
  NKpsk0: NK_PSK0,
}

function optionsOf(crypto: CryptoProvider, vector: NoiseVector, role: NoiseRole): HandshakeOptions {
  const staticKey = crypto.importEcdhKey(
    decodeHex(vector.initiatorStaticPrivateKey ?? vector.responderStaticPrivateKey ?? ''),
  )
  const owner: NoiseRole = vector.initiatorStaticPrivateKey === undefined ? 'responder' : 'initiator'
  return {
    crypto,
    role,
    pattern: PATTERNS[vector.pattern],
    prologue: decodeHex(vector.prologue),
    psk: psk(decodeHex(vector.psk)),
    e: crypto.importEcdhKey(
      decodeHex(
        role === 'initiator' ? vector.initiatorEphemeralPrivateKey : vector.responderEphemeralPrivateKey,
      ),
    ),
    ...(owner === role ? { s: staticKey } : { rs: staticKey.publicKey }),
  }
}

function stateOf(
  crypto: CryptoProvider,
  vector: NoiseVector,
  role: NoiseRole,
  changes: Partial<HandshakeOptions> = {},
): HandshakeState {
  return new HandshakeState({ ...optionsOf(crypto, vector, role), ...changes })
}

const NOTHING = new Uint8Array()
const [first] = vectors
if (first === undefined) throw new Error('no vectors')

describe.each(providers)('Noise on $name', crypto => {
  it.each(vectors)('$name: both sides say what the vector says', vector => {
    expect(PATTERNS[vector.pattern].protocolName).toBe(vector.protocolName)
    const initiator = stateOf(crypto, vector, 'initiator')
    const responder = stateOf(crypto, vector, 'responder')

    const message1 = initiator.writeMessage()
    expect(encodeHex(message1)).toBe(vector.message1)
    expect(responder.readMessage(message1)).toEqual(NOTHING)
    const message2 = responder.writeMessage()
    expect(encodeHex(message2)).toBe(vector.message2)
    expect(initiator.readMessage(message2)).toEqual(NOTHING)

    const [one, other] = [initiator.split(), responder.split()]
    expect(encodeHex(one.handshakeHash)).toBe(vector.handshakeHash)
    expect(encodeHex(other.handshakeHash)).toBe(vector.handshakeHash)

    // The keys cannot be read; whatever they seal opens with the keys of the vector.
    const zeroNonce = new Uint8Array(12)
    const text = Uint8Array.of(1, 2, 3)
    const forward = one.send.encryptWithAd(NOTHING, text)
    const back = other.send.encryptWithAd(NOTHING, text)
    const open = (key: string, sealed: Uint8Array): Uint8Array | undefined =>
      crypto.aeadKey(decodeHex(key)).open(zeroNonce, NOTHING, sealed)
    expect(open(vector.initiatorToResponderKey, forward)).toEqual(text)
    expect(open(vector.responderToInitiatorKey, back)).toEqual(text)
    expect(other.receive.decryptWithAd(NOTHING, forward)).toEqual(text)
    expect(one.receive.decryptWithAd(NOTHING, back)).toEqual(text)
  })

  it.each(vectors)('$name: refuses message 1 cut at every byte', vector => {
    const message = decodeHex(vector.message1)
    for (let length = 0; length < message.length; length++) {
      const responder = stateOf(crypto, vector, 'responder')
      expect(thrownBy(() => responder.readMessage(message.slice(0, length)))).toBeInstanceOf(HandshakeError)
    }
  })

  it.each(vectors)('$name: refuses message 2 cut at every byte', vector => {
    const message = decodeHex(vector.message2)
    for (const length of message.keys()) {
      const initiator = stateOf(crypto, vector, 'initiator')
      initiator.writeMessage()
      expect(thrownBy(() => initiator.readMessage(message.slice(0, length)))).toBeInstanceOf(HandshakeError)
    }
  })

  it.each(vectors)('$name: refuses message 1 with any changed byte', vector => {
    const message = decodeHex(vector.message1)
    for (const [index, byte] of message.entries()) {
      const responder = stateOf(crypto, vector, 'responder')
      const altered = message.with(index, byte ^ 0x80)
      expect(thrownBy(() => responder.readMessage(altered))).toMatchObject({ code: 'handshake-failed' })
    }
  })

  it('says which point is bad', () => {
    const offCurve = decodeHex(first.message1).with(64, 0)
    const error = thrownBy(() => stateOf(crypto, first, 'responder').readMessage(offCurve))
    expect(error).toBeInstanceOf(HandshakeError)
    expect(error).toMatchObject({ code: 'handshake-failed', cause: { code: 'point-invalid' } })
    expect(error instanceof HandshakeError && error.cause).toBeInstanceOf(DecodeError)
  })

  it.each([
    ['PSK', { psk: psk(new Uint8Array(32).fill(9)) }],
    ['prologue', { prologue: Uint8Array.of(2) }],
    ['static key', { rs: crypto.importEcdhKey(new Uint8Array(32).fill(3)).publicKey }],
    ['protocol name', { pattern: { ...KN_PSK0, protocolName: NK_PSK0.protocolName } }],
  ])('fails at message 1 with another %s', (_, changes: Partial<HandshakeOptions>) => {
    const responder = stateOf(crypto, first, 'responder', changes)
    expect(thrownBy(() => responder.readMessage(decodeHex(first.message1)))).toMatchObject({
      code: 'handshake-failed',
    })
  })

  it('carries payloads in both messages', () => {
    const initiator = stateOf(crypto, first, 'initiator')
    const responder = stateOf(crypto, first, 'responder')
    expect(responder.readMessage(initiator.writeMessage(Uint8Array.of(1)))).toEqual(Uint8Array.of(1))
    expect(initiator.readMessage(responder.writeMessage(Uint8Array.of(2)))).toEqual(Uint8Array.of(2))
  })

  it('takes longer patterns, with es and se for both roles', () => {
    const pattern: HandshakePattern = {
      protocolName: 'Noise_KKpsk0_P256_AESGCM_SHA256',
      preMessages: [
        { from: 'initiator', token: 's' },
        { from: 'responder', token: 's' },
      ],
      messages: [['psk', 'e', 'es'], ['e', 'ee', 'se'], ['es']],
    }
    const [a, b] = [crypto.generateEcdhKey(), crypto.generateEcdhKey()]
    const common = { crypto, pattern, prologue: NOTHING, psk: psk(new Uint8Array(32)) }
    const initiator = new HandshakeState({
      ...common,
      role: 'initiator',
      e: crypto.generateEcdhKey(),
      s: a,
      rs: b.publicKey,
    })
    const responder = new HandshakeState({
      ...common,
      role: 'responder',
      e: crypto.generateEcdhKey(),
      s: b,
      rs: a.publicKey,
    })
    responder.readMessage(initiator.writeMessage())
    initiator.readMessage(responder.writeMessage())
    expect(responder.readMessage(initiator.writeMessage(Uint8Array.of(5)))).toEqual(Uint8Array.of(5))
    expect(initiator.split().handshakeHash).toEqual(responder.split().handshakeHash)
  })
})

describe('HandshakeState', () => {
  const crypto = nobleProvider

  it.each([
    ['reading first as the initiator', 'initiator', (state: HandshakeState) => state.readMessage(NOTHING)],
    ['writing first as the responder', 'responder', (state: HandshakeState) => state.writeMessage()],
    ['splitting at once', 'initiator', (state: HandshakeState) => state.split()],
    ['writing twice', 'initiator', (state: HandshakeState) => [state.writeMessage(), state.writeMessage()]],
    [
      'writing after destroy',
      'initiator',
      (state: HandshakeState) => {
        state.destroy()
        return state.writeMessage()
      },
    ],
  ] as const)('refuses %s', (_, role, misuse) => {
    expect(thrownBy(() => misuse(stateOf(crypto, first, role)))).toMatchObject({ code: 'session-misused' })
  })

  it('refuses a third message and a second split', () => {
    const responder = stateOf(crypto, first, 'responder')
    responder.readMessage(decodeHex(first.message1))
    responder.writeMessage()
    responder.split()
    expect(thrownBy(() => responder.split())).toMatchObject({ code: 'session-misused' })
    expect(thrownBy(() => responder.readMessage(NOTHING))).toMatchObject({ code: 'session-misused' })
  })

  it.each([
    ['static key of its own', 'initiator', { rs: crypto.generateEcdhKey().publicKey }],
    ['static key of the other side', 'responder', { s: crypto.generateEcdhKey() }],
  ] as const)('refuses a pattern whose %s is missing', (_, role, keys) => {
    const { pattern, prologue, psk: secret, e } = optionsOf(crypto, first, role)
    expect(
      thrownBy(() => new HandshakeState({ crypto, role, pattern, prologue, psk: secret, e, ...keys })),
    ).toMatchObject({
      code: 'argument-invalid',
    })
  })

  it('destroys the ephemeral key at the end, after a failure, and on demand; the static key never', () => {
    const ends: readonly ((state: HandshakeState) => void)[] = [
      state => {
        state.readMessage(decodeHex(first.message2))
        state.split()
      },
      state => thrownBy(() => state.readMessage(new Uint8Array(81))),
      state => {
        state.destroy()
      },
    ]
    for (const end of ends) {
      const options = optionsOf(crypto, first, 'initiator')
      const peer = p256Point(crypto.generateEcdhKey().publicKey)
      const state = new HandshakeState(options)
      state.writeMessage()
      expect(options.e.sharedSecret(peer)).toHaveLength(32)
      end(state)
      expect(thrownBy(() => options.e.sharedSecret(peer))).toMatchObject({ code: 'session-misused' })
      expect(options.s?.sharedSecret(peer)).toHaveLength(32)
    }
  })

  it('wipes every shared secret, and leaves its inputs alone', () => {
    const shared: Uint8Array[] = []
    const spied = (key: EcdhKey): EcdhKey => ({
      publicKey: key.publicKey,
      sharedSecret: peer => {
        const secret = key.sharedSecret(peer)
        shared.push(secret)
        return secret
      },
      destroy: () => {
        key.destroy()
      },
    })
    const options = optionsOf(crypto, first, 'responder')
    const state = new HandshakeState({ ...options, e: spied(options.e) })
    const message1 = decodeHex(first.message1)
    state.readMessage(message1)
    state.writeMessage()
    expect(shared).toEqual([new Uint8Array(32), new Uint8Array(32)])
    expect(encodeHex(message1)).toBe(first.message1)
    expect(encodeHex(options.psk)).toBe(first.psk)
  })

  it('prints as [redacted]', () => {
    const state = stateOf(crypto, first, 'initiator')
    expect(inspect({ state }, { showHidden: true, depth: 9 })).toBe('{ state: [redacted] }')
  })
})

describe('SymmetricState', () => {
  it.each(initialStates)('begins $name with the padded name', ({ name, initialHashAndChainingKey }) => {
    const state = new SymmetricState(nobleProvider, name)
    expect(encodeHex(state.handshakeHash)).toBe(initialHashAndChainingKey)
  })

  it('hashes a name of more than 32 bytes', () => {
    const state = new SymmetricState(nobleProvider, 'a'.repeat(33))
    expect(state.handshakeHash).toEqual(nobleProvider.sha256(new Uint8Array(33).fill(0x61)))
  })

  it('takes no name that is not ASCII', () => {
    expect(thrownBy(() => new SymmetricState(nobleProvider, 'Noise_KN_P\u0332'))).toMatchObject({
      code: 'argument-invalid',
    })
  })

  it.each(vectors)('has the hash of $name after message 1', vector => {
    const { prologue, psk: secret, s, rs, e } = optionsOf(nobleProvider, vector, 'initiator')
    const state = new SymmetricState(nobleProvider, vector.protocolName)
    const point = s?.publicKey ?? rs ?? NOTHING
    state.mixHash(prologue)
    state.mixHash(point)
    state.mixKeyAndHash(secret)
    state.mixHash(e.publicKey)
    state.mixKey(e.publicKey)
    if (rs !== undefined) state.mixKey(e.sharedSecret(rs))
    state.encryptAndHash(NOTHING)
    expect(encodeHex(state.handshakeHash)).toBe(vector.hashAfterMessage1)
  })

  it('seals two payloads under one key with two nonces', () => {
    const [one, other] = [0, 1].map(() => new SymmetricState(nobleProvider, KN_PSK0.protocolName))
    one?.mixKey(NOTHING)
    other?.mixKey(NOTHING)
    const sealed = [1, 2].map(() => one?.encryptAndHash(NOTHING) ?? NOTHING)
    expect(sealed[0]).not.toEqual(sealed[1])
    for (const ciphertext of sealed) expect(other?.decryptAndHash(ciphertext)).toEqual(NOTHING)
  })

  it('seals nothing before a key is mixed in, or after it is destroyed', () => {
    const state = new SymmetricState(nobleProvider, KN_PSK0.protocolName)
    expect(thrownBy(() => state.encryptAndHash(NOTHING))).toMatchObject({ code: 'session-misused' })
    state.mixKey(NOTHING)
    state.destroy()
    expect(thrownBy(() => state.decryptAndHash(NOTHING))).toMatchObject({ code: 'session-misused' })
  })
})
