import type { CborKey, CborMap, CborValue } from './value.js'

/**
 * A map whose members are given by name; those whose value is undefined are left out.
 * @param keys of the members by their names.
 */
export function keyedMap<Name extends string>(
  keys: Readonly<Record<Name, CborKey>>,
  members: { readonly [Member in NoInfer<Name>]?: CborValue | undefined },
): CborMap {
  const map = new Map<CborKey, CborValue>()
  for (const name in keys) {
    const value = members[name]
    if (value !== undefined) map.set(keys[name], value)
  }
  return map
}
