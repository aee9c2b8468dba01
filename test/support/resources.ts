import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'

const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout']

/** Handles are given back in the turn after their `close` event; a busy test runner has timers of its own for longer. */
const PATIENCE_MS = 3000

type Counts = ReadonlyMap<string, number>

/** The sockets, servers and timers that keep this process busy now. */
export function openResources(): Counts {
  const open = process.getActiveResourcesInfo()
  return new Map(KINDS.map(kind => [kind, open.filter(each => each === kind).length]))
}

/** Expects that nothing is open that was not before. */
export async function expectNothingMoreOpen(before: Counts): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end && surplus(before).length > 0) await setImmediate()
  expect(surplus(before)).toEqual([])
}

function surplus(before: Counts): readonly string[] {
  return [...openResources()].flatMap(([kind, count]) => (count > (before.get(kind) ?? 0) ? [kind] : []))
}
