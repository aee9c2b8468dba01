/** What stands in for a secret. */
export const REDACTED = '[redacted]'

/** Base class of objects that hold secrets: in logs, templates and JSON they read `[redacted]`. */
export abstract class Redacted {
  // In a static block, because `isolatedDeclarations` does not allow a method with a computed name.
  static {
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => REDACTED })
  }

  /** `[redacted]`: the object holds secrets. */
  toString(): string {
    return REDACTED
  }

  /** `[redacted]`: the object holds secrets. */
  toJSON(): string {
    return REDACTED
  }
}

/** Plain data that prints as `print` gives it. Comparing and copying still see the values. */
export function printing<Data extends object>(data: Data, print: () => unknown): Data {
  return Object.defineProperties(data, {
    toJSON: { value: print },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: print },
  })
}

/** Plain data that prints with `[redacted]` in place of the named members. Comparing and copying still see the values. */
export function redacting<Data extends object>(data: Data, secrets: readonly (keyof Data)[]): Data {
  return printing(data, () => ({ ...data, ...Object.fromEntries(secrets.map(name => [name, REDACTED])) }))
}
