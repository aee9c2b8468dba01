import { describe, expect, it } from 'vitest'
import { handshakeHash } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { isCborMap } from '../../src/cbor/map-reader.js'
import type { CborKey, CborMap, CborValue } from '../../src/cbor/value.js'
import { decodeLinkingInfo, encodeLinkingInfo } from '../../src/linking/linking-info.js'
import type { LinkingInfo } from '../../src/linking/linking-info.js'
import { signLink, verifyLink } from '../../src/linking/link-signature.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases, onlyCase } from '../support/cases.js'
import { providers } from '../support/providers.js'

interface Signature {
  readonly identityPrivateKey: string
  readonly identityPublicKey: string
  readonly clientPrivateKey: string
  readonly clientPublicKey: string
  readonly sharedSecret?: string
  readonly handshakeHash: string
  readonly signature: string
}

interface Update {
  readonly map: string
  readonly clientPrivateKey?: string
  readonly handshakeHash?: string
}

const signatures = cases<Signature>('linking', 'signatures')
const secrets = onlyCase<Record<'contactId' | 'linkId' | 'linkSecret' | 'identityPublicKey', string>>(
  'linking',
  'phoneSecrets',
)
const links = cases<Update>('linking', 'updates').flatMap(
  ({ name, map, clientPrivateKey, handshakeHash: hash }) =>
    clientPrivateKey === undefined || hash === undefined ? [] : [{ name, map, clientPrivateKey, hash }],
)
const [standard] = links
if (standard === undefined) throw new Error('no linking vectors')

/** The linking map inside an update. */
function linkingMapOf(update: string): CborMap {
  const map = decodeCbor(decodeHex(update))
  const linking = isCborMap(map) ? map.get(1) : undefined
  if (!isCborMap(linking)) throw new Error('no linking map')
  return linking
}

function decodeBytes(bytes: Uint8Array): LinkingInfo | undefined {
  const map = decodeCbor(bytes)
  return isCborMap(map) ? decodeLinkingInfo(map) : undefined
}

const hashOf = (hex: string): ReturnType<typeof handshakeHash> => handshakeHash(decodeHex(hex))

