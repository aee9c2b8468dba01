import { serviceLimits } from '../../service/limits.js'
import type { TunnelServiceLimits } from '../../service/limits.js'
import { badUsage, checkUsage } from '../failure.js'

const ASSIGNMENT = /^(\w+)=(\d+)$/
const DEFAULTS: ReadonlyMap<string, number> = new Map(Object.entries(serviceLimits()))

/** What `--limits` takes, with the defaults, for its help. */
export const LIMITS_HELP: string = Array.from(DEFAULTS, ([name, value]) => `  ${name}=${value}`).join('\n')

/**
 * Reads `name=number`, with commas between several.
 * @throws CommandLineError for an unknown name or a malformed number.
 */
export function parseLimits(text: string | undefined): Partial<TunnelServiceLimits> {
  if (text === undefined) return {}
  const entries = text.split(',').map(assignment => {
    const [, name = '', digits = ''] = ASSIGNMENT.exec(assignment) ?? []
    if (!DEFAULTS.has(name))
      throw badUsage(
        `--limits takes name=number, not ${assignment}; the names are ${[...DEFAULTS.keys()].join(', ')}`,
      )
    return [name, Number(digits)] as const
  })
  const limits: Partial<TunnelServiceLimits> = Object.fromEntries(entries)
  checkUsage(() => serviceLimits(limits))
  return limits
}
