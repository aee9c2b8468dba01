import { encodeBase64url } from '../bytes/base64url.js'
import { encodeUtf8 } from '../bytes/utf8.js'

/** What the authenticator signs the hash of. */
export interface ClientData {
  readonly type: 'webauthn.create' | 'webauthn.get'
  readonly challenge: Uint8Array
  /** A serialized origin. */
  readonly origin: string
  /** Where the request comes from a frame that is not of the same origin as all its ancestors: that of the top-level page. */
  readonly topOrigin?: string | undefined
}

/** The characters to escape: the quotation mark, the backslash, and U+0000 to U+001F. */
const ESCAPED = /["\\\u0000-\u001f]/g
const HEX = 16
const ESCAPE_DIGITS = 4

/**
 * clientDataJSON in the one serialisation that verifiers may compare byte by byte (WebAuthn L3 section 5.8.1.1). It says
 * crossOrigin where there is a topOrigin.
 */
export function encodeClientData({ type, challenge, origin, topOrigin }: ClientData): Uint8Array {
  const frame = topOrigin === undefined ? 'false' : `true,"topOrigin":${quoted(topOrigin)}`
  return encodeUtf8(
    `{"type":${quoted(type)},"challenge":${quoted(encodeBase64url(challenge))},` +
      `"origin":${quoted(origin)},"crossOrigin":${frame}}`,
  )
}

/** The spec’s CCDToString. */
function quoted(text: string): string {
  return `"${text.toWellFormed().replaceAll(ESCAPED, escaped)}"`
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(HEX).padStart(ESCAPE_DIGITS, '0')}`
}
