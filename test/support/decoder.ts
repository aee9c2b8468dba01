import fc from 'fast-check'
import { expect } from 'vitest'
import { DecodeError } from '../../src/errors.js'

const RUNS = 10_000

/** A decoder returns or throws DecodeError, nothing else. */
export function returnsOrRefuses(decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
}

/** Cuts the input after every byte (or letter) but the last and expects no surprise; `refused` counts DecodeErrors. */
export function atEveryTruncation<Input extends Uint8Array | string>(
  input: Input,
  decode: (cut: Input) => unknown,
): void {
  for (let length = 0; length < input.length; length++) {
    const cut = input.slice(0, length) as Input
    returnsOrRefuses(() => decode(cut))
  }
}

/** The property of every decoder, over random bytes and over damaged copies of real input. */
export function survivesAnyBytes(
  decode: (bytes: Uint8Array) => unknown,
  real: readonly Uint8Array[] = [],
): void {
  const noise = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(real.length > 0 ? fc.oneof(noise, damaged(real)) : noise, bytes => {
      returnsOrRefuses(() => decode(bytes))
    }),
    { numRuns: RUNS },
  )
}

/** The same for decoders of text. */
export function survivesAnyText(
  decode: (text: string) => unknown,
  alphabet: fc.Arbitrary<string> = fc.string(),
): void {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), alphabet), text => {
      returnsOrRefuses(() => decode(text))
    }),
    { numRuns: RUNS },
  )
}

/** Copies of real input with a few bytes changed. */
function damaged(real: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
  return fc.tuple(fc.constantFrom(...real), edits).map(([bytes, changes]) => {
    const copy = Uint8Array.from(bytes)
    for (const [position, byte] of changes) if (copy.length > 0) copy[position % copy.length] = byte
    return copy
  })
}

/** Asserts that a decoder refuses with one of its codes. */
export function refuses(decode: () => unknown, code?: string): void {
  let caught: unknown
  try {
    decode()
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(DecodeError)
  if (code !== undefined) expect(caught).toMatchObject({ code })
}
