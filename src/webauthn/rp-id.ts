import { UnsupportedError, UsageError } from '../errors.js'
import type { Origin } from './origin.js'
import type { PublicSuffix, PublicSuffixes } from './public-suffixes.js'
import { fetchRelatedOrigins, isRelated } from './related-origins.js'
import type { RelatedOrigins } from './related-origins.js'

/** What decides on an RP ID that is not the origin’s host. */
export interface RpIdRules {
  /** Without it no such RP ID may be claimed. */
  readonly publicSuffixes?: PublicSuffixes | undefined
  /** How to ask the domain of the RP ID for its related origins; without it no origin is related. */
  readonly related?: RelatedOrigins | undefined
}

/** Stands in the list of public suffixes, but belongs to home networks (RFC 8375). */
const HOME_NETWORK = 'home.arpa'

/**
 * The RP ID that the origin may claim: its host; or a suffix of it down to the registrable domain (WebAuthn L3 section
 * 5.1.3, HTML “is a registrable domain suffix of or is equal to”); or a domain that names the origin as related.
 * @param rpId what the options ask for; the host when absent.
 * @throws UsageError `rp-id-mismatch`, `aborted`; what `publicSuffixes` throws.
 */
export async function resolveRpId(
  origin: Origin,
  rpId: string | undefined,
  { publicSuffixes, related }: RpIdRules = {},
): Promise<string> {
  const { host } = origin
  if (rpId === undefined || rpId === host) return host
  const isSuffix = isWithin(host, rpId)
  const mayAsk = related !== undefined && isHost(rpId)
  if (!isSuffix && !mayAsk) throw mismatch(origin, rpId)
  if (publicSuffixes === undefined) throw mismatch(origin, rpId, withoutList())
  if (isSuffix && isWithin(rpId, registrable(host, await publicSuffixes(host)))) return rpId
  const labelOf = async (name: string): Promise<string> => labelUnder(name, await publicSuffixes(name))
  if (mayAsk && isPublic(rpId, await publicSuffixes(rpId))) {
    if (await isRelated(origin, await askOrigins(origin, rpId, related), labelOf)) return rpId
  }
  throw mismatch(origin, rpId)
}

/**
 * The RP ID that an app’s origin may claim.
 * @param rpId what the options ask for; an app has no host that could stand for it.
 * @param vouched those that the program vouches for.
 * @throws UsageError `rp-id-mismatch`.
 */
export function appRpId(origin: string, rpId: string | undefined, vouched: readonly string[]): string {
  if (rpId !== undefined && vouched.includes(rpId)) return rpId
  throw mismatch({ serialized: origin }, rpId)
}

async function askOrigins(origin: Origin, rpId: string, related: RelatedOrigins): Promise<readonly string[]> {
  try {
    return await fetchRelatedOrigins(rpId, related)
  } catch (cause) {
    if (related.signal?.aborted === true) throw new UsageError('aborted', 'the caller gave up', { cause })
    throw mismatch(origin, rpId, cause)
  }
}

function withoutList(): UnsupportedError {
  return new UnsupportedError(
    'capability-missing',
    'this client has no public suffixes to judge it by; give publicSuffixes, such as publicSuffixList',
  )
}

function mismatch(
  { serialized }: Pick<Origin, 'serialized'>,
  rpId: string | undefined,
  cause?: unknown,
): UsageError {
  const claim = `${serialized} may not claim the RP ID ${JSON.stringify(rpId)}`
  return new UsageError('rp-id-mismatch', claim, { cause })
}

/** Whether a text is a host as it stands in URLs, and nothing more. */
function isHost(text: string): boolean {
  const url = `https://${text}/`
  return URL.canParse(url) && new URL(url).href === url && new URL(url).hostname === text
}

/**
 * Whether a name is registered under a suffix of the public list. Addresses, single labels, `localhost`, `.local` and the like are
 * not, so that no relying party has machines of the user’s own network asked.
 */
function isPublic(host: string, found: PublicSuffix): boolean {
  return labelUnder(host, found) !== '' && found.listed && found.suffix !== HOME_NETWORK
}

/** The domain that somebody registered, `example.co.uk` of login.example.co.uk; of a suffix itself, nothing that is a domain. */
function registrable(host: string, found: PublicSuffix): string {
  const label = labelUnder(host, found)
  return label === '' ? '' : `${label}.${String(found.suffix)}`
}

/** The label before the suffix; empty without one. */
function labelUnder(host: string, { suffix }: PublicSuffix): string {
  const end = `.${String(suffix)}`
  return host.endsWith(end) ? (host.slice(0, -end.length).split('.').at(-1) ?? '') : ''
}

/** Whether a domain is `ancestor` or below it; nothing is below an empty name. */
function isWithin(domain: string, ancestor: string): boolean {
  return ancestor !== '' && (domain === ancestor || domain.endsWith(`.${ancestor}`))
}
