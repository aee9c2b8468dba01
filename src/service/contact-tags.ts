import { encodeBase64url } from '../bytes/base64url.js'
import type { ContactId } from '../bytes/brands.js'
import { CONTACT_TAG_LENGTH, contactTag } from '../bytes/contact-tag.js'
import type { ContactTag } from '../bytes/contact-tag.js'
import type { CryptoProvider } from '../crypto/provider.js'

/** How the service knows a contact ID: the tag is short whatever a client sends, and all that a directory is told. */
export function contactTagOf(crypto: Pick<CryptoProvider, 'sha256'>, contactId: ContactId): ContactTag {
  return contactTag(encodeBase64url(crypto.sha256(contactId)).slice(0, CONTACT_TAG_LENGTH))
}
