import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CLIENT_CASES } from '../src/conform/client/cases.js'
import { PHONE_CASES } from '../src/conform/phone/cases.js'
import { SERVICE_CASES } from '../src/conform/service/cases.js'

const ROOT = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const PAGE = read('src/protocol.md')
const headings = Array.from(
  PAGE.matchAll(/^#{2,3} ((\d+(?:\.\d+)?)\.? .+)$/gm),
  ([, title = '', number = '']) => ({
    title,
    number,
  }),
)
const numbers = new Set(headings.map(({ number }) => number))

/** Texts that may cite the page, by path; the page itself and this file speak of citations. */
const texts = new Map(
  ['src', 'test', 'bench', 'examples']
    .flatMap(folder =>
      readdirSync(new URL(folder, ROOT), { recursive: true }).map(name => `${folder}/${String(name)}`),
    )
    .filter(path => /\.(?:[cm]?[jt]s|md|html)$/.test(path) && !path.includes('node_modules'))
    .filter(path => !['src/protocol.md', 'test/citations.test.ts'].includes(path))
    .concat('README.md')
    .map(path => [path, read(path)]),
)

/** `protocol.md 8.2`, several as in `protocol.md 7.1 to 7.4` or `protocol.md 8.2, 8.3 and 9`; `, point 4` of a numbered list. */
const CITATION = /protocol\.md (\d+(?:\.\d+)*(?:(?:, | and |, and | to )\d+(?:\.\d+)*)*)(?:, point (\d+))?/g

/** A comment’s line breaks are no part of its sentence. */
const unbroken = (text: string): string => text.replaceAll(/\n\s*(?:\*|\/\/)?\s*/g, ' ')

const citations = [...texts].flatMap(([path, text]) =>
  Array.from(unbroken(text).matchAll(CITATION), ([words, list = '', point]) => ({
    where: `${path}: ${words}`,
    sections: list.split(/, and |, | and | to /),
    point,
  })),
)

/** The points of a section’s numbered list. */
function pointsOf(section: string | undefined): string[] {
  const [, body = ''] = PAGE.split(new RegExp(`^#{2,3} ${section ?? ''}\\.? .*$`, 'm'))
  const [own = ''] = body.split(/^#{2,3} /m)
  return Array.from(own.matchAll(/^(\d+)\. /gm), ([, number = '']) => number)
}

test('every citation of the protocol page names a heading of it', () => {
  expect(citations.length).toBeGreaterThan(70)
  const lost = citations.filter(({ sections }) => !sections.every(section => numbers.has(section)))
  expect(lost.map(({ where }) => where)).toEqual([])
})

test('every citation of a point names one that the section has', () => {
  const pointed = citations.filter(({ point }) => point !== undefined)
  expect(pointed.length).toBeGreaterThan(1)
  for (const { where, sections, point } of pointed) expect(pointsOf(sections.at(-1)), where).toContain(point)
})

test('every case of conform names a heading of the page', () => {
  const lost = [...CLIENT_CASES, ...PHONE_CASES, ...SERVICE_CASES].filter(
    ({ section }) => !numbers.has(section),
  )
  expect(lost.map(({ name, section }) => `${name}: ${section}`)).toEqual([])
})

test('the page is cited in one way', () => {
  const OTHERS = /protocol(?:\.md)?,? sections?|gotcha|protocol\.md(?!\]| \d|\)|#)/i
  const odd = [...texts].filter(([, text]) => OTHERS.test(unbroken(text))).map(([path]) => path)
  expect(odd).toEqual([])
})

/** As GitHub makes it. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

test('the table of contents has every heading, in order', () => {
  const links = Array.from(PAGE.matchAll(/\[(\d.+?)\]\(#(.+?)\)/g), ([, title, anchor]) => [title, anchor])
  expect(links).toEqual(headings.map(({ title }) => [title, anchorOf(title)]))
})

test('the sections that the page itself names are there', () => {
  const named = Array.from(
    PAGE.matchAll(/(?<!\d )[sS]ections? (\d+(?:\.\d+)*)/g),
    ([, number = '']) => number,
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(number => !numbers.has(number))).toEqual([])
})

test('the vector files that the page names are those that there are', () => {
  const named = new Set(Array.from(PAGE.matchAll(/`fixtures\/([a-z0-9-]+\.json)`/g), ([, name = '']) => name))
  const OF_NO_PROTOCOL = ['store-v1.json']
  const kept = readdirSync(new URL('fixtures', ROOT)).filter(name => name.endsWith('.json'))
  expect([...named].toSorted()).toEqual(kept.filter(name => !OF_NO_PROTOCOL.includes(name)).toSorted())
})
