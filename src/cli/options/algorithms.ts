import { Option } from 'commander'
import type { CryptoProvider } from '../../crypto/provider.js'
import { COSE_ALGORITHM } from '../../ctap/cose-key.js'
import type { Random } from '../../ports/clock.js'
import { signatureAlgorithm } from '../../virtual/signature-algorithms.js'
import { badUsage } from '../failure.js'
import type { GivenOptions } from './given.js'

/** By the names that COSE gives them. */
const ALGORITHMS: ReadonlyMap<string, number> = new Map([
  ['ES256', COSE_ALGORITHM.es256],
  ['EdDSA', COSE_ALGORITHM.edDsa],
  ['RS256', COSE_ALGORITHM.rs256],
  ['ML-DSA-44', COSE_ALGORITHM.mlDsa44],
  ['ML-DSA-65', COSE_ALGORITHM.mlDsa65],
  ['ML-DSA-87', COSE_ALGORITHM.mlDsa87],
])

/** `--algorithms`, which `chooseAlgorithms` reads. */
export function algorithmsOption(): Option {
  return new Option(
    '--algorithms <names>',
    `what new passkeys may sign with, by commas: ${[...ALGORITHMS.keys()].join(', ')} (default: what the phone of --profile has)`,
  )
}

/**
 * COSE identifiers, each tried once, so that nobody is asked for what cannot be made; undefined without the option.
 * @throws CommandLineError for a name that is not known; UnsupportedError `package-missing`.
 */
export async function chooseAlgorithms(
  options: GivenOptions,
  { random, crypto }: { readonly random: Random; readonly crypto: CryptoProvider },
): Promise<readonly number[] | undefined> {
  const ids = options.text('algorithms')?.split(',').map(algorithmOf)
  for (const id of ids ?? []) await signatureAlgorithm(id)?.generate(random, crypto)
  return ids
}

function algorithmOf(text: string): number {
  const name = text.trim().toLowerCase()
  for (const [known, id] of ALGORITHMS) if (known.toLowerCase() === name) return id
  throw badUsage(`--algorithms takes ${[...ALGORITHMS.keys()].join(', ')}, not ${text}`)
}
