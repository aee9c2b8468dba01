import type { ClaimResult, GroupResult } from './result.js'

/** Names a comparison across runs. */
export function claimKey(
  { suite, name }: Pick<GroupResult, 'suite' | 'name'>,
  { of, against, measure }: Pick<ClaimResult, 'of' | 'against' | 'measure'>,
): string {
  return `${suite}/${name}: ${of}, ${measure} against ${against}`
}
