import type { PhoneLink } from '../../authenticator/phone-links.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { SECOND_MS } from '../../ports/clock.js'
import type { Link } from '../../ports/link-store.js'
import { tunnelDomain } from '../../tunnel/domain.js'
import { dayOf, isoTime } from './iso-time.js'
import { printable } from './printable.js'

/** What programs learn about a remembered phone: nothing by which it could be called. */
export interface LinkEvent {
  readonly event: 'link' | 'remembered' | 'forgotten'
  readonly name: string
  /** The tunnel service through which it is called. */
  readonly tunnelUrl: string
  /** ISO 8601, or seconds beyond what that can say. */
  readonly linkedAt: string
}

export function linkEvent(event: LinkEvent['event'], link: Link, crypto: CryptoProvider): LinkEvent {
  const { name, tunnelServiceId, linkedAt } = link
  const tunnelUrl = link.tunnelUrl ?? `wss://${tunnelDomain(crypto, tunnelServiceId)}`
  return { event, name, tunnelUrl, linkedAt: isoTime(linkedAt, SECOND_MS) }
}

/** One line for people. */
export function linkLine({ name, tunnelUrl, linkedAt }: LinkEvent): string {
  return `${printable(name)}  ${dayOf(linkedAt)}  ${printable(tunnelUrl)}`
}

/** What programs learn of a laptop that is linked with the phone. */
export interface PhoneLinkMembers {
  /** base64url. */
  readonly linkId: string
  /** Like those of `LinkEvent`; so is the next. */
  readonly linkedAt: string
  readonly lastUsedAt?: string
  /** It is not known whether the laptop kept the link. */
  readonly unconfirmed?: true
}

export function phoneLinkMembers({ linkId, linkedAt, lastUsedAt, unconfirmed }: PhoneLink): PhoneLinkMembers {
  const used = lastUsedAt === undefined ? {} : { lastUsedAt: isoTime(lastUsedAt, SECOND_MS) }
  const doubt = unconfirmed === true ? { unconfirmed } : {}
  return { linkId, linkedAt: isoTime(linkedAt, SECOND_MS), ...used, ...doubt }
}

/** One line for people. */
export function phoneLinkLine(link: PhoneLink): string {
  const { linkId, linkedAt, lastUsedAt, unconfirmed } = phoneLinkMembers(link)
  const used = lastUsedAt === undefined ? 'never used' : `last used ${dayOf(lastUsedAt)}`
  const mark = unconfirmed === true ? '  never confirmed' : ''
  return `${linkId}  linked ${dayOf(linkedAt)}  ${used}${mark}`
}
