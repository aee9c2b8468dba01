import { element, label, MARGIN, picture, TOP, WIDTH } from './svg.js'
import type { Caption } from './svg.js'

/** One line of a chart. */
export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** How the axes are read. */
export interface Axes {
  readonly scale: 'log' | 'linear'
  readonly x: string
  readonly y: string
  readonly words: (y: number) => string
}

const [LEFT, RIGHT, HEIGHT, BOTTOM] = [90, 190, 250, 60]
const PLOT_WIDTH = WIDTH - LEFT - RIGHT

/** Lines with a point for each measurement; both axes logarithmic, or both linear from 0. */
export function lineChart(caption: Caption, axes: Axes, series: readonly Series[]): string {
  const points = series.flatMap(({ points: each }) => each)
  const [across, up] = [
    scaleOf(
      points.map(({ x }) => x),
      axes.scale,
    ),
    scaleOf(
      points.map(({ y }) => y),
      axes.scale,
    ),
  ]
  const px = (x: number): number => LEFT + across.place(x) * PLOT_WIDTH
  const py = (y: number): number => TOP + (1 - up.place(y)) * HEIGHT
  const grid = up.ticks.flatMap(tick => [
    element('line', { x1: LEFT, x2: LEFT + PLOT_WIDTH, y1: py(tick), y2: py(tick), class: 'line' }),
    label(LEFT - 8, py(tick) + 4, axes.words(tick), 'end', 'soft small'),
  ])
  const xs = [...new Set(points.map(({ x }) => x))]
  const below = xs.map(x => label(px(x), TOP + HEIGHT + 20, x.toLocaleString('en'), 'middle', 'soft small'))
  const lines = series.flatMap(({ name, points: each }, index) => drawSeries(name, each, index))
  return picture(caption, TOP + HEIGHT + BOTTOM, [
    ...grid,
    ...below,
    label(LEFT + PLOT_WIDTH / 2, TOP + HEIGHT + 42, axes.x, 'middle', 'soft'),
    label(MARGIN, TOP - 8, axes.y, 'start', 'soft small'),
    ...lines,
    ...endLabels(series, py),
  ])

  function drawSeries(name: string, each: Series['points'], index: number): string[] {
    const path = each.map(({ x, y }) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ')
    return [
      element('polyline', { points: path, class: `s${index}`, 'stroke-width': 2 }),
      ...each.map(({ x, y }) =>
        element(
          'circle',
          { cx: px(x), cy: py(y), r: 4, class: `c${index}` },
          element('title', {}, `${name}: ${axes.words(y)} at ${x}`),
        ),
      ),
    ]
  }
}

const LABEL_GAP = 18

/** Names beside the ends of the lines, moved apart where they would touch. */
function endLabels(series: readonly Series[], py: (y: number) => number): string[] {
  const ends = series
    .map(({ name, points }, index) => ({ name, index, y: py(points.at(-1)?.y ?? 0) }))
    .sort((left, right) => left.y - right.y)
  let free = -Infinity
  return ends.flatMap(({ name, index, y }) => {
    free = Math.max(y, free + LABEL_GAP)
    const x = LEFT + PLOT_WIDTH + 14
    return [
      element('rect', { x, y: free - 6, width: 10, height: 10, class: `c${index}` }),
      label(x + 16, free + 4, name),
    ]
  })
}

interface Scale {
  /** 0 to 1. */
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

function scaleOf(values: readonly number[], kind: Axes['scale']): Scale {
  const most = Math.max(...values)
  if (kind === 'linear') {
    const step = 10 ** Math.floor(Math.log10(most))
    const top = Math.ceil(most / step) * step
    return { place: value => value / top, ticks: Array.from({ length: 5 }, (_, index) => (top * index) / 4) }
  }
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)))
  return {
    place: value => (Math.log10(value) - low) / (high - low),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  }
}
