/** A promise and the means to settle it. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

/** Makes a deferred promise. A rejection of it that is not awaited is not reported as unhandled. */
export function deferred<Value>(): Deferred<Value> {
  let settle: Omit<Deferred<Value>, 'promise'> | undefined
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => undefined)
  if (settle === undefined) throw new TypeError('a promise runs its executor at once')
  return { promise, ...settle }
}
