const REDACTED = '[redacted]'

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
