/** Attributes of an element; numbers are written with two decimals at most. */
type Attributes = Readonly<Record<string, string | number>>

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML and HTML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, character => escapes[character] ?? character)
}

/** One element; what is inside has to be escaped or made by this function. */
export function element(name: string, attributes: Attributes, ...inside: readonly string[]): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(written(value))}"`)
  return `<${name}${pairs.join('')}>${inside.join('')}</${name}>`
}

/** A line of text; `anchor` is start, middle or end. */
export function label(x: number, y: number, text: string, anchor = 'start', className = 'ink'): string {
  return element('text', { x, y, 'text-anchor': anchor, class: className }, escapeText(text))
}

function written(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value
}

/** Six colours for both backgrounds, dark enough for white words on them; `.c0` to `.c5`. */
const COLOURS = ['#3a5fc8', '#b65f00', '#2b7d49', '#9a47b2', '#c2334a', '#6b635a']
export const COLOUR_COUNT: number = COLOURS.length

const STYLE = [
  'text{font:13px system-ui,sans-serif}.title{font-weight:600;font-size:15px}.small{font-size:11px}',
  '.ink{fill:#1b1b1b}.soft{fill:#5a5a5a}.line{stroke:#c9c9c9}.paper{fill:#fff}.on{fill:#fff}',
  '@media(prefers-color-scheme:dark){.ink{fill:#ececec}.soft{fill:#a9a9a9}.line{stroke:#4a4a4a}.paper{fill:#16181c}}',
  ...COLOURS.map((colour, index) => `.c${index}{fill:${colour}}.s${index}{stroke:${colour};fill:none}`),
].join('')

/** What a picture is about, for those who do not see it as well. */
export interface Caption {
  readonly title: string
  readonly description: string
}

export const WIDTH = 760
export const MARGIN = 20
/** Where the picture starts below its title. */
export const TOP = 54

/** A whole document, light or dark as the reader’s system is. */
export function picture({ title, description }: Caption, height: number, body: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
    },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    element('style', {}, STYLE),
    element('rect', { width: WIDTH, height, class: 'paper' }),
    label(MARGIN, 28, title, 'start', 'ink title'),
    ...body,
  )
}
