import { linkId, lineKey, rootSecret } from '../../bytes/brands.js'
import { encodeHex } from '../../bytes/hex.js'
import type { IssuedLink, PhoneIdentity } from '../../ports/phone-identity-store.js'
import { BOOLEAN, BYTES, listCodec, made, optionalCodec } from './codec.js'
import { orAbsent, TIME } from './fields.js'
import { RecordTable } from './record-table.js'

const REVOKED_MAX = 256
const LINKS_MAX = 272
const LINE_KEY = made(BYTES, lineKey)

const ISSUED_LINK = new RecordTable<IssuedLink>({
  linkId: { codec: made(BYTES, linkId) },
  linkedAt: TIME,
  lastUsedAt: orAbsent(TIME),
  unconfirmed: { codec: optionalCodec(BOOLEAN) },
})

/** A phone’s identity as stores keep it. */
export const IDENTITY: RecordTable<PhoneIdentity> = new RecordTable<PhoneIdentity>({
  rootSecret: { codec: made(BYTES, rootSecret), isSecret: true },
  lineKey: { codec: LINE_KEY, storedAs: 'registrationKey', isSecret: true },
  revoked: {
    codec: listCodec(LINE_KEY, 'revoked key'),
    isSecret: true,
    must: `have at most ${REVOKED_MAX} keys`,
    holds: ({ length }) => length <= REVOKED_MAX,
  },
  links: {
    codec: listCodec(ISSUED_LINK, 'link'),
    must: `be at most ${LINKS_MAX}, each with a time and with an ID of its own`,
    holds: areLinks,
  },
})

function areLinks(links: readonly IssuedLink[]): boolean {
  const ids = new Set(links.map(link => encodeHex(link.linkId)))
  return (
    links.length <= LINKS_MAX && ids.size === links.length && links.every(link => ISSUED_LINK.accepts(link))
  )
}
