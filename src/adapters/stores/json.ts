import { DecodeError } from '../../errors.js'

/**
 * Reads JSON. The parser’s own error quotes the text around the fault, which may be a secret: it is not passed on.
 * @throws DecodeError `json-malformed`.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is not JSON')
  }
}

/** The members of an object. @throws DecodeError `json-malformed` for any other value; it names `what`. */
export function objectOf(json: unknown, what: string): ReadonlyMap<string, unknown> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return new Map<string, unknown>(Object.entries(json))
  throw malformed(`${what} is not an object`)
}

/** @throws DecodeError `json-malformed` for a value that is not an array. */
export function arrayOf(json: unknown, what: string): readonly unknown[] {
  if (Array.isArray(json)) return json
  throw malformed(`${what} is not an array`)
}

/** Refuses members that are not known: the next write would lose them. @throws DecodeError `json-malformed`. */
export function expectOnly(
  members: ReadonlyMap<string, unknown>,
  known: readonly string[],
  what: string,
): void {
  if ([...members.keys()].some(name => !known.includes(name)))
    throw malformed(`${what} has members of another version`)
}

export function malformed(message: string): DecodeError {
  return new DecodeError('json-malformed', message)
}
