import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileAt, pagePaths } from './support/site.js'

const HOME = '/'

interface ReadPage {
  /** The anchors that are in it. */
  readonly ids: ReadonlySet<string>
  /** Links to other pages and within it, resolved: `/errors#aborted`. */
  readonly links: readonly string[]
  /** Links to other hosts. */
  readonly outside: readonly string[]
  readonly title: string
  /** Scripts, styles and pictures. */
  readonly parts: readonly string[]
}

/** All pages that links lead to from the home page. */
const pages = crawl()

function crawl(): ReadonlyMap<string, ReadPage> {
  const found = new Map<string, ReadPage>()
  const open = [HOME]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = found.has(path) ? undefined : fileAt(path)
    if (file === undefined) continue
    const page = readPage(readFileSync(file, 'utf8'), path)
    found.set(path, page)
    open.push(...page.links.map(pathOf))
  }
  return found
}

function readPage(html: string, path: string): ReadPage {
  const hrefs = attributes(html, 'a', 'href').map(href => new URL(href, `http://site${path}`))
  const inside = hrefs.filter(({ host }) => host === 'site')
  return {
    ids: new Set(Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id = '']) => unescaped(id))),
    links: inside.map(({ pathname, hash }) => pathname + decodeURIComponent(hash)),
    title: /<title>(.+?)<\/title>/.exec(html)?.[1] ?? '',
    outside: hrefs.filter(({ host }) => host !== 'site').map(String),
    parts: [
      ...attributes(html, 'script', 'src'),
      ...attributes(html, 'img', 'src'),
      ...attributes(html, 'link', 'href'),
    ].filter(part => !part.startsWith('data:')),
  }
}

function attributes(html: string, element: string, attribute: string): readonly string[] {
  const found = html.matchAll(new RegExp(`<${element}\\b[^>]*? ${attribute}="([^"]*)"`, 'g'))
  return Array.from(found, ([, value = '']) => unescaped(value))
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function pathOf(link: string): string {
  return link.split('#')[0] ?? ''
}

function isAlive(link: string): boolean {
  const [path = '', ...anchor] = link.split('#')
  return anchor.length === 0
    ? fileAt(path) !== undefined
    : pages.get(path)?.ids.has(anchor.join('#')) === true
}

test('each page of the site has a title of its own', () => {
  const titles = Array.from(pages.values(), ({ title }) => title)
  expect(titles.filter((title, index) => title === '' || titles.indexOf(title) !== index)).toEqual([])
})

describe('links of the site', () => {
  test('lead somewhere, down to the anchor', () => {
    const links = new Set(Array.from(pages.values(), ({ links }) => links).flat())
    process.stdout.write(`${pages.size} pages with ${links.size} different links within the site\n`)
    const dead = new Set([...links].filter(link => !isAlive(link)))
    const deadOf = Array.from(
      pages,
      ([path, page]) => [path, page.links.filter(link => dead.has(link))] as const,
    )
    expect(deadOf.filter(([, found]) => found.length > 0)).toEqual([])
  })

  test('lead from types and from codes of errors in the reference to their pages', () => {
    const reference = '/reference/fido-hybrid'
    expect(pages.get(`${reference}/type-aliases/CeremonyOptions`)?.links).toEqual(
      expect.arrayContaining([
        `${reference}/type-aliases/PhoneChoice`,
        `${reference}/interfaces/CeremonySettings`,
      ]),
    )
    expect(pages.get(`${reference}/classes/HybridClient`)?.links).toContain('/errors#proximity-unproven')
  })

  test('reach every page that is built', () => {
    expect([...pages.keys()].sort()).toEqual(pagePaths())
  })

  test('name no host but those of other projects, and every part of a page is its own', () => {
    for (const [path, { outside, parts }] of pages) {
      expect(
        outside.filter(link => !/^(https:\/\/|mailto:)/.test(link)),
        path,
      ).toEqual([])
      expect(
        parts.filter(part => fileAt(part) === undefined),
        path,
      ).toEqual([])
    }
  })
})
