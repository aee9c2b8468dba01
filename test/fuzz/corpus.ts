import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { distinct } from './seeds.js'
import type { FuzzTarget } from './target.js'

const CORPORA = fileURLToPath(new URL('corpora/', import.meta.url))
const CORPUS = 'corpus.txt'
/** What the engine calls inputs that threw, took too long or took too much memory. */
const FINDING = /^(?:crash|timeout|oom|leak)-/

/** An input, and where it is from. */
export interface KnownInput {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Where findings of a target go. */
export function findingsFolder({ name }: FuzzTarget): string {
  const folder = join(CORPORA, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What the fuzzer has found to be interesting: base64, one a line. */
export function corpusOf({ name }: FuzzTarget): readonly Uint8Array[] {
  const path = join(CORPORA, name, CORPUS)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => Uint8Array.from(Buffer.from(line, 'base64')))
}

/** Keeps a corpus, shortest first; what the target begins with anyway is left out. */
export function keepCorpus(target: FuzzTarget, inputs: readonly Uint8Array[]): number {
  const seeds = distinct(target.seeds())
  const fresh = distinct([...seeds, ...inputs]).slice(seeds.length)
  const lines = fresh.map(input => Buffer.from(input).toString('base64'))
  lines.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  writeFileSync(join(findingsFolder(target), CORPUS), lines.map(line => `${line}\n`).join(''))
  return lines.length
}

/** Inputs that once broke something. */
export function findingsOf(target: FuzzTarget): readonly KnownInput[] {
  const folder = join(CORPORA, target.name)
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => FINDING.test(name))
  return names.map(name => ({ name, bytes: Uint8Array.from(readFileSync(join(folder, name))) }))
}

/** Writes inputs into a folder, as the engine reads them. */
export function writeInputs(folder: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true })
  for (const input of inputs)
    writeFileSync(join(folder, createHash('sha1').update(input).digest('hex')), input)
}

export function readInputs(folder: string): readonly Uint8Array[] {
  return readdirSync(folder).map(name => Uint8Array.from(readFileSync(join(folder, name))))
}
