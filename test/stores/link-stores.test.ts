import { readFile, stat, writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { openFileLinkStore } from '../../src/adapters/stores/file-link-store.js'
import { MemoryLinkStore } from '../../src/adapters/stores/memory-link-store.js'
import { LINK_FORMAT } from '../../src/adapters/stores/link-file.js'
import { decodeStoreFile, encodeStoreFile } from '../../src/adapters/stores/store-format.js'
import { contactId } from '../../src/bytes/brands.js'
import type { LinkStore } from '../../src/ports/link-store.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { sampleLink } from '../support/link-samples.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const stores: readonly [string, () => Promise<LinkStore>][] = [
  ['MemoryLinkStore', () => Promise.resolve(new MemoryLinkStore())],
  ['FileLinkStore', () => openFileLinkStore(folder.at('links.json'))],
]

describe.each(stores)('%s keeps the contract of LinkStore', (_, open) => {
  test('keeps links, oldest first, and gives copies', async () => {
    const store = await open()
    expect(await store.list()).toEqual([])
    const [first, second] = [
      sampleLink(1),
      sampleLink(2, { tunnelUrl: 'wss://127.0.0.1:1', playServicesMark: true }),
    ]
    expect(await store.put(first)).toEqual(first)
    await store.put(second)
    first.linkSecret.fill(0)
    ;(await store.list())[1]?.linkSecret.fill(0)
    expect(await store.list()).toEqual([sampleLink(1), second])
  })

  test('replaces by public key, in place', async () => {
    const store = await open()
    for (const seed of [1, 2]) await store.put(sampleLink(seed))
    const renewed = { ...sampleLink(3), publicKey: sampleLink(1).publicKey }
    await store.put(renewed)
    expect(await store.list()).toEqual([renewed, sampleLink(2)])
  })

  test('gives each link a name of its own', async () => {
    const store = await open()
    const long = 'x'.repeat(256)
    for (const seed of [1, 2, 3]) await store.put(sampleLink(seed, { name: 'Ada’s phone' }))
    for (const seed of [4, 5]) await store.put(sampleLink(seed, { name: long }))
    const fox = `${'x'.repeat(251)}🦊xxx`
    for (const seed of [6, 7]) await store.put(sampleLink(seed, { name: fox }))
    expect((await store.put(sampleLink(2, { name: 'Ada’s phone' }))).name).toBe('Ada’s phone (2)')
    expect((await store.list()).map(({ name }) => name)).toEqual([
      'Ada’s phone',
      'Ada’s phone (2)',
      'Ada’s phone (3)',
      long,
      `${'x'.repeat(252)} (2)`,
      fox,
      `${'x'.repeat(251)} (2)`,
    ])
  })

  test('deletes the very link and no later one', async () => {
    const store = await open()
    await store.put(sampleLink(1))
    const later = { ...sampleLink(2), publicKey: sampleLink(1).publicKey }
    await store.put(later)
    expect(await store.delete(sampleLink(1))).toBe(false)
    expect(await store.list()).toEqual([later])
    expect(await store.delete(later)).toBe(true)
    expect(await store.delete(later)).toBe(false)
    expect(await store.list()).toEqual([])
  })

  test('keeps 100 links and refuses one more', async () => {
    const store = await open()
    const links = Array.from({ length: 101 }, (_, at) => sampleLink(at + 1))
    for (const link of links.slice(0, 100)) await store.put(link)
    await expect(store.put(sampleLink(101))).rejects.toMatchObject({ code: 'store-unavailable' })
    await store.put(sampleLink(50, { name: 'renamed' }))
    expect(await store.list()).toHaveLength(100)
  })

  test.each([
    ['no name', { name: '' }],
    ['a long name', { name: 'x'.repeat(257) }],
    ['half a letter', { name: '\uD83E' }],
    ['no time', { linkedAt: -1 }],
    ['half a second', { linkedAt: 0.5 }],
    ['an empty URL', { tunnelUrl: '' }],
    ['a secret of another size', { linkSecret: new Uint8Array(31) as never }],
    ['no contact ID', { contactId: new Uint8Array() as never }],
    ['an unassigned service', { tunnelServiceId: 7 as never }],
  ])('refuses a record with %s', async (_, changes) => {
    const store = await open()
    await expect(store.put(sampleLink(1, changes))).rejects.toMatchObject({ code: 'argument-invalid' })
    expect(await store.list()).toEqual([])
  })

  test('shows no secret to a print', async () => {
    const store = await open()
    await store.put(sampleLink(1))
    const printed = inspect([store, await store.list()], { depth: 10 }) + JSON.stringify(await store.list())
    expect(printed).toContain('[redacted]')
    expect(printed).not.toContain('254')
  })
})

describe('the file of links', () => {
  const links = [
    sampleLink(1),
    sampleLink(2, { tunnelUrl: 'wss://127.0.0.1:1', contactId: contactId(new Uint8Array(1)) }),
  ]
  const content = encodeStoreFile(LINK_FORMAT, links)
  const decode = (bytes: Uint8Array): unknown => decodeStoreFile(LINK_FORMAT, bytes)

  test('is private, and not made before there is something to keep', async () => {
    const store = await openFileLinkStore(folder.at('new', 'links.json'))
    await store.delete(sampleLink(1))
    expect(await folder.names()).toEqual(['new'])
    await store.put(sampleLink(1))
    expect((await stat(folder.at('new', 'links.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(folder.at('new'))).mode & 0o777).toBe(0o700)
  })

  test('reads back what was written, and nothing that was cut or changed by a bit', () => {
    expect(decode(content)).toEqual(links)
    for (let length = 0; length < content.length - 1; length++)
      refuses(() => decode(content.slice(0, length)))
    for (let position = 0; position < content.length; position += 3) {
      const damaged = content.with(position, (content[position] ?? 0) ^ (1 << (position % 8)))
      let read: unknown = links
      try {
        read = decode(damaged)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'decode' })
      }
      expect(read).toEqual(links)
    }
    survivesAnyBytes(decode, [content])
  })

  test('is left as it is when it is damaged, and told', async () => {
    const path = folder.at('links.json')
    const store = await openFileLinkStore(path)
    await store.put(sampleLink(1))
    const damaged = (await readFile(path, 'utf8')).replace('phone 1', 'phone 2')
    await writeFile(path, damaged)
    const uses = [
      () => store.list(),
      () => store.put(sampleLink(2)),
      () => store.delete(sampleLink(1)),
      () => openFileLinkStore(path),
    ]
    for (const use of uses) await expect(use()).rejects.toMatchObject({ code: 'store-damaged' })
    expect(await readFile(path, 'utf8')).toBe(damaged)
  })

  test('may be changed by several at once, and loses nothing', async () => {
    const path = folder.at('links.json')
    const [one, other] = [await openFileLinkStore(path), await openFileLinkStore(path)]
    const turn = (at: number): typeof one => (at % 2 === 0 ? one : other)
    await Promise.all(Array.from({ length: 12 }, (_, at) => turn(at).put(sampleLink(at + 1))))
    const seeds = (await one.list()).map(({ linkedAt }) => linkedAt - 1_790_000_000)
    expect(seeds.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(await folder.names()).toEqual(['links.json'])
  })
})
