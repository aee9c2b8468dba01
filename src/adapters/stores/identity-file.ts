import { linkId, registrationKey, rootSecret } from '../../bytes/brands.js'
import { decodeBase64url, encodeBase64url } from '../../bytes/base64url.js'
import type { IssuedLink, PhoneIdentity } from '../../ports/phone-identity-store.js'
import { copyIdentity, identityFault } from './identity-record.js'
import { arrayOf, malformed, membersOf } from './json-members.js'
import type { StoreFormat } from './store-format.js'

/**
 * A phone’s identity:
 *
 * { "rootSecret": bytes, "registrationKey": bytes, "revoked": [bytes],
 *   "links": [{ "linkId": bytes, "linkedAt": s since 1970, "lastUsedAt": s since 1970 (may be missing) }] }
 *
 * Byte strings are base64url without padding.
 */
export const IDENTITY_FORMAT: StoreFormat<PhoneIdentity | undefined> = {
  name: 'fido-hybrid phone identity',
  empty: undefined,
  encode: identity => identity && encodeIdentity(identity),
  decode: decodeIdentity,
}

function encodeIdentity(identity: PhoneIdentity): unknown {
  return {
    rootSecret: encodeBase64url(identity.rootSecret),
    registrationKey: encodeBase64url(identity.registrationKey),
    revoked: identity.revoked.map(encodeBase64url),
    links: identity.links.map(encodeIssued),
  }
}

function decodeIdentity(json: unknown): PhoneIdentity {
  const read = membersOf(json, 'content')
  read.expectOnly(['rootSecret', 'registrationKey', 'revoked', 'links'])
  const identity: PhoneIdentity = {
    rootSecret: rootSecret(read.bytes('rootSecret')),
    registrationKey: registrationKey(read.bytes('registrationKey')),
    revoked: arrayOf(read.get('revoked'), 'revoked').map(decodeKey),
    links: arrayOf(read.get('links'), 'links').map(decodeIssued),
  }
  const fault = identityFault(identity)
  if (fault !== undefined) throw malformed(fault)
  return copyIdentity(identity)
}

function decodeKey(json: unknown): PhoneIdentity['registrationKey'] {
  if (typeof json === 'string') return registrationKey(decodeBase64url(json))
  throw malformed('a revoked key is not text')
}

function encodeIssued({ linkId: id, linkedAt, lastUsedAt }: IssuedLink): Readonly<Record<string, unknown>> {
  return { linkId: encodeBase64url(id), linkedAt, ...(lastUsedAt === undefined ? {} : { lastUsedAt }) }
}

function decodeIssued(json: unknown, index: number): IssuedLink {
  const read = membersOf(json, `link ${index + 1}`)
  const link: IssuedLink = {
    linkId: linkId(read.bytes('linkId')),
    linkedAt: read.number('linkedAt'),
    ...(read.get('lastUsedAt') === undefined ? {} : { lastUsedAt: read.number('lastUsedAt') }),
  }
  read.expectOnly(Object.keys(encodeIssued(link)))
  return link
}
