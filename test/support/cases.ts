import { fixture } from './fixture.js'

interface FixtureCase {
  readonly name: string
  readonly input: object
  readonly output?: object
  readonly error?: string
  readonly note?: string
  readonly source: { readonly kind: string }
}

/** A file of `fixtures/`. */
export interface FixtureFile {
  readonly groups: Readonly<
    Record<string, { readonly section: string; readonly cases: readonly FixtureCase[] }>
  >
}

/** A case of the fixtures, its inputs and outputs side by side. */
export type Case<Fields> = Fields & { readonly name: string; readonly error?: string; readonly note?: string }

/** The cases of a group of `fixtures/<file>.json`; the caller says what fields they have. */
export function cases<Fields>(file: string, group: string): readonly Case<Fields>[] {
  const found = fixture<FixtureFile>(file).groups[group]
  if (found === undefined) throw new Error(`fixtures/${file}.json has no group ${group}`)
  return found.cases.map(
    ({ input, output, ...rest }) => ({ ...rest, ...input, ...output }) as unknown as Case<Fields>,
  )
}

/** The one case of a group. */
export function onlyCase<Fields>(file: string, group: string): Case<Fields> {
  const [first, ...others] = cases<Fields>(file, group)
  if (first === undefined || others.length > 0) throw new Error(`${file}, ${group}: there is not one case`)
  return first
}

/** Those with an output. */
export function taken<Fields>(all: readonly Case<Fields>[]): readonly Case<Fields>[] {
  return all.filter(({ error }) => error === undefined)
}

/** Those with an error. */
export function refused<Fields>(all: readonly Case<Fields>[]): readonly Case<Fields>[] {
  return all.filter(({ error }) => error !== undefined)
}
