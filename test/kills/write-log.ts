/** The writer puts one record after the other into so many places, each numbered by its time. */
export const SLOTS = 16

/**
 * Asserts that a store holds every write that was acknowledged, and at most one more: the one that was cut.
 * @returns the number of the last write in the store.
 */
export function lastWrite(stored: readonly number[], acknowledged: number): number {
  const counts = stored.toSorted((one, other) => one - other)
  const last = counts.at(-1) ?? 0
  if (last < acknowledged || last > acknowledged + 1) {
    throw new Error(`write ${acknowledged} was acknowledged, the store ends with ${last}`)
  }
  const expected = Array.from({ length: Math.min(last, SLOTS) }, (_, index) => last - index).reverse()
  if (counts.join() !== expected.join()) {
    throw new Error(`the store holds the writes ${counts.join()} instead of ${expected.join()}`)
  }
  return last
}
