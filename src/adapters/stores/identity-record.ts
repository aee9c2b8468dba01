import { linkId, registrationKey, rootSecret } from '../../bytes/brands.js'
import { encodeHex } from '../../bytes/hex.js'
import { redacting } from '../../crypto/redacted.js'
import { DecodeError, UsageError } from '../../errors.js'
import type { IssuedLink, PhoneIdentity } from '../../ports/phone-identity-store.js'

const REVOKED_MAX = 256
const LINKS_MAX = 256

/** A copy that shares no bytes with the original and prints without its secrets. */
export function copyIdentity(identity: PhoneIdentity): PhoneIdentity {
  const copy = {
    rootSecret: rootSecret(Uint8Array.from(identity.rootSecret)),
    registrationKey: registrationKey(Uint8Array.from(identity.registrationKey)),
    revoked: identity.revoked.map(key => registrationKey(Uint8Array.from(key))),
    links: identity.links.map(copyIssued),
  }
  return redacting(copy, ['rootSecret', 'registrationKey', 'revoked'])
}

function copyIssued({ linkId: id, linkedAt, lastUsedAt }: IssuedLink): IssuedLink {
  const copy = { linkId: linkId(Uint8Array.from(id)), linkedAt }
  return lastUsedAt === undefined ? copy : { ...copy, lastUsedAt }
}

/** What is wrong with a record beside the sizes that `copyIdentity` checks; undefined when nothing is. */
export function identityFault({ revoked, links }: PhoneIdentity): string | undefined {
  if (revoked.length > REVOKED_MAX) return `more than ${REVOKED_MAX} keys are revoked`
  if (links.length > LINKS_MAX) return `there are more than ${LINKS_MAX} links`
  if (new Set(links.map(link => encodeHex(link.linkId))).size < links.length)
    return 'two links have the same ID'
  const times = links.flatMap(({ linkedAt, lastUsedAt = 0 }) => [linkedAt, lastUsedAt])
  return times.every(time => Number.isSafeInteger(time) && time >= 0)
    ? undefined
    : 'a link has no proper time'
}

/** A copy of an identity that a store can give back. @throws UsageError `argument-invalid` for one that it could not. */
export function checkedIdentity(identity: PhoneIdentity): PhoneIdentity {
  try {
    const copy = copyIdentity(identity)
    const fault = identityFault(copy)
    if (fault === undefined) return copy
    throw new UsageError('argument-invalid', `phone identity: ${fault}`)
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new UsageError('argument-invalid', `phone identity: ${cause.message}`, { cause })
  }
}
