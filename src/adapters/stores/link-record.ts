import { contactId, linkId, linkSecret, p256Point, tunnelServiceId } from '../../bytes/brands.js'
import { equalBytes } from '../../bytes/bytes.js'
import { StoreError } from '../../errors.js'
import type { Link } from '../../ports/link-store.js'
import { BOOLEAN, BYTES, made, NUMBER } from './codec.js'
import { orAbsent, textWithin, TIME } from './fields.js'
import { RecordTable } from './record-table.js'

const LINKS_MAX = 100
const NAME_MAX_LETTERS = 256

/** Links as stores keep them. */
export const LINK: RecordTable<Link> = new RecordTable<Link>({
  contactId: { codec: made(BYTES, contactId), isSecret: true },
  linkId: { codec: made(BYTES, linkId), isSecret: true },
  linkSecret: { codec: made(BYTES, linkSecret), isSecret: true },
  publicKey: { codec: made(BYTES, p256Point), isSecret: true },
  name: textWithin(1, NAME_MAX_LETTERS),
  tunnelServiceId: { codec: made(NUMBER, tunnelServiceId) },
  tunnelUrl: orAbsent(textWithin(1, 1024)),
  linkedAt: TIME,
  playServicesMark: { codec: BOOLEAN },
})

/**
 * The list with the link in the place of the one of the same public key, or last, under a name of its own.
 * @throws StoreError `store-unavailable` when the list is full.
 */
export function withLink(links: readonly Link[], link: Link): readonly Link[] {
  const isSame = ({ publicKey }: Link): boolean => equalBytes(publicKey, link.publicKey)
  const others = links.filter(other => !isSame(other))
  if (others.length >= LINKS_MAX) {
    throw new StoreError('store-unavailable', `there are ${LINKS_MAX} links: no more are kept`)
  }
  const names = new Set(others.map(({ name }) => name))
  const named = LINK.copy({ ...link, name: uniqueName(link.name, names) })
  return links.some(isSame) ? links.map(other => (isSame(other) ? named : other)) : [...links, named]
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number++) {
    const suffix = ` (${number})`
    name = wanted.slice(0, NAME_MAX_LETTERS - suffix.length).replace(/[\uD800-\uDBFF]$/, '') + suffix
  }
  return name
}

/** The list without one link; the very same list when it is not there. */
export function withoutLink(
  links: readonly Link[],
  unwanted: Pick<Link, 'publicKey' | 'linkId'>,
): readonly Link[] {
  const isSame = ({ publicKey, linkId: id }: Link): boolean =>
    equalBytes(publicKey, unwanted.publicKey) && equalBytes(id, unwanted.linkId)
  return links.some(isSame) ? links.filter(link => !isSame(link)) : links
}

/** A copy of the link as the list has it. */
export function keptLink(links: readonly Link[], { publicKey }: Link): Link {
  const kept = links.find(link => equalBytes(link.publicKey, publicKey))
  if (kept !== undefined) return LINK.copy(kept)
  throw new StoreError('store-unavailable', 'the link was not kept')
}
