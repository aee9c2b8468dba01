import { COLOUR_COUNT, element, label, MARGIN, picture, TOP, WIDTH } from './svg.js'
import type { Caption } from './svg.js'

/** One bar, divided into parts of the whole. */
export interface StackedBar {
  readonly name: string
  readonly total: string
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}

const [ROW, BAR, LEGEND_ROW] = [84, 34, 22]
const FULL = WIDTH - 2 * MARGIN
/** Below this share a part has no room for a word. */
const ROOM_FOR_WORDS = 0.09

/** Bars of equal length, each divided as its whole is. */
export function stackedBars(caption: Caption, bars: readonly StackedBar[]): string {
  const legendTop = TOP + bars.length * ROW
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))]
  const rows = bars.flatMap((bar, index) => drawBar(bar, TOP + index * ROW, names))
  const legend = names.flatMap((name, index) => {
    const [x, y] = [MARGIN + (index % 4) * 180, legendTop + Math.floor(index / 4) * LEGEND_ROW]
    return [
      element('rect', { x, y, width: 12, height: 12, class: colour(index) }),
      label(x + 18, y + 11, name, 'start', 'ink'),
    ]
  })
  const height = legendTop + Math.ceil(names.length / 4) * LEGEND_ROW + MARGIN
  return picture(caption, height, [...rows, ...legend])
}

function drawBar({ name, total, parts }: StackedBar, y: number, names: readonly string[]): string[] {
  const sum = parts.reduce((all, { value }) => all + value, 0)
  const drawn = [label(MARGIN, y + 12, name), label(WIDTH - MARGIN, y + 12, total, 'end', 'soft')]
  let x = MARGIN
  for (const part of parts) {
    const share = part.value / sum
    const width = FULL * share
    const percent = `${Math.round(share * 100)} %`
    const rect = {
      x,
      y: y + 20,
      width: Math.max(0, width - 1),
      height: BAR,
      class: colour(names.indexOf(part.name)),
    }
    drawn.push(element('rect', rect, element('title', {}, `${part.name}: ${percent}`)))
    if (share >= ROOM_FOR_WORDS) drawn.push(label(x + width / 2, y + 42, percent, 'middle', 'on'))
    x += width
  }
  return drawn
}

function colour(index: number): string {
  return index < COLOUR_COUNT ? `c${index}` : 'soft'
}
