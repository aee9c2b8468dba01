import { createHash } from 'node:crypto'
import type { Suite } from '../harness/group.js'

const [ONE, OTHER] = ['a hash', 'the same hash']

/** How far ratios can be trusted here: what differs from 1 is noise. */
export const measure: Suite = async context => {
  const data = new Uint8Array(256)
  const run = (): unknown => createHash('sha256').update(data).digest()
  await context.group({
    name: 'hash',
    title: 'The same work against itself: what the ratio differs from 1 is noise',
    variants: [
      { name: ONE, run },
      { name: OTHER, run },
    ],
    claims: [{ of: ONE, against: OTHER }],
  })
}
