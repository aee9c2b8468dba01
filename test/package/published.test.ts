import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deadLinksIn, targetsIn } from '../support/markdown-links.js'
import { packPackage, unpackPackage } from '../support/packed-package.js'

let root: string
let published: string
let files: readonly string[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'published-'))
  published = join(root, 'package')
  await unpackPackage(await packPackage(join(root, 'packed')), published)
  files = readdirSync(published, { recursive: true, encoding: 'utf8' })
}, 60_000)

afterAll(() => rm(root, { recursive: true }))

describe('the published package', () => {
  it('has no link or picture that leads nowhere', () => {
    const pages = files.filter(name => name.endsWith('.md'))
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'src/errors.md']))
    const dead = pages.flatMap(page => deadLinksIn(published, page).map(target => `${page}: ${target}`))
    expect(dead).toEqual([])
  })

  it('has nothing of a test, a tool or a build that its users have no use for', () => {
    const idle =
      /\.tsbuildinfo$|(?:^|\/)(?:node_modules|package-lock\.json|coverage)$|^src\/.*\.ts$|^test\/.*\.ts$/
    expect(files.filter(name => idle.test(name))).toEqual([])
    expect(existsSync(join(published, 'fixtures/compute'))).toBe(false)
  })
})

describe('a link that leads nowhere is found', () => {
  const page = '# One thing\n\n[here](#one-thing) ![shot](a.png) `[no](no.md)`\n'
  it.each([
    ['', []],
    ['[gone](gone.md)', ['gone.md']],
    ['[gone](#two-things)', ['#two-things']],
    ['[gone](page.md#two-things)', ['page.md#two-things']],
    ['[above](../../../etc/passwd)', ['../../../etc/passwd']],
    ['<img src="gone.svg" alt="">', ['gone.svg']],
    ['[ref]: gone.md', ['gone.md']],
    ['[there](https://example.com/gone) [titled](page.md "a page")', []],
    ['```md\n[in code](gone.md)\n```', []],
  ])('%s', async (more, dead) => {
    await writeFile(join(root, 'a.png'), '')
    await writeFile(join(root, 'page.md'), `${page}\n${more}\n`)
    expect(deadLinksIn(root, 'page.md')).toEqual(dead)
  })

  it('links in code are none', () => {
    expect(targetsIn(page)).toEqual(['#one-thing', 'a.png'])
  })
})
