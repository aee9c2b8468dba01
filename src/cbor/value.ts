/** What CTAP2 puts into CBOR. Integers above 2^53 - 1 in size are bigint, all others number. */
export type CborValue =
  number | bigint | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap

/** A byte string as a key is compared by identity, so `Map.get` does not find it. Iterate over such a map. */
export type CborKey = number | string | Uint8Array

/** A CBOR map; `encodeCbor` sorts its keys, so their order here does not matter. */
export type CborMap = ReadonlyMap<CborKey, CborValue>

/**
 * A map literal; members whose value is undefined are left out.
 *
 * @example
 * encodeCbor(cborMap([['id', bytes], ['name', undefined]])) // a map of one member
 */
export function cborMap(members: Iterable<readonly [CborKey, CborValue | undefined]>): CborMap {
  const map = new Map<CborKey, CborValue>()
  for (const [key, value] of members) if (value !== undefined) map.set(key, value)
  return map
}
