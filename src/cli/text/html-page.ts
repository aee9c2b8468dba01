import { createHash } from 'node:crypto'

/** The meaning of a text. It is also told in words, because a colour alone says nothing. */
export type HtmlTone = 'good' | 'bad' | 'warning' | 'quiet'

/** A cell of a table, or a line of text. */
export type HtmlText =
  | string
  | number
  | {
      readonly text: string
      readonly tone?: HtmlTone | undefined
      /** The `id` of a section of the same page, which the text leads to. */
      readonly to?: string | undefined
    }

/** A table. A row may be shorter than the head. */
export interface HtmlTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly HtmlText[])[]
}

/** One line of a timeline. */
export interface HtmlBar {
  readonly label: string
  /** In the unit of `until`; `end` is not before `start`. */
  readonly start: number
  readonly end: number
  /** The text after the bar, such as its time in words. */
  readonly note: string
  readonly tone?: HtmlTone | undefined
}

/** Bars over one axis from 0. */
export interface HtmlTimeline {
  readonly until: number
  readonly bars: readonly HtmlBar[]
}

/** A part of a section: exactly one of these. */
export type HtmlBlock =
  | { readonly paragraph: HtmlText }
  | { readonly list: readonly HtmlText[] }
  | { readonly table: HtmlTable }
  | { readonly timeline: HtmlTimeline }
  /** Text with its line breaks, such as what a program printed. */
  | { readonly preformatted: string }
  /** Blocks that stay folded until the reader opens them. */
  | { readonly folded: readonly HtmlBlock[]; readonly summary: HtmlText }

/** A part of a page, with a heading. */
export interface HtmlSection {
  readonly heading: string
  /** What other parts of the page lead to it by. */
  readonly id?: string | undefined
  readonly blocks: readonly HtmlBlock[]
}

/** A page as data: each text in it is text, and nothing in it can be a tag. */
export interface HtmlPage {
  readonly title: string
  /** What stands under the title. */
  readonly lead?: HtmlText | undefined
  readonly sections: readonly HtmlSection[]
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --good: #17692f; --bad: #b3261e; --warning: #8a5300; --quiet: #5f6368; --bar: #2f6fc4; --line: #d0d4d9 }
@media (prefers-color-scheme: dark) { :root {
  --good: #7fd69a; --bad: #ff9b92; --warning: #f2bd6b; --quiet: #a3a9b0; --bar: #7fb0f2; --line: #3d4349 } }
body { max-width: 64rem; margin: 0 auto; padding: 1rem; background: Canvas; color: CanvasText; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25 }
h2 { margin-top: 2rem; font-size: 1.2rem; line-height: 1.25 }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal }
pre { overflow-x: auto; padding: .5rem; border: 1px solid var(--line) }
summary { cursor: pointer }
svg { display: block; width: 40vw; max-width: 28rem; height: 1.5rem; fill: var(--bar) }
.good { color: var(--good) } .bad { color: var(--bad) } .warning { color: var(--warning) } .quiet { color: var(--quiet) }
svg.good, svg.bad, svg.warning, svg.quiet { fill: currentColor }
@media (max-width: 36rem) { body { padding: .5rem } th, td { padding-right: .5rem } svg { width: 30vw } }`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`

/** The whole page as one file: it runs no script and asks the network for nothing. */
export function htmlPage({ title, lead, sections }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${escaped(POLICY)}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${lead === undefined ? '' : paragraph(lead)}
${sections.map(section).join('\n')}
</main>
</body>
</html>
`
}

function section({ heading, id, blocks }: HtmlSection): string {
  const name = id === undefined ? '' : ` id="${anchor(id)}"`
  return `<section${name}>\n<h2>${escaped(heading)}</h2>\n${blocks.map(block).join('\n')}\n</section>`
}

function block(part: HtmlBlock): string {
  if ('paragraph' in part) return paragraph(part.paragraph)
  if ('list' in part) return `<ul>\n${part.list.map(item => `<li>${inline(item)}</li>`).join('\n')}\n</ul>`
  if ('table' in part) return table(part.table)
  if ('timeline' in part) return timeline(part.timeline)
  if ('preformatted' in part) return `<pre>${escaped(part.preformatted)}</pre>`
  const { summary, folded } = part
  return `<details>\n<summary>${inline(summary)}</summary>\n${folded.map(block).join('\n')}\n</details>`
}

function paragraph(text: HtmlText): string {
  return `<p>${inline(text)}</p>`
}

function table({ head, rows }: HtmlTable): string {
  const heads = head.map(name => `<th scope="col">${escaped(name)}</th>`).join('')
  const lines = rows.map(row => `<tr>${row.map(cell => `<td>${inline(cell)}</td>`).join('')}</tr>`)
  return wide(`<thead><tr>${heads}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>`)
}

function wide(rows: string): string {
  return `<div class="wide"><table>\n${rows}\n</table></div>`
}

/** The axis of a bar, in the user units of its SVG. */
const AXIS = 1000
/** What a moment is drawn as. */
const LEAST_WIDTH = 6

function timeline({ until, bars }: HtmlTimeline): string {
  const place = (time: number): number => Math.round((AXIS * Math.min(time, until)) / Math.max(until, 1))
  const lines = bars.map(({ label, start, end, note, tone }) => {
    const width = Math.max(LEAST_WIDTH, place(end) - place(start))
    const x = Math.min(place(start), AXIS - LEAST_WIDTH)
    const rect = `<rect x="${x}" y="4" width="${width}" height="12" rx="2"/>`
    const picture = `<svg${toneClass(tone)} viewBox="0 0 ${AXIS} 20" preserveAspectRatio="none" aria-hidden="true">${rect}</svg>`
    return `<tr><th scope="row">${escaped(label)}</th><td>${picture}</td><td>${inline({ text: note, tone })}</td></tr>`
  })
  return wide(`<tbody>\n${lines.join('\n')}\n</tbody>`)
}

function inline(part: HtmlText): string {
  if (typeof part !== 'object') return escaped(String(part))
  const { text, tone, to } = part
  const words = to === undefined ? escaped(text) : `<a href="#${anchor(to)}">${escaped(text)}</a>`
  return tone === undefined ? words : `<span${toneClass(tone)}>${words}</span>`
}

function toneClass(tone: HtmlTone | undefined): string {
  return tone === undefined ? '' : ` class="${tone}"`
}

/** An `id` may hold no white space, and what leads to it is a part of a URL. */
function anchor(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_-]/gu, '-')
}

/** What makes markup, and what plays tricks with the text around it, such as letters that turn its direction. */
const HARMFUL = /[&<>"']|(?![\n\t])\p{C}/gu

function escaped(text: string): string {
  return text.replaceAll(HARMFUL, letter => (/\p{C}/u.test(letter) ? '\uFFFD' : `&#${letter.charCodeAt(0)};`))
}
