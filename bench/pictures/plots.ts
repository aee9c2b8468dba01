import { formatCost } from '../harness/format.js'
import type { BenchResult, GroupResult } from '../harness/result.js'
import { barGroups } from './bar-groups.js'
import { lineChart } from './line-chart.js'
import type { Series } from './line-chart.js'
import { stackedBars } from './stacked-bars.js'
import { waterfall } from './waterfall.js'

/** The pictures that a result has the numbers for, by file name. */
export function drawPlots(result: BenchResult): ReadonlyMap<string, string> {
  const plots = {
    'handshake-operations.svg': drawOperations(result),
    'providers.svg': drawProviders(result),
    'eid-keys.svg': drawEid(result),
    'tunnels.svg': drawTunnels(result),
    'round-trips.svg': drawRoundTrips(result),
  }
  return new Map(Object.entries(plots).filter((plot): plot is [string, string] => plot[1] !== undefined))
}

function groupsOf(result: BenchResult, suite: string): readonly GroupResult[] {
  return result.groups.filter(group => group.suite === suite)
}

function drawOperations(result: BenchResult): string | undefined {
  const groups = groupsOf(result, 'handshake-operations')
  if (groups.length === 0) return undefined
  const bars = groups.map(({ name, variants }) => {
    const total = variants.reduce((sum, { p10 }) => sum + p10, 0)
    return {
      name,
      total: `${formatCost(total)} µs`,
      parts: variants.map(variant => ({ name: variant.name, value: variant.p10 })),
    }
  })
  const title = 'Where a handshake spends its time'
  const description = bars
    .map(
      ({ name, parts }) =>
        `${name}: ${parts.map(part => `${part.name} ${formatCost(part.value)} µs`).join(', ')}`,
    )
    .join('; ')
  return stackedBars({ title: `${title} (KNpsk0, both sides)`, description }, bars)
}

function drawProviders(result: BenchResult): string | undefined {
  const wanted = [
    ...groupsOf(result, 'handshake-kn'),
    ...groupsOf(result, 'sealed-traffic').filter(({ name }) => name.startsWith('256 B')),
    ...groupsOf(result, 'registration'),
  ]
  if (wanted.length === 0) return undefined
  const groups = wanted.map(({ title, unit, variants }) => ({
    title,
    bars: variants.map(({ name, p10 }) => ({ name, value: p10, words: `${formatCost(p10)} ${unit}` })),
  }))
  const description = groups
    .map(({ title, bars }) => `${title}: ${bars.map(({ name, words }) => `${name} ${words}`).join(', ')}`)
    .join('; ')
  return barGroups({ title: 'Crypto providers', description }, groups)
}

function drawEid(result: BenchResult): string | undefined {
  const series = seriesByCount(groupsOf(result, 'eid'), ({ p10 }) => p10)
  if (series.length === 0) return undefined
  return lineChart(
    { title: 'An advert tried with many keys', description: describe(series, 'µs') },
    { scale: 'log', x: 'keys', y: 'µs an advert', words: formatTick },
    series,
  )
}

const KIB_PER_MIB = 1024

function drawTunnels(result: BenchResult): string | undefined {
  const series = seriesByCount(
    groupsOf(result, 'service-memory'),
    ({ p10 }, count) => (p10 * count) / KIB_PER_MIB,
  )
  if (series.length === 0) return undefined
  const fromZero = series.map(({ name, points }) => ({ name, points: [{ x: 0, y: 0 }, ...points] }))
  return lineChart(
    { title: 'Memory of idle tunnels', description: describe(series, 'MiB') },
    { scale: 'linear', x: 'tunnels', y: 'MiB more than without', words: formatTick },
    fromZero,
  )
}

/** Groups whose name begins with a number, as one line a variant; the first group of a number that has it. */
function seriesByCount(
  groups: readonly GroupResult[],
  value: (variant: GroupResult['variants'][number], count: number) => number,
): Series[] {
  const names = [...new Set(groups.flatMap(({ variants }) => variants.map(({ name }) => name)))]
  return names.map(name => {
    const points = new Map<number, number>()
    for (const group of groups) {
      const count = parseInt(group.name, 10)
      const variant = group.variants.find(each => each.name === name)
      if (variant !== undefined && !points.has(count)) points.set(count, value(variant, count))
    }
    return { name, points: Array.from(points, ([x, y]) => ({ x, y })) }
  })
}

function describe(series: readonly Series[], unit: string): string {
  return series
    .map(
      ({ name, points }) =>
        `${name}: ${points.map(({ x, y }) => `${formatCost(y)} ${unit} at ${x}`).join(', ')}`,
    )
    .join('; ')
}

function formatTick(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 })
}

function drawRoundTrips(result: BenchResult): string | undefined {
  const { timeline } =
    groupsOf(result, 'registration-delayed').find(group => group.timeline !== undefined) ?? {}
  if (timeline === undefined) return undefined
  const description = timeline
    .map(({ lane, name, from, to }) => `${name} from the ${lane}, ${from.toFixed(1)} to ${to.toFixed(1)} ms`)
    .join('; ')
  return waterfall({ title: 'A registration through a tunnel of 25 ms each way', description }, timeline)
}
