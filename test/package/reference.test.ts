import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { LIBRARY } from '../../.config/package-files.js'
import { docstringExamples, exampleModules } from '../support/docstring-examples.js'
import { optionDefaults } from '../support/option-defaults.js'
import { publicReference } from '../support/public-reference.js'
import type { Documented, PublicReference } from '../support/public-reference.js'
import {
  deadLinks,
  lacksExample,
  lacksSentence,
  memberLacksSentence,
  untoldErrors,
  untoldParameters,
  untrueDefault,
} from '../support/reference-gaps.js'
import { bareProgram, projectProgram } from '../support/type-check.js'

const paths = Object.values(LIBRARY).map(path => resolve(path))
const program = projectProgram(paths)
const reference = publicReference(program, paths)
const { exported, members } = reference

/** Constants that satisfy types alone: the code that has them runs only where the member is given. */
const FOR_TYPES: ReadonlySet<string> = new Set(['DataChannelHarness.refusedPsm'])

/** What is missing of the reference of some files, by kind, each with its place. */
function gapsOf(program: ts.Program, { exported, members }: PublicReference): Record<string, string[]> {
  const checker = program.getTypeChecker()
  const defaults = optionDefaults(program)
  const all = [...exported, ...members]
  const named = (those: readonly Documented[]): string[] => those.map(({ place, name }) => `${place} ${name}`)
  const told = (tell: (each: Documented) => readonly string[]): string[] =>
    all.flatMap(each => tell(each).map(what => `${each.place} ${what}`))
  return {
    sentences: named(exported.filter(lacksSentence)),
    members: named(members.filter(member => memberLacksSentence(checker, member))),
    examples: named(exported.filter(each => lacksExample(checker, each))),
    parameters: told(untoldParameters),
    errors: told(untoldErrors),
    defaults: told(each => (FOR_TYPES.has(each.name) ? [] : untrueDefault(each, defaults))),
    links: told(each => deadLinks(checker, each)),
  }
}

/** A function up to its parameters, with a sentence and an example. */
const shown = (sentence: string, name: string): string =>
  `/** ${sentence} @example ${name}() */ export function ${name}`

const NOTHING = {
  sentences: [],
  members: [],
  examples: [],
  parameters: [],
  errors: [],
  defaults: [],
  links: [],
}

test('whatever a user of the package hovers over says what it is', { timeout: 120_000 }, () => {
  expect(exported.length).toBeGreaterThan(700)
  expect(members.length).toBeGreaterThan(1500)
  expect(gapsOf(program, reference)).toEqual(NOTHING)
})

test.each(Object.entries(LIBRARY))('the entry %s says what it is for', (_entry, path) => {
  expect(readFileSync(path, 'utf8')).toMatch(/^\/\*\*\n(?: \* .+\n)+ \* @module\n \*\//)
})

test('examples of what the package exports use nothing that it does not export', async () => {
  const files = new Set(exported.map(({ place }) => place.replace(/:\d+$/, '')))
  const modules = await exampleModules(docstringExamples().filter(({ path }) => files.has(path)))
  expect(modules.size).toBeGreaterThan(200)
  const wrong = [...modules].filter(([, text]) => text.includes(` from '../../src/`))
  expect(wrong.map(([path]) => path)).toEqual([])
})

function bareGaps(text: string): Record<string, string[]> {
  const bare = bareProgram(text)
  return gapsOf(bare.program, publicReference(bare.program, [bare.path]))
}

describe('a gap is found', () => {
  test.each([
    ['sentences', 'export const LIMIT = 3', 'LIMIT'],
    ['members', '/** A size. */ export interface Size { readonly width: number }', 'Size.width'],
    [
      'members',
      '/** A part. */ export type Part = { type: 1 } | { type: 2, bytes: Uint8Array }',
      'Part.bytes',
    ],
    ['examples', '/** Adds one. */ export function more(count: number): number { return count + 1 }', 'more'],
    ['parameters', `${shown('Cuts bytes.', 'cut')}(bytes: Uint8Array, at: number): void {}`, 'cut(at)'],
    [
      'errors',
      `${shown('Reads.', 'read')}(): void { throw new Error('text-malformed') }`,
      'read: text-malformed',
    ],
    ['links', '/** Like {@link NoSuchThing}. */ export type Name = string', 'Name links to NoSuchThing'],
  ])('of the %s: %s', (kind, text, what) => {
    expect(bareGaps(text)).toEqual({ ...NOTHING, [kind]: [`examples/bare.ts:1 ${what}`] })
  })

  test.each([
    ['The longest wait, ms; default 30 000.', true],
    ['The longest wait, ms; default 30,000.', true],
    ['The longest wait, ms; 30 000 unless given.', true],
    ['The longest wait, ms.', false],
    ['The longest wait, ms; default 3 000.', false],
    ['The longest wait, ms; default 30 000 000.', false],
    ['The longest wait, ms; 130 000 unless given.', false],
  ])('of a default: “%s”', (docstring, isTrue) => {
    const options = `/** How. */ export interface Waiting {\n/** ${docstring} */\nreadonly limitMs?: number }`
    const code = `${shown('Waits.', 'wait')}({ limitMs = 30 * SECOND_MS }: Waiting): void {}\nconst SECOND_MS = 1000`
    const { defaults } = bareGaps(`${code}\n${options}`)
    expect(defaults).toHaveLength(isTrue ? 0 : 1)
  })

  const sizes = (told: string): string => `/** Sizes. */ export interface Sizes {
    /** Bytes; ${told}. */
    readonly bytes?: number
  }`
  const table = `declare function limitsFrom(what: string, defaults: object, given: object): object
    const DEFAULTS = { bytes: 64 * 1024 }
    const sizes = (given: Sizes): object => limitsFrom('sizes', DEFAULTS, given)`

  test.each(['default 64 KiB', 'default 65 536', '64 KiB unless given'])(
    'of “%s” where the code has no such constant',
    told => {
      expect(bareGaps(sizes(told))['defaults']).toHaveLength(1)
      expect(bareGaps(`${sizes(told)}\n${table}`)['defaults']).toEqual([])
    },
  )
})
