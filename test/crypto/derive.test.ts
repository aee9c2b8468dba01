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
import { cases, onlyCase } from '../support/cases.js'
import { providers } from '../support/providers.js'

interface DeriveCase {
  readonly secret: string
  readonly salt: string
  readonly type: number
  readonly info: string
  readonly length: number
  readonly key: string
}

type Derived = Readonly<Record<'secret' | 'eidKey' | 'advertPlaintext' | 'tunnelId' | 'psk', string>>

const derived = cases<DeriveCase>('derive', 'derive')
const seeds = cases<{ seed: string; privateKey: string }>('derive', 'seedToKey')
const phone = onlyCase<Record<string, string>>('linking', 'phoneSecrets')
const synced = onlyCase<Record<'rootSecret' | 'linkId' | 'linkSecret', string>>('linking', 'syncedSecrets')
const stateAssisted = onlyCase<
  Record<'linkSecret' | 'clientNonce' | 'eidKey' | 'advertPlaintext' | 'psk', string>
>('linking', 'stateAssisted')
const trace = onlyCase<Derived>('trace-ios', 'sessions')
const chromium = cases<Derived>('chromium-156', 'sessions')

const TYPES = Object.keys(DERIVATIONS) as readonly Derivation[]

function derivationOf(type: number): Derivation {
  const found = TYPES.find(name => DERIVATIONS[name].type === type)
  if (found === undefined) throw new Error(`no derivation has the type ${type}`)
  return found
}

describe.each(providers)('derivations on $name', crypto => {
  it.each(derived)('$name', vector => {
    const derivation = derivationOf(vector.type)
    expect(DERIVATIONS[derivation].bytes).toBe(vector.length)
    expect(encodeHex(encodeU32LE(vector.type))).toBe(vector.info)
    expect(encodeHex(derive(crypto, derivation, decodeHex(vector.secret), decodeHex(vector.salt)))).toBe(
      vector.key,
    )
  })

  it('covers all six types', () => {
    expect(new Set(derived.map(vector => derivationOf(vector.type)))).toEqual(new Set(TYPES))
  })

  it.each(seeds)('makes a private key from the seed "$seed"', vector => {
    expect(encodeHex(privateKeyFromSeed(crypto, decodeHex(vector.seed)))).toBe(vector.privateKey)
  })

  it('pads a small scalar to 32 bytes', () => {
    const small = { ...crypto, hmacSha256: (): Uint8Array => new Uint8Array(32) }
    expect(privateKeyFromSeed(small, new Uint8Array(32))).toEqual(new Uint8Array(32))
  })

  it('derives all of a phone’s secrets (linking.json)', () => {
    const hex = (name: string): Uint8Array => decodeHex(phone[name] ?? '')
    const root = rootSecret(hex('rootSecret'))
    const contactSecret = deriveContactSecret(crypto, root, contactId(hex('contactId')))
    const seed = deriveIdentitySeed(crypto, root)
    const privateKey = privateKeyFromSeed(crypto, seed)
    expect(contactSecret).toEqual(hex('contactSecret'))
    expect(deriveLinkSecret(crypto, contactSecret, linkId(hex('linkId')))).toEqual(hex('linkSecret'))
    expect(seed).toEqual(hex('identityKeySeed'))
    expect(privateKey).toEqual(hex('identityPrivateKey'))
    expect(crypto.importEcdhKey(privateKey).publicKey).toEqual(hex('identityPublicKey'))
  })

  it('derives the link secret of a synced phone from the root', () => {
    const { rootSecret: root, linkId: link, linkSecret: secret } = synced
    expect(encodeHex(deriveLinkSecret(crypto, decodeHex(root), linkId(decodeHex(link))))).toBe(secret)
  })

  it('salts the EID key of a state-assisted transaction with the client nonce', () => {
    const secret = linkSecret(decodeHex(stateAssisted.linkSecret))
    const nonce = clientNonce(decodeHex(stateAssisted.clientNonce))
    expect(encodeHex(deriveEidKey(crypto, secret, nonce))).toBe(stateAssisted.eidKey)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(stateAssisted.advertPlaintext))))).toBe(
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
    const secret = qrSecret(decodeHex(trace.secret))
    expect(encodeHex(deriveEidKey(crypto, secret))).toBe(trace.eidKey)
    expect(encodeHex(deriveTunnelId(crypto, secret))).toBe(trace.tunnelId)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(trace.advertPlaintext))))).toBe(trace.psk)
  })

  it.each(chromium)('derives the values of the Chromium session $name', session => {
    const secret = qrSecret(decodeHex(session.secret))
    expect(encodeHex(deriveEidKey(crypto, secret))).toBe(session.eidKey)
    expect(encodeHex(deriveTunnelId(crypto, secret))).toBe(session.tunnelId)
    expect(encodeHex(derivePsk(crypto, secret, eid(decodeHex(session.advertPlaintext))))).toBe(session.psk)
  })
})
