import { UsageError } from '../errors.js'

/**
 * Refuses options that lack a member, as those from plain JavaScript may.
 * @param what needs the members, for the error.
 * @throws UsageError `argument-invalid` that names the first missing one.
 */
export function requireMembers<Options extends object>(
  what: string,
  options: Options | undefined,
  names: readonly (keyof Options & string)[],
): void {
  const missing = names.find(name => (options?.[name] ?? undefined) === undefined)
  if (missing !== undefined) throw new UsageError('argument-invalid', `${what} needs ${missing}`)
}
