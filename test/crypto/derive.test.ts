import { describe, expect, it } from 'vitest'
import {
  clientNonce,
  contactId,
  eid,
  linkId,
  linkSecret,
  qrSecret,
  lineKey,
  rootSecret,
} from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeU32LE } from '../../src/bytes/endian.js'
import {
  DERIVATIONS,
  derive,
  deriveContactId,
  deriveContactSecret,
  deriveEidKey,
  deriveIdentitySeed,
  deriveLinkSecret,
  derivePsk,
  deriveTunnelId,
  privateKeyFromSeed,
} from '../../src/crypto/derive.js'
import type { Derivation } from '../../src/crypto/derive.js'
import { fixture } from '../support/fixture.js'
import { providers } from '../support/providers.js'

interface DeriveFixture {
  readonly derive: readonly {
    readonly name: string
    readonly secret: string
    readonly salt: string
    readonly type: number
    readonly info: string
    readonly length: number
    readonly output: string
  }[]
  readonly seedToKey: readonly { readonly seed: string; readonly private: string }[]
}

interface LinkingFixture {
  readonly secrets: Readonly<Record<string, string>>
  readonly syncSecrets: {
    readonly rootSecret: string
    readonly day: number
    readonly pairingId: string
    readonly linkSecret: string
  }
  readonly stateAssisted: Readonly<
    Record<'linkSecret' | 'clientNonce' | 'eidKey' | 'eidPlaintext' | 'psk', string>
  >
}

interface TraceFixture {
  readonly qr: { readonly secret: string }
  readonly advert: { readonly eidKey: string; readonly plaintext: string }
  readonly tunnelId: string
  readonly psk: string
}

interface ChromiumFixture {
  readonly sessions: readonly {
    readonly name: string
    readonly session: {
      readonly qrMap: Readonly<Record<string, unknown>>
      readonly tunnelId: string
      readonly eidPlain: string
      readonly eidKey: string
      readonly psk: string
    }
  }[]
}

const vectors = fixture<DeriveFixture>('derive')
const linking = fixture<LinkingFixture>('linking')
const trace = fixture<TraceFixture>('trace-ios')
const chromium = fixture<ChromiumFixture>('chromium-156')

const TYPES = Object.keys(DERIVATIONS) as readonly Derivation[]

function derivationOf(type: number): Derivation {
  const found = TYPES.find(name => DERIVATIONS[name].type === type)
  if (found === undefined) throw new Error(`no derivation has the type ${type}`)
  return found
}

describe.each(providers)('derivations on $name', crypto => {
  it.each(vectors.derive)('$name', vector => {
    const derivation = derivationOf(vector.type)
    expect(DERIVATIONS[derivation].bytes).toBe(vector.length)
    expect(encodeHex(encodeU32LE(vector.type))).toBe(vector.info)
    expect(encodeHex(derive(crypto, derivation, decodeHex(vector.secret), decodeHex(vector.salt)))).toBe(
      vector.output,
    )
  })

  it('covers all six types', () => {
    expect(new Set(vectors.derive.map(vector => derivationOf(vector.type)))).toEqual(new Set(TYPES))
  })

  it.each(vectors.seedToKey)('makes a private key from the seed "$seed"', vector => {
    expect(encodeHex(privateKeyFromSeed(crypto, decodeHex(vector.seed)))).toBe(vector.private)
  })

  it('pads a small scalar to 32 bytes', () => {
    const small = { ...crypto, hmacSha256: (): Uint8Array => new Uint8Array(32) }
    expect(privateKeyFromSeed(small, new Uint8Array(32))).toEqual(new Uint8Array(32))
  })

  it('derives all of a phone’s secrets (linking.json)', () => {
    const hex = (name: string): Uint8Array => decodeHex(linking.secrets[name] ?? '')
    const root = rootSecret(hex('rootSecret'))
    const contactSecret = deriveContactSecret(crypto, root, contactId(hex('contactId')))
    const seed = deriveIdentitySeed(crypto, root)
    const privateKey = privateKeyFromSeed(crypto, seed)
    expect(contactSecret).toEqual(hex('perContactIdSecret'))
    expect(deriveLinkSecret(crypto, contactSecret, linkId(hex('pairingId')))).toEqual(hex('linkSecret'))
    expect(seed).toEqual(hex('identityKeySeed'))
    expect(privateKey).toEqual(hex('identityPrivate'))
    expect(crypto.importEcdhKey(privateKey).publicKey).toEqual(hex('identityPublic'))
  })

  it('derives the link secret of a synced phone from the root', () => {
    const { rootSecret: root, pairingId, linkSecret: secret } = linking.syncSecrets
    expect(encodeHex(deriveLinkSecret(crypto, decodeHex(root), linkId(decodeHex(pairingId))))).toBe(secret)
  })

  it('salts the EID key of a state-assisted transaction with the client nonce', () => {
    const { stateAssisted } = linking
    const secret = linkSecret(decodeHex(stateAssisted.linkSecret))
    const nonce = clientNonce(decodeHex(stateAssisted.clientNonce))
    expect(encodeHex(deriveEidKey(crypto, secret, nonce))).toBe(stateAssisted.eidKey)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(stateAssisted.eidPlaintext))))).toBe(
      stateAssisted.psk,
    )
  })

  it('hashes a line key into its contact ID (by coreutils’ sha256sum)', () => {
    const key = lineKey(Uint8Array.from({ length: 32 }, (_, index) => index))
    expect(encodeHex(deriveContactId(crypto, key))).toBe(
      '630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd',
    )
  })

  it('derives the values of the iPhone trace', () => {
    const secret = qrSecret(decodeHex(trace.qr.secret))
    expect(encodeHex(deriveEidKey(crypto, secret))).toBe(trace.advert.eidKey)
    expect(encodeHex(deriveTunnelId(crypto, secret))).toBe(trace.tunnelId)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(trace.advert.plaintext))))).toBe(trace.psk)
  })

  it.each(chromium.sessions)('derives the values of the Chromium session $name', ({ session }) => {
    const { $hex } = session.qrMap['1'] as { readonly $hex: string }
    const secret = qrSecret(decodeHex($hex))
    expect(encodeHex(deriveEidKey(crypto, secret))).toBe(session.eidKey)
    expect(encodeHex(deriveTunnelId(crypto, secret))).toBe(session.tunnelId)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(session.eidPlain))))).toBe(session.psk)
  })
})
