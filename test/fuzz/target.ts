/** Something that takes bytes from strangers, and what must hold whatever they are. */
export interface FuzzTarget {
  readonly name: string
  /** One line for people. */
  readonly about: string
  /** Longest input that is tried, in bytes. */
  readonly maxBytes: number
  /** Words that inputs are made of, for the fuzzer’s dictionary. */
  readonly words?: readonly string[]
  /** Whether `run` gives promises; slower. */
  readonly isAsync?: boolean
  /** Inputs to begin with. */
  seeds(): readonly Uint8Array[]
  /** Throws what should not have happened. */
  run(input: Uint8Array): void | Promise<void>
}

/** One of several things that a target tries; the first byte of the input chooses. */
export interface Trial {
  /** Inputs to begin with. */
  readonly seeds: readonly Uint8Array[]
  run(input: Uint8Array): void | Promise<void>
}

/** Tries one of `trials`. */
export function choosing(trials: readonly Trial[]): Pick<FuzzTarget, 'seeds' | 'run'> {
  return {
    seeds: () => trials.flatMap(({ seeds }, index) => seeds.map(seed => Uint8Array.of(index, ...seed))),
    run: input => trials[(input[0] ?? 0) % trials.length]?.run(input.slice(1)),
  }
}
