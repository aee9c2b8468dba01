import { readdirSync, readFileSync } from 'node:fs'
import type { FixtureFile } from '../support/cases.js'

const FOLDER = new URL('../../fixtures/', import.meta.url)

interface IndexedGroup {
  readonly name: string
  readonly section: string
  readonly cases: number
  readonly recomputed: boolean
}

interface IndexedFile {
  readonly file: string
  readonly schema: string
  readonly description: string
  readonly provenance: Readonly<Record<string, number>>
  readonly cases: number
  readonly groups: readonly IndexedGroup[]
}

interface Index {
  readonly files: readonly IndexedFile[]
}

/** A file of vectors, as it stands. */
export interface VectorFile extends FixtureFile {
  readonly $schema: string
  readonly description: string
}

export function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'))
}

/** `fixtures/index.json`. */
export const index: Index = readFixture('index.json') as Index

/** The files of vectors, by name without folder. */
export const vectorFiles: ReadonlyMap<string, VectorFile> = new Map(
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.json') && name !== 'index.json')
    .map(name => [name, readFixture(name) as VectorFile]),
)
