import { readFile, stat, writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { openFilePhoneIdentityStore } from '../../src/adapters/stores/file-phone-identity-store.js'
import { MemoryPhoneIdentityStore } from '../../src/adapters/stores/memory-phone-identity-store.js'
import { IDENTITY_FORMAT } from '../../src/adapters/stores/identity-file.js'
import { decodeStoreFile, encodeStoreFile } from '../../src/adapters/stores/store-format.js'
import { linkId } from '../../src/bytes/brands.js'
import type { IssuedLink, PhoneIdentity, PhoneIdentityStore } from '../../src/ports/phone-identity-store.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { sampleIdentity, sampleIssued, sampleKey } from '../support/link-samples.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const stores: readonly [string, () => Promise<PhoneIdentityStore>][] = [
  ['MemoryPhoneIdentityStore', () => Promise.resolve(new MemoryPhoneIdentityStore())],
  ['FilePhoneIdentityStore', () => openFilePhoneIdentityStore(folder.at('identity.json'))],
]

/** Links, each with an ID of its own. */
const manyLinks = (count: number): readonly IssuedLink[] =>
  Array.from({ length: count }, (_, at) => ({
    linkId: linkId(Uint8Array.of(0, 0, 0, 0, 0, 0, at >> 8, at & 0xff)),
    linkedAt: at,
  }))

/** What version 1 of the file holds for `sampleIdentity(1)`. */
const WITH_REGISTRATION_KEY = {
  format: 'fido-hybrid phone identity',
  version: 1,
  sha256: 'TatqrmDrEMz-tWWeRPbnPlrRFf9MnM1DUtdkX8YaqX8',
  content: {
    rootSecret: '_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v4',
    registrationKey: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE',
    revoked: ['AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI'],
    links: [
      { linkId: 'AQEBAQEBAQE', linkedAt: 1 },
      { linkId: 'AgICAgICAgI', linkedAt: 2, lastUsedAt: 9 },
    ],
  },
}

describe.each(stores)('%s keeps the contract of PhoneIdentityStore', (_, open) => {
  test('has no identity at first, and then keeps one', async () => {
    const store = await open()
    expect(await store.load()).toBeUndefined()
    expect(await store.update(given => given ?? sampleIdentity(1))).toEqual(sampleIdentity(1))
    expect(await store.update(given => given ?? sampleIdentity(2))).toEqual(sampleIdentity(1))
    ;(await store.load())?.rootSecret.fill(0)
    expect(await store.load()).toEqual(sampleIdentity(1))
  })

  test('keeps 272 links, confirmed or not', async () => {
    const store = await open()
    const links = manyLinks(272).map((link, at) => (at > 255 ? { ...link, unconfirmed: true } : link))
    await store.update(() => sampleIdentity(1, { links }))
    expect((await store.load())?.links).toEqual(links)
  })

  test('what the change throws changes nothing', async () => {
    const store = await open()
    await store.update(() => sampleIdentity(1))
    const broken = new Error('broken')
    const breaking = (): PhoneIdentity => {
      throw broken
    }
    await expect(store.update(breaking)).rejects.toBe(broken)
    expect(await store.load()).toEqual(sampleIdentity(1))
  })

  test.each<[string, Partial<PhoneIdentity>]>([
    ['257 revoked keys', { revoked: Array.from({ length: 257 }, () => sampleKey(1)) }],
    ['273 links', { links: manyLinks(273) }],
    ['the same link twice', { links: [sampleIssued(1), sampleIssued(1)] }],
    ['a link without a time', { links: [{ ...sampleIssued(1), linkedAt: Number.NaN }] }],
    ['a root secret of another size', { rootSecret: new Uint8Array(31) as never }],
  ])('refuses an identity with %s', async (_, changes) => {
    const store = await open()
    await expect(store.update(() => sampleIdentity(1, changes))).rejects.toMatchObject({
      code: 'argument-invalid',
    })
    expect(await store.load()).toBeUndefined()
  })

  test('shows no secret to a print', async () => {
    const store = await open()
    const kept = await store.update(() => sampleIdentity(1))
    const printed = inspect([store, kept], { depth: 10 }) + JSON.stringify(kept)
    expect(printed).toContain('[redacted]')
    expect(printed).not.toContain('254')
  })
})

describe('the file of the identity', () => {
  const content = encodeStoreFile(IDENTITY_FORMAT, sampleIdentity(1))
  const decode = (bytes: Uint8Array): unknown => decodeStoreFile(IDENTITY_FORMAT, bytes)

  test('is private, and not made before there is something to keep', async () => {
    const path = folder.at('identity.json')
    const store = await openFilePhoneIdentityStore(path)
    expect(await folder.names()).toEqual([])
    await store.update(() => sampleIdentity(1))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('reads back what was written, and nothing that was cut or changed by a bit', () => {
    expect(decode(content)).toEqual(sampleIdentity(1))
    for (let length = 0; length < content.length - 1; length++)
      refuses(() => decode(content.slice(0, length)))
    for (let position = 0; position < content.length; position++) {
      const damaged = content.with(position, (content[position] ?? 0) ^ (1 << (position % 8)))
      let read: unknown = sampleIdentity(1)
      try {
        read = decode(damaged)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'decode' })
      }
      expect(read).toEqual(sampleIdentity(1))
    }
    survivesAnyBytes(decode, [content])
  })

  test('opens a file from before line keys had their name', async () => {
    const path = folder.at('identity.json')
    await writeFile(path, JSON.stringify(WITH_REGISTRATION_KEY))
    const store = await openFilePhoneIdentityStore(path)
    expect(await store.load()).toEqual(sampleIdentity(1))
    await store.update(given => given ?? sampleIdentity(2))
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(WITH_REGISTRATION_KEY)
  })

  test('is left as it is when it is damaged, and told', async () => {
    const path = folder.at('identity.json')
    const store = await openFilePhoneIdentityStore(path)
    await store.update(() => sampleIdentity(1))
    const damaged = (await readFile(path, 'utf8')).replace('"version": 1', '"version": 2')
    await writeFile(path, damaged)
    await expect(store.load()).rejects.toMatchObject({ code: 'store-damaged' })
    await expect(store.update(() => sampleIdentity(2))).rejects.toMatchObject({ code: 'store-damaged' })
    expect(await readFile(path, 'utf8')).toBe(damaged)
  })

  test('may be changed by several at once, and loses nothing', async () => {
    const path = folder.at('identity.json')
    const [one, other] = [await openFilePhoneIdentityStore(path), await openFilePhoneIdentityStore(path)]
    const turn = (at: number): typeof one => (at % 2 === 0 ? one : other)
    const add = (seed: number) => (given: PhoneIdentity | undefined) => {
      const { links, ...rest } = given ?? sampleIdentity(1, { links: [] })
      return { ...rest, links: [...links, sampleIssued(seed)] }
    }
    await Promise.all(Array.from({ length: 10 }, (_, at) => turn(at).update(add(at + 1))))
    expect((await one.load())?.links).toHaveLength(10)
  })
})
