import { UsageError } from '../errors.js'

/**
 * For functions that take several byte strings: plain JavaScript can swap them.
 * @param name how to call the argument in the error.
 * @throws UsageError `argument-invalid` for another length, and for anything but bytes.
 */
export function requireBytes(name: string, value: Uint8Array | undefined, length: number): void {
  if (value instanceof Uint8Array && value.length === length) return
  throw new UsageError('argument-invalid', `${name} must have ${length} bytes, not ${value?.length}`)
}
