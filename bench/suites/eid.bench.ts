import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { nobleProvider } from 'fido-hybrid/wire'
import type { BenchContext, GroupSpec, Suite } from '../harness/group.js'
import { eidTrial, plainTrial } from './eid/trial.js'

/** Numbers of keys, and what is demanded of the speed against plain calls. */
const KEYS: readonly (readonly [keys: number, atLeast?: number])[] = [[1], [100, 2], [10_000]]
/** From so many keys on one run lasts longer than a sample should. */
const [MANY_KEYS, ROUNDS] = [10_000, 15]
const [NODE, NOBLE, PLAIN] = ['fido-hybrid, node', 'fido-hybrid, noble', 'one HMAC call a key']

/** One advert that is for nobody here, tried with the keys of many linked phones; noble last, as programs have one provider. */
export const measure: Suite = async context => {
  const some = KEYS.filter(([count]) => count < MANY_KEYS || !context.quick)
  for (const [count, atLeast] of some)
    await context.group({
      ...group(context, count, ''),
      variants: [
        { name: NODE, run: eidTrial(nodeCryptoProvider, count) },
        { name: PLAIN, run: plainTrial(count) },
      ],
      claims: [{ of: NODE, against: PLAIN, ...(atLeast !== undefined && { atLeast }) }],
    })
  for (const [count] of some)
    await context.group({
      ...group(context, count, ', noble'),
      variants: [
        { name: NOBLE, run: eidTrial(nobleProvider, count) },
        { name: PLAIN, run: plainTrial(count) },
      ],
      claims: [{ of: NOBLE, against: PLAIN }],
    })
}

function group(
  { quick }: BenchContext,
  count: number,
  what: string,
): Pick<GroupSpec, 'name' | 'title' | 'pace'> {
  const keys = `${count} key${count === 1 ? '' : 's'}${what}`
  return {
    name: keys,
    title: `A foreign advert tried with ${keys}`,
    ...(count >= MANY_KEYS && !quick && { pace: { rounds: ROUNDS } }),
  }
}
