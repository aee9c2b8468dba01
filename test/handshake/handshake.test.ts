import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { psk } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import { HandshakeError } from '../../src/errors.js'
import { answerHandshake } from '../../src/handshake/authenticator-handshake.js'
import type { AuthenticatorHandshakeOptions } from '../../src/handshake/authenticator-handshake.js'
import { startClientHandshake } from '../../src/handshake/client-handshake.js'
import type { ClientHandshakeOptions } from '../../src/handshake/client-handshake.js'
import { countingProvider } from '../support/counting-provider.js'
import { cases } from '../support/cases.js'
import type { Case } from '../support/cases.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

interface NoiseVector {
  readonly psk: string
  readonly initiatorStaticPrivateKey?: string
  readonly responderStaticPrivateKey?: string
  readonly initiatorEphemeralPrivateKey: string
  readonly responderEphemeralPrivateKey: string
  readonly message1: string
  readonly message2: string
  readonly handshakeHash: string
}

interface WorkedHandshake {
  readonly psk: string
  readonly clientPrivateKey: string
  readonly clientEphemeralPrivateKey: string
  readonly phoneEphemeralPrivateKey: string
  readonly message1: string
  readonly message2: string
  readonly handshakeHash: string
}

const worked = cases<WorkedHandshake>('worked-example', 'handshakes').map(vector => ({
  ...vector,
  name: 'worked example',
  initiatorStaticPrivateKey: vector.clientPrivateKey,
  initiatorEphemeralPrivateKey: vector.clientEphemeralPrivateKey,
  responderEphemeralPrivateKey: vector.phoneEphemeralPrivateKey,
}))
const vectors: readonly Case<NoiseVector>[] = [
  ...cases<NoiseVector>('noise', 'handshakes'),
  ...cases<NoiseVector>('linking', 'handshakes'),
  ...worked,
]
const [first] = vectors
if (first === undefined) throw new Error('no vectors')

const KINDS = ['qr-initiated', 'state-assisted'] as const

interface Sides {
  readonly client: ClientHandshakeOptions
  readonly authenticator: AuthenticatorHandshakeOptions
}

/** Both sides of one transaction. */
function sidesOf(
  crypto: CryptoProvider,
  kind: (typeof KINDS)[number],
  staticKey: EcdhKey,
  secret: Uint8Array,
  ephemerals: { readonly client: EcdhKey; readonly authenticator: EcdhKey },
): Sides {
  const client = { crypto, psk: psk(secret), ephemeral: ephemerals.client }
  const authenticator = { crypto, psk: psk(secret), ephemeral: ephemerals.authenticator }
  return kind === 'qr-initiated'
    ? {
        client: { ...client, transaction: kind, identity: staticKey },
        authenticator: { ...authenticator, transaction: kind, clientKey: staticKey.publicKey },
      }
    : {
        client: { ...client, transaction: kind, authenticatorKey: staticKey.publicKey },
        authenticator: { ...authenticator, transaction: kind, identity: staticKey },
      }
}

function sidesOfVector(crypto: CryptoProvider, vector: NoiseVector): Sides {
  const key = (hex: string): EcdhKey => crypto.importEcdhKey(decodeHex(hex))
  const kind = vector.initiatorStaticPrivateKey === undefined ? 'state-assisted' : 'qr-initiated'
  return sidesOf(
    crypto,
    kind,
    key(vector.initiatorStaticPrivateKey ?? vector.responderStaticPrivateKey ?? ''),
    decodeHex(vector.psk),
    {
      client: key(vector.initiatorEphemeralPrivateKey),
      authenticator: key(vector.responderEphemeralPrivateKey),
    },
  )
}

function freshSides(crypto: CryptoProvider, kind: (typeof KINDS)[number], staticKey: EcdhKey): Sides {
  return sidesOf(crypto, kind, staticKey, new Uint8Array(32).fill(7), {
    client: crypto.generateEcdhKey(),
    authenticator: crypto.generateEcdhKey(),
  })
}

function fails(run: () => unknown): void {
  const error = thrownBy(run)
  expect(error).toBeInstanceOf(HandshakeError)
  expect(error).toMatchObject({ code: 'handshake-failed', fault: 'peer' })
}

