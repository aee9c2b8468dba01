import { expect, test } from 'vitest'
import * as noise from '../../src/noise.js'
import * as session from '../../src/session.js'
import * as wire from '../../src/wire.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

/** A function of several arguments, as plain JavaScript sees it. */
type Loose = (...args: readonly unknown[]) => unknown

const crypto = wire.nobleProvider
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(1)
const loose = (callee: unknown): Loose => callee as Loose
const key = crypto.generateEcdhKey()
const advertKey = new wire.AdvertKey(crypto, wire.eidKey(bytes(wire.EID_KEY_BYTES)))
const EID = bytes(wire.EID_BYTES)
const HASH = bytes(wire.HANDSHAKE_HASH_BYTES)
const LINK_SECRET = bytes(wire.LINK_SECRET_BYTES)
const INFO = { publicKey: key.publicKey, signature: bytes(32) }
const OFFER = { identity: key }
const MAP = new Map()

/** Each function, a call with two arguments swapped, and the argument that the error names. */
const SWAPPED: Readonly<Record<string, readonly [swapped: () => unknown, named: string]>> = {
  sealAdvert: [() => loose(wire.sealAdvert)(crypto, EID, bytes(wire.EID_KEY_BYTES)), 'key'],
  openAdvert: [() => loose(wire.openAdvert)(crypto, bytes(20), bytes(wire.EID_KEY_BYTES)), 'key'],
  'AdvertKey.open': [() => advertKey.open(bytes(4), EID), 'tag'],
  connectTunnelUrl: [() => loose(wire.connectTunnelUrl)('wss://a.example', bytes(16), bytes(3)), 'routingId'],
  deriveEidKey: [() => loose(wire.deriveEidKey)(crypto, bytes(16), LINK_SECRET), 'clientNonce'],
  derivePsk: [() => loose(wire.derivePsk)(crypto, EID, LINK_SECRET), 'eid'],
  deriveContactSecret: [() => loose(wire.deriveContactSecret)(crypto, bytes(33), bytes(32)), 'root'],
  deriveLinkSecret: [() => loose(wire.deriveLinkSecret)(crypto, bytes(8), bytes(32)), 'linkId'],
  signLink: [() => loose(wire.signLink)(crypto, key, HASH, key.publicKey), 'publicKey'],
  verifyLink: [() => loose(wire.verifyLink)(crypto, key, HASH, INFO), 'publicKey'],
  sealLink: [() => loose(wire.sealLink)(crypto, OFFER, HASH, key.publicKey), 'publicKey'],
  openLink: [() => loose(wire.openLink)(crypto, key, HASH, MAP), 'handshakeHash'],
}

/** Functions that take one byte string, or several of any length: nothing tells those apart. */
const INDISTINCT = new Set([
  'AdvertKey',
  'CipherState',
  'CipherState.decryptWithAd',
  'CipherState.encryptWithAd',
  'SymmetricState',
  'AuthenticatorSession.apply',
  'AuthenticatorSession.hungUp',
  'AuthenticatorSession.met',
  'AuthenticatorSession.receive',
  'ClientSession.apply',
  'ClientSession.hungUp',
  'ClientSession.receive',
  'answerHandshake',
  'contactTunnelUrl',
  'decodeCbor',
  'derive',
  'deriveContactId',
  'deriveIdentitySeed',
  'deriveTunnelId',
  'newTunnelUrl',
  'parametersOf',
  'privateKeyFromSeed',
  'tryAdvertKeys',
  'tunnelDomain',
])

/** The names of an export’s functions that take two arguments or more. */
function functionsOf([name, value]: [string, unknown]): string[] {
  if (typeof value !== 'function') return []
  const prototype = (value.prototype ?? {}) as object
  const takesTwo = (body: unknown): boolean => typeof body === 'function' && body.length > 1
  const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([method, { value: body }]) => method !== 'constructor' && takesTwo(body),
  )
  return [...(value.length > 1 ? [name] : []), ...methods.map(([method]) => `${name}.${method}`)]
}

test.each(Object.entries(SWAPPED))('%s with swapped arguments names one of them', (_, [swapped, named]) => {
  expect(thrownBy(swapped)).toMatchObject({
    code: 'argument-invalid',
    message: expect.stringMatching(new RegExp(`^${named} must have `)) as unknown,
  })
})

test('every function of several arguments has its row, or takes what nothing tells apart', () => {
  const found = [wire, noise, session].flatMap(entry => Object.entries(entry).flatMap(functionsOf))
  expect(new Set(found)).toEqual(new Set([...Object.keys(SWAPPED), ...INDISTINCT]))
})

test.each(providers)('the ciphers of $name name a swapped argument', provider => {
  const [cipherKey, block] = [bytes(32), bytes(16)]
  const aead = provider.aeadKey(cipherKey)
  const calls = [
    () => provider.encryptBlock(block, cipherKey),
    () => provider.decryptBlock(block, cipherKey),
    () => provider.encryptBlock(cipherKey, cipherKey),
    () => aead.seal(bytes(13), bytes(12), bytes(5)),
    () => aead.open(bytes(11), bytes(12), bytes(32)),
  ]
  expect(calls.map(call => thrownBy(call))).toMatchObject(
    ['key', 'key', 'block', 'nonce', 'nonce'].map(name => ({
      code: 'argument-invalid',
      message: expect.stringMatching(new RegExp(`^${name} must have `)) as unknown,
    })),
  )
})
