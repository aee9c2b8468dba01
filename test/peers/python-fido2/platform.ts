import { fileURLToPath } from 'node:url'
import { decodeHex, encodeHex } from '../../../src/bytes/hex.js'
import type { CtapHandler } from '../../../src/index.js'
import { built } from '../support/built.js'
import { JsonLines } from '../support/json-lines.js'

const PROGRAM = fileURLToPath(new URL('platform.py', import.meta.url))

/** What `platform.py` says. */
type Said<Result> = { readonly ctap: string } | { readonly result: Result } | { readonly error: string }

/** What came of an operation: the library’s result, or its own name for what went wrong. */
export type Came<Result> = { readonly result: Result } | { readonly error: string }

/** What answers CTAP2 commands: an authenticator, or our laptop with a phone. */
export type Device = Pick<CtapHandler, 'handle' | 'concluded'>

/** python-fido2 as the client of devices in this process. */
export class PythonPlatform {
  readonly #lines = new JsonLines(built('python/bin/python'), [PROGRAM])

  /** Runs an operation of `platform.py`, which is one transaction with the authenticator. */
  async run<Result>(
    authenticator: Device,
    operation: { readonly do: string; readonly [member: string]: unknown },
  ): Promise<Came<Result>> {
    const gone = new AbortController()
    const context = { signal: gone.signal, awaitingUser: () => undefined }
    this.#lines.send(operation)
    for (;;) {
      const said = await this.#lines.next<Said<Result>>()
      if (!('ctap' in said)) {
        await authenticator.concluded?.('result' in said ? 'confirmed' : 'cut', gone.signal)
        return said
      }
      const answer = await authenticator.handle(decodeHex(said.ctap), context)
      this.#lines.send({ ctap: answer === undefined ? null : encodeHex(answer) })
    }
  }

  end(): Promise<void> {
    return this.#lines.end()
  }
}

/** @throws what the library said went wrong. */
export async function resultOf<Result>(came: Promise<Came<Result>>): Promise<Result> {
  const told = await came
  if ('error' in told) throw new Error(told.error)
  return told.result
}
