/** Whether a value is what a member of a record may be. */
export type Check<Value> = (value: unknown) => value is Value

/** The fields of a record, each with its check. */
export type Checks<Shape> = { readonly [Name in keyof Shape]-?: Check<Shape[Name]> }

const VERSION = /^\d{1,6}(?:\.\d{1,6}){0,3}(?:-(?:alpha|beta|rc)\.\d{1,4})?$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A whole number within both bounds. */
export function wholeNumber(min: number, max: number): Check<number> {
  return (value): value is number => Number.isInteger(value) && Number(value) >= min && Number(value) <= max
}

export function oneOf<Word extends string | number | boolean>(words: readonly Word[]): Check<Word> {
  const set: ReadonlySet<unknown> = new Set(words)
  return (value): value is Word => set.has(value)
}

/** Numbers between dots, and the name of a pre-release. */
export function isVersion(value: unknown): value is string {
  return typeof value === 'string' && VERSION.test(value)
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

export function ifThere<Value>(field: Check<Value>): Check<Value | undefined> {
  return (value): value is Value | undefined => value === undefined || field(value)
}

export function listed<Value>(field: Check<Value>, max: number): Check<readonly Value[]> {
  return (value): value is readonly Value[] =>
    Array.isArray(value) && value.length <= max && value.every(element => field(element))
}

/** A check for exactly these members, and no other. */
export function membersOf<Shape extends object>(fields: Checks<Shape>): Check<Shape> {
  const fits = hasMembers({ ...fields })
  return (value): value is Shape => fits(value)
}

/** Whether a value has exactly these members, for fields without a named shape. */
export function hasMembers(
  fields: Readonly<Record<string, (value: unknown) => boolean>>,
): (value: unknown) => boolean {
  const checks = new Map(Object.entries(fields))
  return value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const members = new Map<string, unknown>(Object.entries(value))
    const isKnown = [...members.keys()].every(name => checks.has(name))
    return isKnown && [...checks].every(([name, check]) => check(members.get(name)))
  }
}
