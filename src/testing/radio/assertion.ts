/** What a compliance case rejects with; test runners show `expected` and `actual` side by side. */
export class RadioAssertion extends Error {
  override readonly name = 'AssertionError'
  readonly expected: unknown
  readonly actual: unknown

  constructor(message: string, expected: unknown, actual: unknown) {
    super(`${message}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
    this.expected = expected
    this.actual = actual
  }
}

export function expectEqual(message: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new RadioAssertion(message, expected, actual)
}
