import { serveTunnel } from 'fido-hybrid/service'
import type { Suite } from '../harness/group.js'
import { pairFor } from './algorithms/pair.js'
import type { Cost, Pair } from './algorithms/pair.js'

const ALGORITHMS = { ES256: -7, EdDSA: -8, 'ML-DSA-44': -48 } as const
const ROUNDS = 41

/** What a post-quantum passkey costs: each ceremony on loopback, with what the phone’s software has of it, and its bytes. */
export const measure: Suite = async context => {
  const service = await serveTunnel({ port: 0 })
  const pairs = Object.entries(ALGORITHMS).map(([name, id]) => [name, pairFor(id, service.url)] as const)
  const compare = async (
    [name, title, unit]: readonly [name: string, title: string, unit: string],
    ceremony: keyof Pair,
    of: (cost: Cost) => number,
  ): Promise<void> => {
    await context.group({
      name,
      title,
      unit,
      pace: { rounds: context.quick || unit === 'bytes' ? 1 : ROUNDS },
      variants: pairs.map(([algorithm, pair]) => ({
        name: algorithm,
        sample: async () => of(await pair[ceremony]()),
      })),
      claims: [{ of: 'ML-DSA-44', against: 'ES256', measure: 'cost' }],
    })
  }
  try {
    for (const [, pair] of pairs) await pair.register()
    for (const [ceremony, word] of [
      ['register', 'registration'],
      ['signIn', 'sign-in'],
    ] as const) {
      await compare([word, `A whole ${word} on loopback`, 'ms'], ceremony, ({ total }) => total)
      await compare(
        [`${word}-phone`, `Of a ${word}: the phone’s software`, 'ms'],
        ceremony,
        ({ phone }) => phone,
      )
      await compare(
        [`${word}-bytes`, `Through the tunnel in one ${word}, both directions`, 'bytes'],
        ceremony,
        ({ bytes }) => bytes,
      )
    }
  } finally {
    await service.close()
  }
}
