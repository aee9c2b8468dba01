import { DecodeError } from '../errors.js'

/** @param length of the message, as far as it is known: text with its unit. */
export function messageTooLong(maxBytes: number, length: string): DecodeError {
  return new DecodeError(
    'message-malformed',
    `the data channel has a message of ${length}; the limit is ${maxBytes} bytes`,
  )
}