describe.each(providers)('handshake on $name', crypto => {
  it.each(vectors)('$name: says what the vector says', vector => {
    const { client, authenticator } = sidesOfVector(crypto, vector)
    const handshake = startClientHandshake(client)
    expect(encodeHex(handshake.message1)).toBe(vector.message1)
    const { message2, traffic } = answerHandshake(authenticator, handshake.message1)
    expect(encodeHex(message2)).toBe(vector.message2)
    const clientTraffic = handshake.finish(message2)
    expect(encodeHex(traffic.handshakeHash)).toBe(vector.handshakeHash)
    expect(encodeHex(clientTraffic.handshakeHash)).toBe(vector.handshakeHash)
  })

  it.each(KINDS)('%s: joins both sides', kind => {
    const { client, authenticator } = freshSides(crypto, kind, crypto.generateEcdhKey())
    const handshake = startClientHandshake(client)
    const { message2, traffic: phone } = answerHandshake(authenticator, handshake.message1)
    const laptop = handshake.finish(message2)
    expect(phone.open(laptop.seal(Uint8Array.of(1)))).toEqual(Uint8Array.of(1))
    expect(laptop.open(phone.seal(Uint8Array.of(2)))).toEqual(Uint8Array.of(2))
    expect(laptop.seal(NOTHING)).not.toEqual(phone.seal(NOTHING))
  })

  it.each(vectors)('$name: refuses messages that are not 81 bytes', vector => {
    const message1 = decodeHex(vector.message1)
    const message2 = decodeHex(vector.message2)
    expect([message1.length, message2.length]).toEqual([81, 81])
    for (const length of [...message1.keys(), 82, 100]) {
      const sized = (message: Uint8Array): Uint8Array => {
        const other = new Uint8Array(length)
        other.set(message.subarray(0, length))
        return other
      }
      fails(() => answerHandshake(sidesOfVector(crypto, vector).authenticator, sized(message1)))
      fails(() => startClientHandshake(sidesOfVector(crypto, vector).client).finish(sized(message2)))
    }
  })

  it('refuses a point off the curve, with the cause', () => {
    const { client, authenticator } = sidesOfVector(crypto, first)
    const offCurve = decodeHex(first.message2).with(64, 1)
    const cause = { name: 'DecodeError', code: 'point-invalid' }
    expect(thrownBy(() => answerHandshake(authenticator, offCurve))).toMatchObject({
      code: 'handshake-failed',
      cause,
    })
    expect(thrownBy(() => startClientHandshake(client).finish(offCurve))).toMatchObject({
      code: 'handshake-failed',
      cause,
    })
  })

  it.each(KINDS)('%s: fails on the phone when the PSKs differ', kind => {
    const { client, authenticator } = freshSides(crypto, kind, crypto.generateEcdhKey())
    const other = { ...authenticator, psk: psk(new Uint8Array(32)) }
    const { message1 } = startClientHandshake(client)
    fails(() => answerHandshake(other, message1))
  })

  it('refuses a client that has not the key of the QR code', () => {
    const { client } = freshSides(crypto, 'qr-initiated', crypto.generateEcdhKey())
    const { authenticator } = freshSides(crypto, 'qr-initiated', crypto.generateEcdhKey())
    fails(() => answerHandshake(authenticator, startClientHandshake(client).message1))
  })

  it('refuses the answer to another handshake', () => {
    const identity = crypto.generateEcdhKey()
    const [one, two] = [1, 2].map(() => freshSides(crypto, 'qr-initiated', identity))
    if (one === undefined || two === undefined) throw new Error('no sides')
    const handshake = startClientHandshake(one.client)
    const { message1 } = startClientHandshake(two.client)
    fails(() => handshake.finish(answerHandshake(two.authenticator, message1).message2))
  })

  it.each(KINDS)('%s: destroys the ephemerals when it ends, never the static key', kind => {
    const staticKey = crypto.generateEcdhKey()
    const peer = crypto.generateEcdhKey().publicKey
    const used = { code: 'session-misused' }

    const good = freshSides(crypto, kind, staticKey)
    const handshake = startClientHandshake(good.client)
    const { message2 } = answerHandshake(good.authenticator, handshake.message1)
    expect(good.client.ephemeral.sharedSecret(peer)).toHaveLength(32)
    handshake.finish(message2)

    const bad = freshSides(crypto, kind, staticKey)
    fails(() => answerHandshake(bad.authenticator, NOTHING))
    fails(() => startClientHandshake(bad.client).finish(NOTHING))

    const givenUp = freshSides(crypto, kind, staticKey)
    startClientHandshake(givenUp.client).destroy()

    const ended = [good.client, good.authenticator, bad.client, bad.authenticator, givenUp.client]
    for (const { ephemeral } of ended) {
      expect(thrownBy(() => ephemeral.sharedSecret(peer))).toMatchObject(used)
    }
    expect(staticKey.sharedSecret(peer)).toHaveLength(32)
  })

  it('finishes once only, and not after destroy', () => {
    const { client, authenticator } = sidesOfVector(crypto, first)
    const handshake = startClientHandshake(client)
    const { message2 } = answerHandshake(authenticator, handshake.message1)
    handshake.finish(message2)
    expect(thrownBy(() => handshake.finish(message2))).toMatchObject({ code: 'session-misused' })

    const givenUp = startClientHandshake(sidesOfVector(crypto, first).client)
    givenUp.destroy()
    expect(thrownBy(() => givenUp.finish(message2))).toMatchObject({ code: 'session-misused' })
    expect(inspect(givenUp)).toBe('[redacted]')
  })

  it.each(KINDS)('%s: asks no more of the provider than it has to', kind => {
    const { crypto: counting, counts } = countingProvider(crypto)
    const { client, authenticator } = freshSides(counting, kind, countedImport(counting))
    const handshake = startClientHandshake(client)
    const { message2 } = answerHandshake(authenticator, handshake.message1)
    handshake.finish(message2)
    expect(counts).toEqual({ generateEcdhKey: 2, ecdh: 4, hmac: 32, sha256: 14, aead: 4 })
  })
})

const NOTHING = new Uint8Array()

/** The QR code’s key, or the phone’s: made long before the handshake. */
function countedImport(crypto: CryptoProvider): EcdhKey {
  return crypto.importEcdhKey(new Uint8Array(32).fill(1))
}
