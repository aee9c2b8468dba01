import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { htmlPage } from '../../src/cli/text/html-page.js'
import type {
  HtmlBar,
  HtmlBlock,
  HtmlPage,
  HtmlSection,
  HtmlTable,
  HtmlText,
  HtmlTimeline,
  HtmlTone,
} from '../../src/cli/text/html-page.js'

const page = (...blocks: HtmlBlock[]): HtmlPage => ({
  title: 'A report',
  sections: [{ heading: 'Part', id: 'part', blocks }],
})

const HOSTILE = `<img src=x onerror=alert(1)>"'&\u202e\u0000`

/** One block of each kind, with the same text wherever a text can stand. */
const everywhere = (text: string): HtmlPage => {
  const toned = (tone: HtmlTone, to?: string): HtmlText => ({ text, tone, to })
  const table: HtmlTable = { head: [text], rows: [[text, toned('good')], [1]] }
  const bar: HtmlBar = { label: text, start: 0, end: 5, note: text }
  const timeline: HtmlTimeline = { until: 10, bars: [bar] }
  const blocks: readonly HtmlBlock[] = [
    { paragraph: text },
    { list: [text, toned('bad', text)] },
    { table },
    { timeline },
    { preformatted: text },
    { folded: [{ paragraph: text }], summary: text },
  ]
  const section: HtmlSection = { heading: text, id: text, blocks }
  return { title: text, lead: toned('quiet'), sections: [section] }
}

const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? []

describe('a page', () => {
  it('shows each text as text, wherever it stands', () => {
    const html = htmlPage(everywhere(HOSTILE))
    expect(html).not.toContain('<img')
    expect(html).not.toMatch(/[\u202e\u0000]/)
    expect(html.match(/&#60;img src=x onerror=alert\(1\)&#62;&#34;&#39;&#38;\uFFFD\uFFFD/g)).toHaveLength(15)
    const shape = (text: string): readonly string[] => tagsOf(text).map(tag => tag.replace(/-{2,}/g, '-'))
    expect(shape(html).length).toBe(tagsOf(htmlPage(everywhere('x'))).length)
  })

  it('asks the network for nothing and runs nothing', () => {
    const html = htmlPage(everywhere('x'))
    expect(html).not.toMatch(/<script|<link|<iframe|<object|<form|<base|src=|url\(|@import|https?:|style="/)
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(html) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(html).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    )
  })

  it('has a title, light and dark, and the width of a phone', () => {
    const html = htmlPage(page({ paragraph: 'x' }))
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('<title>A report</title>')
    expect(html).toContain('<h1>A report</h1>')
    expect(html).toContain('color-scheme: light dark')
    expect(html).toContain('(prefers-color-scheme: dark)')
    expect(html).toContain('<meta name="viewport" content="width=device-width">')
  })

  it('leads from one part to another, by names that can stand in a URL', () => {
    const html = htmlPage({
      title: 'x',
      sections: [{ heading: 'y', id: 'case 1/a', blocks: [{ paragraph: { text: 'up', to: 'case 1/a' } }] }],
    })
    expect(html).toContain('<section id="case-1-a">')
    expect(html).toContain('<a href="#case-1-a">up</a>')
  })

  it('keeps the line breaks of what a program printed', () => {
    expect(htmlPage(page({ preformatted: 'a\n\tb' }))).toContain('<pre>a\n\tb</pre>')
  })
})

describe('a timeline', () => {
  const rectsOf = (until: number, ...times: readonly (readonly [number, number])[]): readonly string[] => {
    const bars = times.map(([start, end]) => ({ label: 'a', start, end, note: 'b' }))
    return htmlPage(page({ timeline: { until, bars } })).match(/x="\d+" y="4" width="\d+"/g) ?? []
  }

  it('draws each bar at its place', () => {
    expect(rectsOf(200, [0, 200], [50, 150])).toEqual([
      'x="0" y="4" width="1000"',
      'x="250" y="4" width="500"',
    ])
  })

  it('draws a moment so that it is seen, also at the end', () => {
    expect(rectsOf(200, [100, 100], [200, 200])).toEqual([
      'x="500" y="4" width="6"',
      'x="994" y="4" width="6"',
    ])
  })

  it('takes no time at all, and times beyond its end', () => {
    expect(rectsOf(0, [0, 0])).toEqual(['x="0" y="4" width="6"'])
    expect(rectsOf(10, [0, 20])).toEqual(['x="0" y="4" width="1000"'])
  })
})
