import { DecodeError } from '../errors.js'

/** What `decode` gives, or undefined where it throws a DecodeError; other errors pass. */
export function decodedOrUndefined<Value>(decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
