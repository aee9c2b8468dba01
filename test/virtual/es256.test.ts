import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeCoseKey } from '../../src/ctap/cose-key.js'
import { encodeSubjectPublicKeyInfo } from '../../src/ctap/subject-public-key-info.js'
import { es256Algorithm, signEs256 } from '../../src/virtual/es256.js'
import { refuses } from '../support/decoder.js'
import { providers } from '../support/providers.js'

const MESSAGE = encodeUtf8('sample')
const random = { bytes: (length: number): Uint8Array => new Uint8Array(length).fill(0xa5) }

describe.each(providers)('ES256 on $name', crypto => {
  it('makes the same key pair of the same randomness as any provider, and signs with it', async () => {
    const { privateKey, publicKey } = await es256Algorithm.generate(random, crypto)
    expect(await es256Algorithm.generate(random, nobleProvider)).toEqual({ privateKey, publicKey })
    const signature = await es256Algorithm.sign(privateKey, MESSAGE, crypto)
    const der = Buffer.from(encodeSubjectPublicKeyInfo(decodeCoseKey(publicKey)) ?? [])
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    expect(verify('sha256', MESSAGE, key, signature)).toBe(true)
    expect(verify('sha256', encodeUtf8('simple'), key, signature)).toBe(false)
  })
})

it('signs deterministically with noble (RFC 6979 section A.2.5), with the lesser of both s', () => {
  const privateKey = decodeHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721')
  expect(encodeHex(signEs256(privateKey, MESSAGE, nobleProvider))).toBe(
    '3045022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
      '02200834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9',
  )
})

it.each([
  ['31 bytes', '01'.repeat(31), 'length-wrong'],
  ['zero', '00'.repeat(32), 'point-invalid'],
  ['the order', 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'point-invalid'],
])('does not sign with a private key of %s on node:crypto', (_, hex, code) => {
  refuses(() => signEs256(decodeHex(hex), MESSAGE, nodeCryptoProvider), code)
})
