/** What stands in for a secret. */
export const REDACTED = '[redacted]'

/** What objects that hold secrets extend: in logs, templates and JSON they read `[redacted]`. */
export abstract class Redacted {
  // A computed method name would be no isolated declaration.
  static {
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => REDACTED })
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }
}

/** The same plain data, which prints with `[redacted]` in place of the named members; comparing and copying see it as it is. */
export function redacting<Data extends object>(data: Data, secrets: readonly (keyof Data)[]): Data {
  const print = (): unknown => ({ ...data, ...Object.fromEntries(secrets.map(name => [name, REDACTED])) })
  return Object.defineProperties(data, {
    toJSON: { value: print },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: print },
  })
}