describe.each(providers)('linking on $name', crypto => {
  it.each(signatures)('signs $signature from both sides', vector => {
    const identity = crypto.importEcdhKey(decodeHex(vector.identityPrivateKey))
    const client = crypto.importEcdhKey(decodeHex(vector.clientPrivateKey))
    expect(encodeHex(identity.publicKey)).toBe(vector.identityPublicKey)
    expect(encodeHex(client.publicKey)).toBe(vector.clientPublicKey)
    if (vector.sharedSecret !== undefined) {
      expect(encodeHex(client.sharedSecret(identity.publicKey))).toBe(vector.sharedSecret)
    }

    const hash = hashOf(vector.handshakeHash)
    const signature = signLink(crypto, identity, client.publicKey, hash)
    expect(encodeHex(signature)).toBe(vector.signature)
    expect(verifyLink(crypto, client, { publicKey: identity.publicKey, signature }, hash)).toBe(true)
  })

  it.each(signatures)('refuses $signature with any changed bit, of it or of the hash', vector => {
    const client = crypto.importEcdhKey(decodeHex(vector.clientPrivateKey))
    const publicKey = crypto.decodePoint(decodeHex(vector.identityPublicKey))
    const shared = client.sharedSecret(publicKey)
    // The same ECDH over and over would only cost time.
    const prepared = { ...client, publicKey: client.publicKey, sharedSecret: () => Uint8Array.from(shared) }
    const signature = decodeHex(vector.signature)
    const hash = decodeHex(vector.handshakeHash)
    for (let bit = 0; bit < 256; bit++) {
      const flipped = (bytes: Uint8Array): Uint8Array =>
        bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      const badSignature = { publicKey, signature: flipped(signature) }
      expect(verifyLink(crypto, prepared, badSignature, handshakeHash(hash))).toBe(false)
      const badHash = handshakeHash(flipped(hash))
      expect(verifyLink(crypto, prepared, { publicKey, signature }, badHash)).toBe(false)
    }
    const short = { publicKey, signature: signature.subarray(0, 31) }
    expect(verifyLink(crypto, prepared, short, handshakeHash(hash))).toBe(false)
  })

  it('refuses a signature of another phone', () => {
    const client = crypto.importEcdhKey(decodeHex(standard.clientPrivateKey))
    const hash = hashOf(standard.hash)
    const [phone, other] = [crypto.generateEcdhKey(), crypto.generateEcdhKey()]
    const signature = signLink(crypto, other, client.publicKey, hash)
    expect(verifyLink(crypto, client, { publicKey: phone.publicKey, signature }, hash)).toBe(false)
  })

  it.each(links)('$name: reads, verifies and writes', ({ name, map, clientPrivateKey, hash }) => {
    const linking = linkingMapOf(map)
    const info = decodeLinkingInfo(linking)
    expect(encodeHex(info.contactId)).toBe(secrets.contactId)
    expect(encodeHex(info.linkId)).toBe(secrets.linkId)
    expect(encodeHex(info.linkSecret)).toBe(secrets.linkSecret)
    expect(encodeHex(info.publicKey)).toBe(secrets.identityPublicKey)
    expect(info.playServicesMark).toBe(name.includes('999') ? linking.get(999) : undefined)
    const client = crypto.importEcdhKey(decodeHex(clientPrivateKey))
    expect(verifyLink(crypto, client, info, hashOf(hash))).toBe(true)
    expect(encodeCbor(encodeLinkingInfo(info))).toEqual(encodeCbor(linking))
  })

  it.each<[string, CborKey, CborValue | undefined]>([
    ['no contact ID', 1, undefined],
    ['an empty contact ID', 1, new Uint8Array()],
    ['a contact ID of 1025 bytes', 1, new Uint8Array(1025)],
    ['a contact ID that is text', 1, 'contact'],
    ['no link ID', 2, undefined],
    ['a link ID of 7 bytes', 2, new Uint8Array(7)],
    ['a link ID of 9 bytes', 2, new Uint8Array(9)],
    ['no link secret', 3, undefined],
    ['a link secret of 31 bytes', 3, new Uint8Array(31)],
    ['a link secret of 33 bytes', 3, new Uint8Array(33)],
    ['no public key', 4, undefined],
    ['a compressed public key', 4, decodeHex(`02${secrets.identityPublicKey.slice(2, 66)}`)],
    ['a public key off the curve', 4, decodeHex(secrets.identityPublicKey).with(64, 0)],
    ['no name', 5, undefined],
    ['a name that is bytes', 5, new Uint8Array(3)],
    ['no signature', 6, undefined],
    ['a signature of 31 bytes', 6, new Uint8Array(31)],
    ['a signature of 33 bytes', 6, new Uint8Array(33)],
  ])('refuses a map with %s', (_, key, value) => {
    const map = new Map(linkingMapOf(standard.map))
    if (value === undefined) map.delete(key)
    else map.set(key, value)
    refuses(() => decodeLinkingInfo(map), 'linking-malformed')
  })

  it.each<[string, CborKey, CborValue]>([
    ['the extra mark in another type', 999, 'yes'],
    ['a member of the future', 7, true],
    ['a member with a text key', 'x', 1],
  ])('tolerates %s', (_, key, value) => {
    const linking = linkingMapOf(standard.map)
    const info = decodeLinkingInfo(new Map([...linking, [key, value]]))
    expect(info).toEqual(decodeLinkingInfo(linking))
  })

  it('survives any bytes', () => {
    const real = links.map(({ map }) => encodeCbor(linkingMapOf(map)))
    survivesAnyBytes(bytes => decodeBytes(bytes), real)
  })

  it('refuses the map cut at any byte', () => {
    const bytes = encodeCbor(linkingMapOf(standard.map))
    for (const length of bytes.keys()) refuses(() => decodeBytes(bytes.slice(0, length)))
  })
})
