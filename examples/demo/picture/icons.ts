import { element } from '../../../bench/pictures/svg.js'

/** Where the icons stand. */
const BASE = 112

/** A laptop with a QR code on its screen, its middle at `x`. */
export function laptopIcon(x: number, className: string): string {
  return element(
    'g',
    {},
    element('rect', { x: x - 36, y: BASE - 62, width: 72, height: 50, rx: 5, class: className }),
    element('rect', { x: x - 31, y: BASE - 57, width: 62, height: 40, rx: 2, fill: '#fff' }),
    qrIcon(x - 16.5, BASE - 53.5, 3),
    element('rect', { x: x - 46, y: BASE - 11, width: 92, height: 7, rx: 3.5, class: className }),
  )
}

/** A phone that has a passkey. */
export function phoneIcon(x: number, className: string): string {
  return element(
    'g',
    {},
    element('rect', { x: x - 19, y: BASE - 68, width: 38, height: 66, rx: 7, class: className }),
    element('rect', { x: x - 15, y: BASE - 62, width: 30, height: 52, rx: 2, fill: '#fff' }),
    element('circle', { cx: x, cy: BASE - 44, r: 7, class: className }),
    element('path', { d: `M${x - 2} ${BASE - 38}h4v22h-4zm4 12h5v4h-5zm0 6h4v4h-4z`, class: className }),
    element('circle', { cx: x, cy: BASE - 46, r: 2.2, fill: '#fff' }),
  )
}

/** A server of three units. */
export function serviceIcon(x: number, className: string): string {
  const units = [0, 1, 2].flatMap(unit => {
    const y = BASE - 62 + unit * 20
    return [
      element('rect', { x: x - 32, y, width: 64, height: 17, rx: 3, class: className }),
      element('circle', { cx: x - 22, cy: y + 8.5, r: 2.5, fill: '#fff' }),
      element('rect', { x: x + 2, y: y + 7, width: 22, height: 3, fill: '#fff' }),
    ]
  })
  return element('g', {}, ...units)
}

/** The look of a QR code, which says nothing. */
const MODULES = [
  '###.#.#.###',
  '#.#..##.#.#',
  '###.#...###',
  '...##.#....',
  '#.#..#.##.#',
  '.##.#.#..#.',
  '#..##..#.##',
  '....#.##.#.',
  '###..#..#.#',
  '#.#.##.##..',
  '###..#.#.##',
]

function qrIcon(x: number, y: number, size: number): string {
  const squares = MODULES.flatMap((row, down) =>
    Array.from(row, (module, across) =>
      module === '#' ? `M${x + across * size} ${y + down * size}h${size}v${size}h-${size}z` : '',
    ),
  )
  return element('path', { d: squares.join(''), fill: '#1b1b1b' })
}
