import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { corpusOf, findingsFolder, findingsOf, keepCorpus, readInputs, writeInputs } from './corpus.js'
import { runEngine } from './engine.js'
import type { FuzzTarget } from './target.js'

/** What fuzzing a target for a while came to. */
export interface Fuzzed {
  readonly target: string
  readonly inputs: number
  /** Edges of our own code that were reached. */
  readonly edges: number
  /** Inputs kept after merging; undefined unless that was asked for. */
  readonly kept: number | undefined
  /** What the engine printed when something broke, and where the input is. */
  readonly finding: string | undefined
}

/** How long, and what comes after. */
export interface FuzzOptions {
  readonly seconds: number
  /** Keeps what reaches code that nothing kept reaches. */
  readonly merge: boolean
  /** Where temporary files may go. */
  readonly folder: string
  readonly signal: AbortSignal
}

/** Lines of the engine’s output that are shown of a finding. */
const SHOWN_LINES = 40

/** Fuzzes one target. */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<Fuzzed> {
  const { seconds, signal } = options
  const found = join(options.folder, target.name)
  writeInputs(found, [
    ...target.seeds(),
    ...corpusOf(target),
    ...findingsOf(target).map(({ bytes }) => bytes),
  ])
  const flags = [
    `-max_total_time=${seconds}`,
    '-print_final_stats=1',
    `-artifact_prefix=${findingsFolder(target)}/`,
    ...dictionary(target, options.folder),
  ]
  const { code, output } = await runEngine(target, [found], flags, signal)
  const kept = options.merge && code === 0 ? await merge(target, found, options) : undefined
  return {
    target: target.name,
    inputs: lastNumber(output, /number_of_executed_units: (\d+)/g) ?? lastNumber(output, /^#(\d+)\t/gm) ?? 0,
    edges: lastNumber(output, /cov: (\d+)/g) ?? 0,
    kept,
    finding: code === 0 || signal.aborted ? undefined : output.split('\n').slice(-SHOWN_LINES).join('\n'),
  }
}

async function merge(target: FuzzTarget, found: string, { folder, signal }: FuzzOptions): Promise<number> {
  const merged = join(folder, `${target.name}-merged`)
  writeInputs(merged, target.seeds())
  await runEngine(target, [merged, found], ['-merge=1', '-use_counters=0', '-use_value_profile=0'], signal)
  return keepCorpus(target, readInputs(merged))
}

function dictionary({ name, words }: FuzzTarget, folder: string): readonly string[] {
  if (words === undefined) return []
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.dict`)
  writeFileSync(path, words.map(word => `"${word.replaceAll('"', '\\x22')}"\n`).join(''))
  return [`-dict=${path}`]
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const [, digits] = [...text.matchAll(pattern)].at(-1) ?? []
  return digits === undefined ? undefined : Number(digits)
}
