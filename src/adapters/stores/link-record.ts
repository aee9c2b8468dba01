import { contactId, linkId, linkSecret, p256Point, tunnelServiceId } from '../../bytes/brands.js'
import { equalBytes } from '../../bytes/bytes.js'
import { redacting } from '../../crypto/redacted.js'
import { DecodeError, StoreError, UsageError } from '../../errors.js'
import type { Link } from '../../ports/link-store.js'

const LINKS_MAX = 100
const NAME_MAX_LETTERS = 256
const URL_MAX_LETTERS = 1024

/** A copy that shares no bytes with the original and prints without its secrets. */
export function copyLink(link: Link): Link {
  const copy = {
    contactId: contactId(Uint8Array.from(link.contactId)),
    linkId: linkId(Uint8Array.from(link.linkId)),
    linkSecret: linkSecret(Uint8Array.from(link.linkSecret)),
    publicKey: p256Point(Uint8Array.from(link.publicKey)),
    name: link.name,
    tunnelServiceId: tunnelServiceId(link.tunnelServiceId),
    ...(link.tunnelUrl === undefined ? {} : { tunnelUrl: link.tunnelUrl }),
    linkedAt: link.linkedAt,
    playServicesMark: link.playServicesMark,
  }
  return redacting(copy, ['contactId', 'linkId', 'linkSecret', 'publicKey'])
}

/** What is wrong with a record beside the sizes that `copyLink` checks, without its values; undefined when nothing is. */
export function linkFault({ name, tunnelUrl, linkedAt }: Link): string | undefined {
  if (!isText(name, NAME_MAX_LETTERS)) return `name has not 1 to ${NAME_MAX_LETTERS} letters`
  if (tunnelUrl !== undefined && !isText(tunnelUrl, URL_MAX_LETTERS)) return 'tunnelUrl is no URL'
  return Number.isSafeInteger(linkedAt) && linkedAt >= 0 ? undefined : 'linkedAt is not a time'
}

// A lone surrogate has no UTF-8 form and would come back as another letter.
function isText(text: string, maxLetters: number): boolean {
  return text !== '' && text.length <= maxLetters && text.isWellFormed()
}

/** A copy of a link that a store can give back. @throws UsageError `argument-invalid` for one that it could not. */
export function checkedLink(link: Link): Link {
  try {
    const copy = copyLink(link)
    const fault = linkFault(copy)
    if (fault === undefined) return copy
    throw new UsageError('argument-invalid', `link: ${fault}`)
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new UsageError('argument-invalid', `link: ${cause.message}`, { cause })
  }
}

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
  const named = copyLink({ ...link, name: uniqueName(link.name, names) })
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
  if (kept !== undefined) return copyLink(kept)
  throw new StoreError('store-unavailable', 'the link was not kept')
}
