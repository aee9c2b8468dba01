import { contactId, linkId, linkSecret, tunnelServiceId } from '../../bytes/brands.js'
import { encodeBase64url } from '../../bytes/base64url.js'
import { encodeHex } from '../../bytes/hex.js'
import { nobleProvider } from '../../crypto/noble-provider.js'
import type { Link } from '../../ports/link-store.js'
import { arrayOf, malformed, membersOf } from './json-members.js'
import { copyLink, linkFault } from './link-record.js'
import type { StoreFormat } from './store-format.js'

/**
 * A client’s links: a list of
 *
 * { "contactId": bytes, "linkId": bytes, "linkSecret": bytes, "publicKey": bytes, "name": text, "tunnelServiceId": integer,
 *   "tunnelUrl": text (may be missing), "linkedAt": s since 1970, "playServicesMark": boolean }
 *
 * Byte strings are base64url without padding.
 */
export const LINK_FORMAT: StoreFormat<readonly Link[]> = {
  name: 'fido-hybrid links',
  empty: [],
  encode: links => links.map(encodeLink),
  decode: json => {
    const links = arrayOf(json, 'content').map(decodeLink)
    const keys = new Set(links.map(({ publicKey }) => encodeHex(publicKey)))
    const names = new Set(links.map(({ name }) => name))
    if (keys.size === links.length && names.size === links.length) return links
    throw malformed('two links have the same public key or name')
  },
}

function encodeLink(link: Link): Readonly<Record<string, string | number | boolean>> {
  return {
    contactId: encodeBase64url(link.contactId),
    linkId: encodeBase64url(link.linkId),
    linkSecret: encodeBase64url(link.linkSecret),
    publicKey: encodeBase64url(link.publicKey),
    name: link.name,
    tunnelServiceId: link.tunnelServiceId,
    ...(link.tunnelUrl === undefined ? {} : { tunnelUrl: link.tunnelUrl }),
    linkedAt: link.linkedAt,
    playServicesMark: link.playServicesMark,
  }
}

function decodeLink(json: unknown, index: number): Link {
  const what = `link ${index + 1}`
  const read = membersOf(json, what)
  const link: Link = {
    contactId: contactId(read.bytes('contactId')),
    linkId: linkId(read.bytes('linkId')),
    linkSecret: linkSecret(read.bytes('linkSecret')),
    publicKey: nobleProvider.decodePoint(read.bytes('publicKey')),
    name: read.text('name'),
    tunnelServiceId: tunnelServiceId(read.number('tunnelServiceId')),
    ...(read.get('tunnelUrl') === undefined ? {} : { tunnelUrl: read.text('tunnelUrl') }),
    linkedAt: read.number('linkedAt'),
    playServicesMark: read.boolean('playServicesMark'),
  }
  read.expectOnly(Object.keys(encodeLink(link)))
  const fault = linkFault(link)
  if (fault !== undefined) throw malformed(`${what}: ${fault}`)
  return copyLink(link)
}
