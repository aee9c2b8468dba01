import { styles } from './palette.js'
import type { Kind } from './palette.js'

/** A picture before it is written: what it shows in words, its size in px, and its elements. */
export interface Picture {
  /** The name of its file without `.svg`. */
  readonly name: string
  readonly title: string
  /** What a reader who does not see it has to know. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly elements: readonly Element[]
}

/** One line of SVG, and the room it takes if that is known. */
export interface Element {
  readonly svg: string
  readonly left?: number
  readonly right?: number
  readonly bottom?: number
}

interface TextLook {
  readonly align?: 'middle' | 'end'
  /** `dim` for what is less important, `head` for headings, `label` for words on lines. */
  readonly look?: 'dim' | 'head' | 'label'
}

/** px a letter takes, of the widest of the fonts. */
const LETTER = 7.9
const MARGIN = 12

/** How wide a text is at most, px. */
export function widthOf(words: string): number {
  return words.length * LETTER
}

/** The text of a file. @throws Error for an element outside the picture. */
export function svgOf({ name, title, description, width, height, elements }: Picture): string {
  for (const { svg, left = 0, right = 0, bottom = 0 } of elements)
    if (left < 0 || right > width || bottom > height) throw new Error(`${name}: outside the picture: ${svg}`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-title ${name}-desc">`,
    `<title id="${name}-title">${escaped(title)}</title>`,
    `<desc id="${name}-desc">${escaped(description)}</desc>`,
    '<style>',
    ...styles(),
    '</style>',
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...elements.map(({ svg }) => svg),
    '</svg>',
    '',
  ].join('\n')
}

/** Words at a place: `y` is their base line. */
export function text(x: number, y: number, words: string, { align, look }: TextLook = {}): Element {
  const classes = [align, look].filter(each => each !== undefined).join(' ')
  const width = widthOf(words)
  const left = align === 'middle' ? x - width / 2 : align === 'end' ? x - width : x
  const attribute = classes === '' ? '' : ` class="${classes}"`
  const paper =
    look === 'label'
      ? `<rect class="paper" x="${Math.round(left)}" y="${y - 12}" width="${Math.round(width)}" height="16"/>`
      : ''
  const svg = `${paper}<text${attribute} x="${x}" y="${y}">${escaped(words)}</text>`
  return { svg, left, right: left + width, bottom: y + 4 }
}

/** A box, with lines of words in its middle. @throws Error for words that do not fit. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  kind: Kind,
  ...lines: string[]
): readonly Element[] {
  const wide = lines.find(line => widthOf(line) > width)
  if (wide !== undefined) throw new Error(`wider than its box: ${wide}`)
  const first = y + height / 2 + 5 - ((lines.length - 1) * LINE) / 2
  const svg = `<rect class="box ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`
  return [
    { svg, left: x, right: x + width, bottom: y + height },
    ...lines.map((line, index) => text(x + width / 2, first + index * LINE, line, { align: 'middle' })),
  ]
}

/** px from one line of words to the next. */
export const LINE = 17

/** A line with a tip at its end. */
export function arrow(
  from: readonly [number, number],
  to: readonly [number, number],
  kind: Kind,
  dashed = false,
): readonly Element[] {
  const angle = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI
  const tip = `<path class="tip ${kind}" d="M0 0L-9 -4.5L-9 4.5Z" transform="translate(${to[0]} ${to[1]}) rotate(${Math.round(angle)})"/>`
  return [line(from, to, kind, dashed), { svg: tip, left: to[0], right: to[0], bottom: to[1] }]
}

export function line(
  from: readonly [number, number],
  to: readonly [number, number],
  kind: Kind,
  dashed = false,
): Element {
  const classes = `line ${kind}${dashed ? ' dashed' : ''}`
  const svg = `<path class="${classes}" d="M${from[0]} ${from[1]}L${to[0]} ${to[1]}"/>`
  return {
    svg,
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    bottom: Math.max(from[1], to[1]),
  }
}

/** The title of a picture, at its top. */
export function heading(words: string): Element {
  return text(MARGIN + 4, 28, words, { look: 'head' })
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A size in words. */
export function bytesText(bytes: number): string {
  return `${bytes} byte${bytes === 1 ? '' : 's'}`
}

/** The first and last letters of a text that is too long to show. */
export function shortened(words: string, letters = 8): string {
  const half = Math.ceil(letters / 2)
  return words.length <= letters + 1 ? words : `${words.slice(0, half)}…${words.slice(-half)}`
}
