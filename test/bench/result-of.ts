import type { BenchResult, ClaimResult, GroupResult } from '../../bench/harness/result.js'

/** A result of one group with these claims, or of these groups. */
export function resultOf(
  claims: readonly ClaimResult[],
  groups: readonly GroupResult[] = [groupOf('suite', 'group', claims)],
): BenchResult {
  return {
    version: 1,
    startedAt: '2025-11-22T12:00:00.000Z',
    quick: false,
    machine: {
      node: 'v20.19.0',
      openssl: '3.0.19',
      v8: '11.3',
      platform: 'linux x64',
      cpu: 'A <fast> processor',
      cores: 2,
      load: [0.5, 1],
    },
    groups,
    omitted: [{ name: 'a peer', reason: 'not installed' }],
  }
}

/** A group of two variants. */
export function groupOf(
  suite: string,
  name: string,
  claims: readonly ClaimResult[] = [],
  variants: GroupResult['variants'] = [
    { name: 'ours', p10: 2, p50: 2.5, p90: 4 },
    { name: 'bare', p10: 1, p50: 1.5, p90: 3 },
  ],
): GroupResult {
  return { suite, name, title: `${suite} of ${name}`, unit: 'µs', rounds: 41, variants, claims }
}
