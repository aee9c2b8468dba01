import { formatCost, formatRatio } from './format.js'
import type { BenchResult, ClaimResult, GroupResult, VariantResult } from './result.js'

/** How a table is painted; plain where no terminal reads it. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly red: (text: string) => string
}

const QUICK =
  'A quick run: it shows that everything works. A ratio that is off its limit by a tenth or two says nothing.'

/** What a run found, for people. */
export function renderTable(result: BenchResult, paint: Paint): string {
  const { machine } = result
  const head = [
    `Node ${machine.node}, OpenSSL ${machine.openssl}, V8 ${machine.v8}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}; load ${machine.load.join(' to ')}`,
    ...(result.quick ? [QUICK] : []),
  ]
  const groups = result.groups.map(group => renderGroup(group, paint))
  const omitted = result.omitted.map(({ name, reason }) => paint.dim(`left out: ${name}: ${reason}`))
  return [head.join('\n'), ...groups, omitted.join('\n'), renderVerdict(result, paint)]
    .filter(part => part !== '')
    .join('\n\n')
}

function renderGroup(
  { suite, name, title, unit, rounds, variants, claims }: GroupResult,
  paint: Paint,
): string {
  const width = Math.max(...variants.map(variant => variant.name.length))
  const lines = variants.map(variant => renderVariant(variant, unit, width))
  const words = claims.map(claim => `  ${renderClaim(claim, paint)}`)
  const heading = `${paint.bold(title)} ${paint.dim(`(${suite}/${name}; ${rounds} rounds, ${unit})`)}`
  return [heading, ...lines, ...words].join('\n')
}

function renderVariant({ name, p10, p50, p90 }: VariantResult, unit: string, width: number): string {
  const cost = formatCost(p10).padStart(10)
  const spread = p10 === p90 ? '' : `   p50 ${formatCost(p50)}, p90 ${formatCost(p90)}`
  const rate = unit === 'µs' ? `   ${Math.round(1e6 / p10).toLocaleString('en')}/s` : ''
  return `  ${name.padEnd(width)} ${cost}${spread}${rate}`
}

function renderClaim(claim: ClaimResult, paint: Paint): string {
  const words = claimWords(claim)
  if (claim.met === undefined) return paint.dim(`· ${words}`)
  return claim.met ? paint.green(`✓ ${words}`) : paint.red(`✗ ${words}`)
}

/** A comparison in one line. */
function claimWords({ of, against, measure, value, low, high, limit }: ClaimResult): string {
  const spread = low === high ? '' : ` (${formatRatio(low)} to ${formatRatio(high)})`
  const demand = limit === undefined ? '' : `; limit ${measure === 'speed' ? '≥' : '≤'} ${formatRatio(limit)}`
  const fact =
    measure === 'speed'
      ? `${formatRatio(value)} × the speed of ${against}`
      : `${formatRatio(value)} × the cost of ${against}`
  return `${of}: ${fact}${spread}${demand}`
}

/** Claims with a limit, and how many of them are missed. */
export function verdict({ groups }: BenchResult): { limits: number; missed: number } {
  const limited = groups.flatMap(({ claims }) => claims).filter(({ met }) => met !== undefined)
  return { limits: limited.length, missed: limited.filter(({ met }) => met === false).length }
}

function renderVerdict(result: BenchResult, paint: Paint): string {
  const { limits, missed } = verdict(result)
  if (limits === 0) return 'No limits are set for what was measured.'
  const words = `${limits - missed} of ${limits} limits met`
  return missed === 0 ? paint.green(words) : paint.red(words)
}
