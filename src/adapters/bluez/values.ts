/** A D-Bus dictionary as the library gives it; the values of an `a{sv}` are variants. */
export type Dictionary = Readonly<Record<string, unknown>>

/** A D-Bus dictionary, or an empty one for anything else. */
export function dbusDictionary(value: unknown): Dictionary {
  return isDictionary(value) && !Array.isArray(value) ? value : {}
}

/** What a variant holds; anything else is itself. */
export function unwrappedVariant(value: unknown): unknown {
  return isDictionary(value) && typeof value['signature'] === 'string' && 'value' in value
    ? value['value']
    : value
}

/** A member of an `a{sv}`. */
export function member(properties: unknown, name: string): unknown {
  return unwrappedVariant(dbusDictionary(properties)[name])
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}
