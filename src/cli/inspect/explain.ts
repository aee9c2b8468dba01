import { decodeHex } from '../../bytes/hex.js'
import { DecodeError } from '../../errors.js'
import { decodeQrPayload } from '../../qr/payload.js'
import type { QrPayload } from '../../qr/payload.js'
import { decodeQrUrl } from '../../qr/url.js'
import { explainAdvert, explainSealedAdvert } from './advert.js'
import { CTAP_GUESSES, VAGUE_CTAP_GUESSES } from './ctap.js'
import { explainDataChannel } from './data-channel.js'
import type { Explanation, Guess, GuessContext } from './explanation.js'
import { firstFit } from './guess.js'
import { explainLooseCbor } from './loose-cbor.js'
import { explainCbor, explainLinking, explainMessage, explainPostHandshake } from './message.js'
import { explainQr } from './qr.js'

const HEX = /^(?:[0-9a-f]|[\s:])*$/i

export function isQrUrl(input: string): boolean {
  return /^fido:/i.test(input)
}

/** Hex, in which spaces and colons between digits are fine. */
export function isHex(input: string): boolean {
  return HEX.test(input)
}

/**
 * Says what a QR code or bytes hold. It needs nothing of Node, because the decode page of the documentation site also
 * runs it.
 * @param input `FIDO:/` and digits, or hex.
 * @param opener with it, the input is an advert for this QR code.
 * @throws DecodeError when the input is not a message of the protocol; UnsupportedError `package-missing` for loose
 * CBOR without `cbor-x`.
 */
export async function explain(
  input: string,
  opener: Pick<QrPayload, 'secret'> | undefined,
  context: GuessContext,
): Promise<Explanation> {
  if (isQrUrl(input)) return explainQr(decodeQrUrl(input), context)
  const bytes = decodeHex(input.replace(/[\s:]/g, ''))
  return opener === undefined ? explainFrame(bytes, context) : explainAdvert(context.crypto, bytes, opener)
}

const explainQrPayload: Guess = (bytes, context) => explainQr(decodeQrPayload(bytes), context)

/** The likeliest first: what is strict about its members stands before what takes nearly everything. */
const GUESSES: readonly Guess[] = [
  explainPostHandshake,
  explainLinking,
  explainQrPayload,
  explainDataChannel,
  ...CTAP_GUESSES,
  explainMessage,
  ...VAGUE_CTAP_GUESSES,
  explainCbor,
  explainSealedAdvert,
]

async function explainFrame(bytes: Uint8Array, context: GuessContext): Promise<Explanation> {
  const found = firstFit(GUESSES, bytes, context) ?? (await explainLooseCbor(bytes, context))
  if (found !== undefined) return found
  throw new DecodeError('message-malformed', `these ${bytes.length} bytes fit no message of the protocol`)
}
