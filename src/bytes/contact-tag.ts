import { DecodeError } from '../errors.js'

/**
 * What a directory knows of a contact ID: 22 characters of base64url, the first 132 bits of its SHA-256. Nobody can
 * call a phone with it.
 */
export type ContactTag = string & { readonly [tagged]: true }

declare const tagged: unique symbol

/** Characters of a contact tag, one byte each. */
export const CONTACT_TAG_LENGTH = 22

const TAG = /^[\w-]{22}$/

/**
 * Takes text as a contact tag.
 * @throws DecodeError `length-wrong` for anything but 22 characters of base64url.
 *
 * @example
 * const tag = contactTag(encodeBase64url(crypto.sha256(bytes)).slice(0, 22))
 */
export function contactTag(text: string): ContactTag {
  if (TAG.test(text)) return text as ContactTag
  throw new DecodeError('length-wrong', `a contact tag must be ${CONTACT_TAG_LENGTH} characters of base64url`)
}
