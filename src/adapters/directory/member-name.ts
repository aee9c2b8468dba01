import { encodeBase64url } from '../../bytes/base64url.js'
import { CONTACT_TAG_LENGTH } from '../../bytes/contact-tag.js'
import { systemRandom } from '../system/system.js'

/** A name that no other member has, of the same form as a contact tag. */
export function freshMemberName(): string {
  return encodeBase64url(systemRandom.bytes(CONTACT_TAG_LENGTH)).slice(0, CONTACT_TAG_LENGTH)
}
