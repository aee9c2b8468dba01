import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { nobleProvider } from 'fido-hybrid/wire'
import type { Suite } from '../../harness/group.js'
import type { Variant } from '../../harness/rounds.js'
import { bareHandshake } from './bare.js'
import { nativeHandshake } from './native.js'
import { parties, shakeHands } from './parties.js'
import type { Transaction } from './parties.js'

const [NODE, NOBLE, BARE, C] = [
  'fido-hybrid, node',
  'fido-hybrid, noble',
  'bare node:crypto',
  'OpenSSL from C',
]

/**
 * Both sides of a handshake through the public API, against the primitives alone, in JavaScript and in C (by itself: after a
 * child process caches are cold), and then against our other provider: noble comes last, for a program has one provider, and
 * code that has met two is compiled less well.
 */
export function wholeHandshake(transaction: Transaction, pattern: string): Suite {
  return async context => {
    const ours: Variant = { name: NODE, run: whole(nodeCryptoProvider, transaction) }
    const bare: Variant = { name: BARE, run: bareHandshake() }
    await context.group({
      name: 'bare',
      title: `${pattern}, both sides: 2 key pairs, 4 ECDH, 32 HMAC, 14 SHA-256, 4 AEAD`,
      variants: [ours, bare],
      claims: [{ of: NODE, against: BARE, atLeast: 0.9 }],
    })
    const native = await nativeHandshake()
    if ('reason' in native) context.omit({ name: C, reason: native.reason })
    else
      await context.group({
        name: 'native',
        title: `${pattern}, both sides, and the same operations without JavaScript`,
        variants: [ours, bare, { name: C, sample: native.sample }],
        claims: [
          { of: NODE, against: C },
          { of: BARE, against: C },
        ],
      })
    await context.group({
      name: 'providers',
      title: `${pattern}, both sides, on either provider`,
      variants: [ours, { name: NOBLE, run: whole(nobleProvider, transaction) }],
      claims: [{ of: NODE, against: NOBLE, atLeast: 20 }],
    })
  }
}

function whole(crypto: typeof nobleProvider, transaction: Transaction): () => void {
  const both = parties(crypto, transaction)
  return () => void shakeHands(crypto, both)
}
