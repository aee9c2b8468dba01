import { COLOUR_COUNT, element, label, MARGIN, picture, TOP, WIDTH } from './svg.js'
import type { Caption } from './svg.js'

/** Bars with one scale. */
export interface BarGroup {
  readonly title: string
  readonly bars: readonly { readonly name: string; readonly value: number; readonly words: string }[]
}

const [HEADING, ROW, GAP] = [22, 24, 14]
const [NAMES, NUMBERS] = [230, 110]
const FULL = WIDTH - 2 * MARGIN - NAMES - NUMBERS

/** Groups below each other, each with a scale of its own that starts at 0. */
export function barGroups(caption: Caption, groups: readonly BarGroup[]): string {
  const drawn: string[] = []
  let y = TOP
  for (const { title, bars } of groups) {
    drawn.push(label(MARGIN, y + 10, title, 'start', 'soft'))
    y += HEADING
    const most = Math.max(...bars.map(({ value }) => value))
    for (const [index, { name, value, words }] of bars.entries()) {
      const width = Math.max(1, (FULL * value) / most)
      const rect = { x: MARGIN + NAMES, y, width, height: ROW - 8, class: `c${index % COLOUR_COUNT}` }
      drawn.push(
        label(MARGIN + NAMES - 10, y + 13, name, 'end'),
        element('rect', rect, element('title', {}, words)),
        label(MARGIN + NAMES + width + 8, y + 13, words),
      )
      y += ROW
    }
    y += GAP
  }
  return picture(caption, y + 6, drawn)
}
