import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { nobleProvider } from 'fido-hybrid/wire'
import type { CryptoProvider } from 'fido-hybrid'
import type { BenchContext, Suite } from '../harness/group.js'
import type { Variant } from '../harness/rounds.js'
import { bareHandshake, OPERATIONS } from './handshake/bare.js'
import type { Operation } from './handshake/bare.js'
import { measuredProvider, WORK } from './handshake/measured-provider.js'
import type { Work } from './handshake/measured-provider.js'
import { parties, shakeHands } from './handshake/parties.js'

const MS_TO_US = 1000
const RUNS = { 'node provider': 20, 'noble provider': 1 }
const WARM_UP_MS = 300

/** Where the time of a handshake goes, asked of the provider while it works. */
export const measure: Suite = async context => {
  await measureOperations(context, 'node provider', nodeCryptoProvider)
  await measureBare(context)
  await measureOperations(context, 'noble provider', nobleProvider)
}

/** Points are decoded, that is checked, by us alone; the protocol around the calls is ours as well. */
const BARE: readonly (readonly [Work, Operation])[] = [
  ['key pairs', 'keyPair'],
  ['ECDH', 'ecdh'],
  ['HMAC', 'hmac'],
  ['SHA-256', 'sha256'],
  ['AEAD', 'aead'],
]

async function measureBare(context: BenchContext): Promise<void> {
  const none = { keyPair: 0, ecdh: 0, hmac: 0, sha256: 0, aead: 0 }
  await context.group({
    name: 'bare node:crypto',
    title: 'The same operations in bare node:crypto calls',
    variants: BARE.map(([name, operation]) => ({
      name,
      run: bareHandshake({ ...none, [operation]: OPERATIONS[operation] }),
    })),
    claims: [],
  })
}

async function measureOperations(
  context: BenchContext,
  name: keyof typeof RUNS,
  inner: CryptoProvider,
): Promise<void> {
  const measured = measuredProvider(inner)
  const both = parties(measured.crypto, 'qr-initiated', measured.keyOf(inner.generateEcdhKey()))
  const parts = new Map<string, number>()
  const runs = RUNS[name]
  // One sample measures all parts, and the variants tell them one by one.
  const take = (): void => {
    measured.forget()
    const start = performance.now()
    for (let run = 0; run < runs; run++) shakeHands(measured.crypto, both)
    const total = performance.now() - start
    const inside = [...measured.spent.values()].reduce((sum, part) => sum + part, 0)
    for (const work of WORK) parts.set(work, ((measured.spent.get(work) ?? 0) * MS_TO_US) / runs)
    parts.set('protocol', ((total - inside) * MS_TO_US) / runs)
  }
  const variants: Variant[] = [...WORK, 'protocol'].map(work => ({
    name: work,
    sample: () => {
      if (!parts.has(work)) take()
      const part = parts.get(work) ?? NaN
      parts.delete(work)
      return part
    },
  }))
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) take()
  await context.group({
    name,
    title: `Where a KNpsk0 handshake spends its time, both sides, ${name}`,
    variants,
    claims: [],
  })
}
