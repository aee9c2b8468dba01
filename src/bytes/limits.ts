import { UsageError } from '../errors.js'

/** Limits that a caller may set: numbers from 0 to Infinity. */
type Limits<Name extends string> = Readonly<Record<Name, number>>

/**
 * Fills in what the caller left out; a member that is `undefined` counts as left out, so it keeps its default.
 * @param what how to call the limits in the error.
 * @throws UsageError `argument-invalid` for a limit that is not a number, or is below 0.
 */
export function limitsFrom<Name extends string>(
  what: string,
  defaults: Limits<Name>,
  given: { readonly [Limit in Name]?: number | undefined } = {},
): Limits<Name> {
  const limits: Record<Name, number> = { ...defaults }
  for (const name in defaults) limits[name] = checked(`${what}.${name}`, given[name] ?? defaults[name])
  return limits
}

function checked(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new UsageError('argument-invalid', `${name} must be a number from 0, not ${value}`)
}
