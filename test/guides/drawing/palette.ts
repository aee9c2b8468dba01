/** Colours of one theme: of letters, of the card that all stands on, and of each kind of box as fill and line. */
export interface Theme {
  readonly text: string
  readonly dim: string
  readonly card: string
  readonly edge: string
  readonly boxes: Readonly<Record<Kind, readonly [fill: string, line: string]>>
}

/** What a box or an arrow stands for. */
export type Kind = 'laptop' | 'phone' | 'service' | 'secret' | 'air' | 'plain'

export const LIGHT: Theme = {
  text: '#1f2328',
  dim: '#57606a',
  card: '#ffffff',
  edge: '#d0d7de',
  boxes: {
    laptop: ['#ddf4ff', '#0969da'],
    phone: ['#dafbe1', '#1a7f37'],
    service: ['#fbefff', '#8250df'],
    secret: ['#fff8c5', '#9a6700'],
    air: ['#ffebe9', '#cf222e'],
    plain: ['#f6f8fa', '#6e7781'],
  },
}

export const DARK: Theme = {
  text: '#e6edf3',
  dim: '#9ea7b3',
  card: '#0d1117',
  edge: '#30363d',
  boxes: {
    laptop: ['#0c2d6b', '#58a6ff'],
    phone: ['#04361b', '#3fb950'],
    service: ['#3c1e70', '#bc8cff'],
    secret: ['#4b2900', '#d29922'],
    air: ['#5d0f12', '#ff7b72'],
    plain: ['#161b22', '#8b949e'],
  },
}

/** The styles of a picture, for viewers that prefer light and for those that prefer dark. */
export function styles(): readonly string[] {
  return [
    'text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }',
    '.head { font-weight: bold; }',
    '.middle { text-anchor: middle; }',
    '.end { text-anchor: end; }',
    '.line { fill: none; stroke-width: 1.5; }',
    '.dashed { stroke-dasharray: 5 4; }',
    ...themed(LIGHT),
    '@media (prefers-color-scheme: dark) {',
    ...themed(DARK).map(rule => `  ${rule}`),
    '}',
  ]
}

function themed({ text, dim, card, edge, boxes }: Theme): readonly string[] {
  return [
    `text { fill: ${text}; }`,
    `.dim { fill: ${dim}; }`,
    `.paper { fill: ${card}; }`,
    `.card { fill: ${card}; stroke: ${edge}; }`,
    `.ink { fill: ${text}; stroke: none; }`,
    ...Object.entries(boxes).flatMap(([kind, [fill, line]]) => [
      `.box.${kind} { fill: ${fill}; stroke: ${line}; }`,
      `.line.${kind} { stroke: ${line}; }`,
      `.tip.${kind} { fill: ${line}; }`,
    ]),
  ]
}
