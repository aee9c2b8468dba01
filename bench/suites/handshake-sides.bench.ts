import type { CryptoProvider, EcdhKey } from 'fido-hybrid'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { nobleProvider } from 'fido-hybrid/wire'
import type { BenchContext, GroupSpec, Suite } from '../harness/group.js'
import type { Variant } from '../harness/rounds.js'
import { bareHandshake, OPERATIONS } from './handshake/bare.js'
import { parties } from './handshake/parties.js'
import type { Transaction } from './handshake/parties.js'

/** Making keys beforehand takes longer than what is measured. */
const ROUNDS = 41
const [BOTH, BARE] = ['both sides, keys made early', 'bare node:crypto, keys made early']
const PATTERNS = { KNpsk0: 'qr-initiated', NKpsk0: 'state-assisted' } as const

/**
 * What each side waits for, once ephemeral and identity keys are made while people are busy with the QR code. Noble comes
 * last, as programs have one provider.
 */
export const measure: Suite = async context => {
  for (const [pattern, transaction] of Object.entries(PATTERNS))
    await context.group({
      ...group(context, pattern, 'node'),
      variants: [
        ...sides(nodeCryptoProvider, transaction),
        { name: BARE, run: bareHandshake({ ...OPERATIONS, keyPair: 0 }) },
      ],
      claims: [{ of: BOTH, against: BARE }],
    })
  for (const [pattern, transaction] of Object.entries(PATTERNS))
    await context.group({
      ...group(context, pattern, 'noble'),
      variants: sides(nobleProvider, transaction),
      claims: [],
    })
}

function group(
  { quick }: BenchContext,
  pattern: string,
  provider: string,
): Pick<GroupSpec, 'name' | 'title' | 'pace'> {
  return {
    name: `${pattern}, ${provider}`,
    title: `${pattern} side by side on ${provider}, and the critical path`,
    ...(!quick && { pace: { rounds: ROUNDS } }),
  }
}

/** Keys are used up by a handshake, and so is a handshake between its messages: each sample gets new ones beforehand. */
function sides(crypto: CryptoProvider, transaction: Transaction): Variant[] {
  const { start, answer } = parties(crypto, transaction)
  const fresh = (runs: number): EcdhKey[] => Array.from({ length: runs }, () => crypto.generateEcdhKey())
  let [own, others]: [EcdhKey[], EcdhKey[]] = [[], []]
  let started: ReturnType<typeof start>[] = []
  let messages: Uint8Array[] = []
  return [
    {
      name: 'client, message 1',
      prepare: runs => void (own = fresh(runs)),
      run: index => start(at(own, index)),
    },
    {
      name: 'phone, message 2',
      prepare: runs => {
        own = fresh(runs)
        messages = fresh(runs).map(key => start(key).message1)
      },
      run: index => answer(at(own, index), at(messages, index)),
    },
    {
      name: 'client, traffic keys',
      prepare: runs => {
        started = fresh(runs).map(start)
        messages = started.map(({ message1 }) => answer(crypto.generateEcdhKey(), message1).message2)
      },
      run: index => at(started, index).finish(at(messages, index)),
    },
    {
      name: BOTH,
      prepare: runs => void ([own, others] = [fresh(runs), fresh(runs)]),
      run: index => {
        const client = start(at(own, index))
        client.finish(answer(at(others, index), client.message1).message2)
      },
    },
  ]
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError(`nothing was prepared for run ${index}`)
  return item
}
