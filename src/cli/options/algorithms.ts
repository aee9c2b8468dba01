import { Option } from 'commander'
import type { CryptoProvider } from '../../crypto/provider.js'
import type { Random } from '../../ports/clock.js'
import { signatureAlgorithm } from '../../virtual/signature-algorithms.js'
import { badUsage } from '../failure.js'
import { ALGORITHM_NAMES } from '../text/algorithm-names.js'
import type { GivenOptions } from './given.js'

const NAMES = [...ALGORITHM_NAMES.values()].join(', ')

/** `--algorithms`, which `chooseAlgorithms` reads. */
export function algorithmsOption(): Option {
  return new Option(
    '--algorithms <names>',
    `algorithms of new passkeys, with commas between: ${NAMES} (default: those of the phone of --profile)`,
  )
}

/**
 * COSE identifiers; undefined without the option. Each is tried once, so that no user is asked for a passkey that
 * cannot be made.
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
  for (const [id, known] of ALGORITHM_NAMES) if (known.toLowerCase() === name) return id
  throw badUsage(`--algorithms takes ${NAMES}, not ${text}`)
}
