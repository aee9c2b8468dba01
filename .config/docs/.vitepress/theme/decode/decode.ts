import { decodeHex } from '../../../../../src/bytes/hex.js'
import { qrSecret } from '../../../../../src/bytes/brands.js'
import type { QrSecret } from '../../../../../src/bytes/brands.js'
import { explain, isHex, isQrUrl } from '../../../../../src/cli/inspect/explain.js'
import { nobleProvider } from '../../../../../src/crypto/noble-provider.js'
import { DecodeError, HybridError } from '../../../../../src/errors.js'
import { decodeQrUrl } from '../../../../../src/qr/url.js'
import { meaningOf } from './meanings.js'

/** More than any message of the protocol has, and little enough to be shown at once. */
const MAX_LETTERS = 262_144

const CODE_WITHIN = /FIDO:\/\d+/i

/** What a visitor gave. */
export interface Pasted {
  /** `FIDO:/` and digits, or hex. */
  readonly input: string
  /** Where the input is an advert: its QR code, or the secret in it as 32 hex digits; perhaps empty. */
  readonly opener: string
  readonly showSecrets: boolean
}

/** One member of what was decoded. */
export interface Row {
  readonly name: string
  /** In plain words; undefined where the name says it. */
  readonly meaning: string | undefined
  /** Undefined for a member that has members itself. */
  readonly value: string | undefined
  readonly rows: readonly Row[]
}

export type Outcome =
  | { readonly type: 'explained'; readonly about: string; readonly rows: readonly Row[] }
  | { readonly type: 'refused'; readonly message: string; readonly code: string; readonly cure: string }

/** Decodes what was pasted. Every failure of the library is an outcome. */
export async function decode(pasted: Pasted): Promise<Outcome> {
  try {
    return await explained(pasted)
  } catch (error) {
    if (!(error instanceof HybridError)) throw error
    const { message, code, cure } = error
    return { type: 'refused', message, code, cure }
  }
}

async function explained({ input, opener, showSecrets }: Pasted): Promise<Outcome> {
  const text = readable(input)
  const secret = isQrUrl(text) || opener.trim() === '' ? undefined : { secret: secretOf(opener) }
  const context = { crypto: nobleProvider, showSecrets, now: Math.floor(Date.now() / 1000) }
  const { kind, about, members } = await explain(text, secret, context)
  // The command has an option where this page has a field.
  return { type: 'explained', about: about.replace('with --qr', 'below'), rows: rowsOf(members, kind) }
}

/** A code or hex. Of other text the code that is in it, such as one in quotes. */
function readable(input: string): string {
  if (input.length > MAX_LETTERS)
    throw new DecodeError(
      'hex-malformed',
      `this has ${input.length} letters, and this page reads ${MAX_LETTERS} at most`,
    )
  const text = input.trim()
  const found = isQrUrl(text) || isHex(text) ? text : CODE_WITHIN.exec(text)?.[0]
  if (found !== undefined) return found
  if (text.startsWith('{'))
    throw new DecodeError(
      'hex-malformed',
      'this is JSON, perhaps a trace: fido-hybrid inspect FILE reads traces, this page does not',
    )
  throw new DecodeError('hex-malformed', 'this is neither FIDO:/ with digits nor hex')
}

function secretOf(opener: string): QrSecret {
  const text = opener.trim()
  try {
    return isQrUrl(text) ? decodeQrUrl(text).secret : qrSecret(decodeHex(text.replace(/[\s:]/g, '')))
  } catch (error) {
    if (!(error instanceof HybridError)) throw error
    throw new DecodeError('qr-url-malformed', `the QR code or secret of the advert: ${error.message}`)
  }
}

/** @param within the member that has them, or the kind of the whole. */
function rowsOf(members: object, within: string): readonly Row[] {
  return Object.entries(members).map(([name, value]) => rowOf(name, value, within))
}

function rowOf(name: string, value: unknown, within: string): Row {
  const meaning = meaningOf(name, within)
  if (isBranch(value)) return { name, meaning, value: undefined, rows: rowsOf(value, name) }
  return { name, meaning, value: Array.isArray(value) ? value.join(', ') : String(value), rows: [] }
}

function isBranch(value: unknown): value is object {
  if (Array.isArray(value)) return value.some(isBranch)
  return typeof value === 'object' && value !== null
}
