import { readQrPicture } from '../../adapters/qr-picture/qr-picture.js'
import { UsageError } from '../../errors.js'
import { badUsage } from '../failure.js'
import { askTerminal, readInput, readLine } from '../input.js'
import type { InputPath } from '../input.js'
import type { Invocation } from '../invocation.js'

const MAX_IMAGE_BYTES = 8 * 1024 * 1024
/** No QR code holds more than 7089 digits. */
const MAX_LINE_BYTES = 8192

/**
 * The text of the QR code, from the source that the command line names. @throws CommandLineError unless it names
 * exactly one.
 */
export async function readScannedUrl({
  options,
  operands,
  output,
  surroundings,
}: Invocation): Promise<string> {
  const { stdin, signal } = surroundings
  const [url] = operands
  const image = options.text('image')
  if (url === undefined && image === undefined)
    throw badUsage('the QR code is missing: give a FIDO:/ URL, - or --image')
  if (url !== undefined && image !== undefined) throw badUsage('give a URL or --image, not both')
  if (image !== undefined) {
    return await readScannedPicture('--image', { path: image, stdin }, signal)
  }
  if (url !== '-') return url ?? ''
  askTerminal(stdin, 'what the QR code says, FIDO:/ and digits, and press Enter', output)
  return readLine(stdin, { name: 'url', maxBytes: MAX_LINE_BYTES, signal })
}

/** What the QR code in a picture says. @param name of the picture, for errors. @throws CommandLineError. */
export async function readScannedPicture(
  name: string,
  path: InputPath,
  signal: AbortSignal,
): Promise<string> {
  const png = await readInput(path, { name, maxBytes: MAX_IMAGE_BYTES, signal })
  try {
    return (await readQrPicture(png)).text
  } catch (cause) {
    throw cause instanceof UsageError ? badUsage(`${name}: ${cause.message}`, { cause: cause.cause }) : cause
  }
}
