import { readdirSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import type { Schema } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { index, readFixture, vectorFiles } from './files.js'
import type { VectorFile } from './files.js'

const HOME = 'https://fixtures.example/schema/'
const VOCABULARY = 'vocabulary.schema.json'

const readSchema = (name: string): Schema => readFixture(`schema/${name}`) as Schema

function validatorOf(path: string): Validator {
  const name = path.replace('schema/', '')
  const validator = new Validator({ ...readSchema(name), $id: `${HOME}${name}` }, '2020-12')
  validator.addSchema(readSchema(VOCABULARY), `${HOME}${VOCABULARY}`)
  return validator
}

type Case = VectorFile['groups'][string]['cases'][number]

/** A file whose first case with an output, in each group, is another. */
function withFirst(file: VectorFile, change: (first: Case) => object): VectorFile {
  const groups = Object.entries(file.groups).map(([name, group]) => {
    const [first, ...others] = group.cases
    return [name, { ...group, cases: first === undefined ? [] : [change(first), ...others] }]
  })
  return { ...file, groups: Object.fromEntries(groups) as VectorFile['groups'] }
}

const without = (members: object, name: string): object =>
  Object.fromEntries(Object.entries(members).filter(([member]) => member !== name))

const SPOILT: readonly (readonly [string, (file: VectorFile) => object])[] = [
  ['without a description', file => without(file, 'description')],
  ['with a member that nobody knows', file => ({ ...file, extra: 1 })],
  ['without its groups', file => ({ ...file, groups: {} })],
  ['with a group of another name', file => ({ ...file, groups: { ...file.groups, other: {} } })],
  ['with a case without a name', file => withFirst(file, first => without(first, 'name'))],
  ['with a case without a source', file => withFirst(file, first => without(first, 'source'))],
  [
    'with a source of an unknown kind',
    file => withFirst(file, first => ({ ...first, source: { kind: 'hearsay' } })),
  ],
  [
    'with a capture of nothing',
    file => withFirst(file, first => ({ ...first, source: { kind: 'capture' } })),
  ],
  ['with an output and an error', file => withFirst(file, first => ({ ...first, output: {}, error: 'x' }))],
  ['with no input', file => withFirst(file, first => ({ ...first, input: {} }))],
  [
    'with an input that nobody knows',
    file => withFirst(file, first => ({ ...first, input: { ...first.input, extra: 1 } })),
  ],
  [
    'with something else for each text',
    file => withFirst(file, first => ({ ...first, input: anyOther(first.input) })),
  ],
]

/** Every value is of a type that the fixtures do not have. */
function anyOther(fields: object): object {
  return Object.fromEntries(Object.keys(fields).map(key => [key, 0.5]))
}

test('there is a schema for each file, and a file for each schema', () => {
  const names = readdirSync(new URL('../../fixtures/schema', import.meta.url)).toSorted()
  const wanted = [...vectorFiles.keys(), 'index.json', 'vocabulary.json'].map(name =>
    name.replace('.json', '.schema.json'),
  )
  expect(names).toEqual(wanted.toSorted())
})

describe.each([...vectorFiles])('%s', (_, file) => {
  const validator = validatorOf(file.$schema)

  test('is as its schema has it', () => {
    expect(validator.validate(file)).toEqual({ valid: true, errors: [] })
  })

  test.each(SPOILT)('is refused by it %s', (_change, spoil) => {
    expect(validator.validate(spoil(file)).valid).toBe(false)
  })

  test('is refused by it with bytes in upper case, or half a byte', () => {
    for (const spoilt of spoiltBytes(file)) expect(validator.validate(spoilt).valid).toBe(false)
  })
})

test('there are bytes to spoil', () => {
  expect([...vectorFiles.values()].flatMap(spoiltBytes).length).toBeGreaterThan(150)
})

/** The names of byte strings. */
const BYTES = Object.entries(
  (readSchema(VOCABULARY).$defs ?? {}) as Readonly<Record<string, { readonly pattern?: string }>>,
).flatMap(([name, { pattern = '' }]) => (pattern.includes('[0-9a-f]{') ? name : []))

/** The file with one byte string of an output in another form, for each name of one that it has. */
function spoiltBytes(file: VectorFile): readonly unknown[] {
  const text = JSON.stringify(file)
  return BYTES.flatMap(name => {
    const [whole, before = '', hex = ''] =
      new RegExp(`("output":\\{[^{}]*?"${name}":")([0-9a-f]+)`).exec(text) ?? []
    if (whole === undefined) return []
    return [hex.slice(1), `${hex.slice(2)}AB`].map(
      other => JSON.parse(text.replace(whole, before + other)) as unknown,
    )
  })
}

describe('the index', () => {
  test('is as its schema has it', () => {
    const validator = validatorOf('schema/index.schema.json')
    expect(validator.validate(index)).toEqual({ valid: true, errors: [] })
    expect(validator.validate({ ...index, files: [] }).valid).toBe(false)
  })

  test('tells of each file what is in it', () => {
    const told = index.files.map(({ groups, ...file }) => ({
      ...file,
      groups: groups.map(group => without(group, 'recomputed')),
    }))
    expect(told).toEqual([...vectorFiles].map(([file, content]) => summaryOf(file, content)))
  })
})

function summaryOf(file: string, { $schema, description, groups }: VectorFile): object {
  const kinds = Object.values(groups).flatMap(({ cases }) => cases.map(({ source }) => source.kind))
  const provenance: Record<string, number> = {}
  for (const kind of kinds) provenance[kind] = (provenance[kind] ?? 0) + 1
  return {
    file,
    schema: $schema,
    description,
    provenance,
    cases: kinds.length,
    groups: Object.entries(groups).map(([name, { section, cases }]) => ({
      name,
      section,
      cases: cases.length,
    })),
  }
}
