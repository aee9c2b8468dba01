import assert from 'node:assert/strict'
import { equalBytes } from '../../src/bytes/bytes.js'
import { DecodeError } from '../../src/errors.js'
import type { HybridError } from '../../src/errors.js'

/** Classes of errors that are an answer; every other error is a finding. */
type Answer = abstract new (...args: never[]) => HybridError

/** What came of an input, or undefined when it was refused with one of these errors. */
export function unlessRefused<Value>(attempt: () => Value, ...answers: readonly Answer[]): Value | undefined {
  try {
    return attempt()
  } catch (error) {
    if (answers.some(answer => error instanceof answer)) return undefined
    throw error
  }
}

/** As `unlessRefused`, for what takes its time. */
export async function unlessRejected<Value>(
  attempt: () => Promise<Value>,
  ...answers: readonly Answer[]
): Promise<Value | undefined> {
  try {
    return await attempt()
  } catch (error) {
    if (answers.some(answer => error instanceof answer)) return undefined
    throw error
  }
}

/** Decodes with DecodeError as the only refusal, and expects that the input is neither changed nor kept. */
export function decoded<Value>(
  decode: (bytes: Uint8Array) => Value,
  input: Uint8Array,
  ...answers: readonly Answer[]
): Value | undefined {
  const given = Uint8Array.from(input)
  const value = unlessRefused(() => decode(given), DecodeError, ...answers)
  assert.ok(equalBytes(given, input), 'the decoder changed its input')
  return value
}

/** What is decoded encodes to the same bytes. */
export function canonical<Value>(
  decode: (bytes: Uint8Array) => Value,
  encode: (value: Value) => Uint8Array,
): (input: Uint8Array) => void {
  return input => {
    const value = decoded(decode, input)
    if (value !== undefined) assert.deepEqual(encode(value), input)
  }
}

/** What is decoded encodes to bytes that decode and encode to themselves. */
export function stable<Value>(
  decode: (bytes: Uint8Array) => Value,
  encode: (value: Value) => Uint8Array,
  ...answers: readonly Answer[]
): (input: Uint8Array) => void {
  return input => {
    const value = decoded(decode, input, ...answers)
    if (value === undefined) return
    const encoded = encode(value)
    assert.deepEqual(encode(decode(encoded)), encoded)
  }
}
