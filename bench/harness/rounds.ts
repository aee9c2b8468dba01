import { setImmediate as turn } from 'node:timers/promises'

/** One way to do a piece of work, timed by the harness: µs a run. */
interface TimedVariant {
  readonly name: string
  /** Does the work once; a promise is awaited. `index` counts up from 0 within a sample. */
  readonly run: (index: number) => unknown
  /** Called before each sample, untimed, with the number of runs that follow: makes what each run uses up. */
  readonly prepare?: (runs: number) => void
}

/** One way to do a piece of work that measures itself: one sample in the unit of its group. */
interface SampledVariant {
  readonly name: string
  readonly sample: () => number | Promise<number>
}

export type Variant = TimedVariant | SampledVariant

/** How long is measured. */
export interface Pace {
  /** Each round runs every variant once, in a random order. */
  readonly rounds: number
  /** How long one sample of a timed variant should last, ms. */
  readonly sampleMs: number
  /** How long each timed variant is warmed up, ms. */
  readonly warmUpMs: number
}

/** Samples short enough to fit between the turns of other programs, and many of them. */
export const FULL_PACE: Pace = { rounds: 121, sampleMs: 3, warmUpMs: 200 }
/** As long as code takes to be compiled: with a tenth of the warm-up, a handshake’s ratio was a tenth lower than that of a full run. */
export const QUICK_PACE: Pace = { rounds: 15, sampleMs: 3, warmUpMs: 100 }

/** Samples by the variant’s name, in the order of the rounds; all of one length. */
export type Samples = ReadonlyMap<string, readonly number[]>

/** What the harness takes from the machine. */
export interface Instruments {
  /** Milliseconds. */
  readonly now: () => number
  readonly random: () => number
}

const MACHINE: Instruments = { now: () => performance.now(), random: Math.random }
const MAX_RUNS = 1_000_000
const US_PER_MS = 1000

type Sampler = () => number | Promise<number>

/** Measures the variants in interleaved rounds, so that what disturbs the machine disturbs all alike. */
export async function interleave(
  variants: readonly Variant[],
  pace: Pace,
  instruments: Instruments = MACHINE,
): Promise<Samples> {
  const samplers: { readonly sampler: Sampler; readonly samples: number[] }[] = []
  const result = new Map<string, readonly number[]>()
  for (const variant of variants) {
    if (result.has(variant.name)) throw new Error(`two variants are called ${variant.name}`)
    const samples: number[] = []
    result.set(variant.name, samples)
    samplers.push({ sampler: await makeSampler(variant, pace, instruments), samples })
  }
  for (let round = 0; round < pace.rounds; round++) {
    // Lets signals and the ends of child processes be heard.
    await turn()
    for (const { sampler, samples } of shuffled(samplers, instruments.random)) samples.push(await sampler())
  }
  return result
}

async function makeSampler(variant: Variant, pace: Pace, { now }: Instruments): Promise<Sampler> {
  if ('sample' in variant) return variant.sample
  variant.prepare?.(1)
  const time = variant.run(0) instanceof Promise ? timeAwaited : timePlain
  const runs = await calibrate(runs => time(variant, runs, now), pace, now)
  return async () => ((await time(variant, runs, now)) / runs) * US_PER_MS
}

/** Warms up, and finds how many runs last as long as a sample should. */
async function calibrate(
  time: (runs: number) => number | Promise<number>,
  { sampleMs, warmUpMs }: Pace,
  now: () => number,
): Promise<number> {
  const start = now()
  let runs = 1
  for (;;) {
    const elapsed = await time(runs)
    if (now() - start >= warmUpMs) {
      const wanted = Math.round((runs * sampleMs) / Math.max(elapsed, Number.EPSILON))
      return Math.min(MAX_RUNS, Math.max(1, wanted))
    }
    if (elapsed < sampleMs) runs = Math.min(MAX_RUNS, runs * 2)
  }
}

function timePlain({ run, prepare }: TimedVariant, runs: number, now: () => number): number {
  prepare?.(runs)
  const start = now()
  for (let index = 0; index < runs; index++) run(index)
  return now() - start
}

async function timeAwaited({ run, prepare }: TimedVariant, runs: number, now: () => number): Promise<number> {
  prepare?.(runs)
  const start = now()
  for (let index = 0; index < runs; index++) await run(index)
  return now() - start
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map(item => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item)
}
