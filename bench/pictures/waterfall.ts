import type { TimelineEvent } from '../harness/result.js'
import { element, label, MARGIN, picture, TOP, WIDTH } from './svg.js'
import type { Caption } from './svg.js'

const [NAMES, ROW, AXIS] = [240, 28, 40]
const FULL = WIDTH - 2 * MARGIN - NAMES
const TICK_MS = 25

/** Messages on their way, one below the other: what overlaps costs nothing, what stands in line is waited for. */
export function waterfall(caption: Caption, events: readonly TimelineEvent[]): string {
  const end = Math.ceil(Math.max(...events.map(({ to }) => to)) / TICK_MS) * TICK_MS
  const at = (ms: number): number => MARGIN + NAMES + (ms / end) * FULL
  const bottom = TOP + events.length * ROW
  const ticks = Array.from({ length: end / TICK_MS + 1 }, (_, index) => index * TICK_MS)
  const lanes = [...new Set(events.map(({ lane }) => lane))]
  const grid = ticks.flatMap(ms => [
    element('line', { x1: at(ms), x2: at(ms), y1: TOP - 6, y2: bottom, class: 'line' }),
    label(at(ms), bottom + 18, `${ms} ms`, 'middle', 'soft small'),
  ])
  const bars = events.flatMap(({ lane, name, from, to }, index) => {
    const y = TOP + index * ROW
    const words = `${from.toFixed(1)} to ${to.toFixed(1)}`
    const rect = {
      x: at(from),
      y,
      width: at(to) - at(from),
      height: ROW - 8,
      class: `c${lanes.indexOf(lane)}`,
    }
    return [
      label(MARGIN, y + 15, `${name}, ${lane}`),
      element('rect', rect, element('title', {}, `${words} ms`)),
      label(at(from) + 6, y + 15, words, 'start', 'on small'),
    ]
  })
  return picture(caption, bottom + AXIS, [...grid, ...bars])
}
