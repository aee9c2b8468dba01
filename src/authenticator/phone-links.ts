import {
  LINK_ID_BYTES,
  LINE_KEY_BYTES,
  ROOT_SECRET_BYTES,
  linkId,
  lineKey,
  rootSecret,
} from '../bytes/brands.js'
import type { LinkId, LinkSecret, LineKey } from '../bytes/brands.js'
import { encodeBase64url } from '../bytes/base64url.js'
import { equalBytes, wipeBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import {
  deriveContactId,
  deriveContactSecret,
  deriveIdentitySeed,
  deriveLinkSecret,
  privateKeyFromSeed,
} from '../crypto/derive.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { UsageError } from '../errors.js'
import type { LinkOffer } from '../linking/link-offer.js'
import { awaitingPort } from '../ports/calling.js'
import type { Clock, Random } from '../ports/clock.js'
import type { IssuedLink, PhoneIdentity, PhoneIdentityStore } from '../ports/phone-identity-store.js'

/** How a phone can be linked. */
export interface PhoneLinking {
  /** Where the phone’s identity and the list of its links are kept. */
  readonly store: PhoneIdentityStore
  /** What clients show for this phone: 1 to 128 bytes of UTF-8. */
  readonly name: string
  /** Hears of the phone’s links, after the store has kept the change. What it throws is ignored. */
  readonly onEvent?: ((event: PhoneLinkEvent) => void) | undefined
}

/** A new link was confirmed, and the one that was not used for longest had to make room: its client is not answered any more. */
export interface PhoneLinkEvent {
  readonly event: 'evicted'
  readonly link: PhoneLink
}

/** A client that this phone is linked with; the phone does not know its name. */
export interface PhoneLink {
  /** base64url. */
  readonly linkId: string
  /** When the link was made, in wall-clock seconds since 1970. */
  readonly linkedAt: number
  /** When its client last signed in or registered over it; absent until then. */
  readonly lastUsedAt?: number | undefined
  /** True while it is not known whether the client kept the link. */
  readonly unconfirmed?: boolean | undefined
}

/** What the transaction of a link needs. Both are the receiver’s to destroy. */
export interface LinkKeys {
  readonly linkSecret: LinkSecret
  /** The phone’s long-term key pair. */
  readonly identity: EcdhKey
}

/** Where a link stands: it is on the list, it is not, or the phone has another line key by now. */
export type FoundLink =
  | { readonly state: 'known'; readonly link: IssuedLink; readonly takeKeys: () => LinkKeys }
  | { readonly state: 'unknown' | 'moved' }

interface PhoneLinksOptions extends PhoneLinking {
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly clock: Clock
}

/** A longer name does not fit into a padded update (protocol.md 10.2). */
const NAME_MAX_BYTES = 128
const LINKS_MAX = 256
/** The most links beside those of which it is not known whether their clients kept them. */
const UNCONFIRMED_MAX = 16
const REVOKED_MAX = 256

/** The links of one phone: issued, used and ended. Secrets are derived when they are needed (protocol.md 12.3). */
export class PhoneLinks {
  readonly #options: PhoneLinksOptions

  /** @throws UsageError `argument-invalid` for a name that does not fit. */
  constructor(options: PhoneLinksOptions) {
    const { length } = encodeUtf8(options.name)
    if (length < 1 || length > NAME_MAX_BYTES || !options.name.isWellFormed()) {
      throw new UsageError(
        'argument-invalid',
        `linking.name must have 1 to ${NAME_MAX_BYTES} bytes of UTF-8, not ${length}`,
      )
    }
    this.#options = options
  }

  /** The identity as it is now; a phone that has none gets one. */
  identity(): Promise<PhoneIdentity> {
    return this.#change(identity => identity)
  }

  async list(): Promise<readonly IssuedLink[]> {
    return (await this.#load())?.links ?? []
  }

  /** Puts a new link on the list, unconfirmed. It does not replace a confirmed link, because its client may never keep it. */
  async issue(): Promise<LinkOffer> {
    const id = linkId(this.#options.random.bytes(LINK_ID_BYTES))
    const linkedAt = this.#options.clock.epochSeconds()
    const identity = await this.#change(before => ({
      ...before,
      links: [...withRoom(before.links), { linkId: id, linkedAt, unconfirmed: true }],
    }))
    const { crypto, name } = this.#options
    const contactId = deriveContactId(crypto, identity.lineKey)
    return { contactId, linkId: id, name, ...keysOf(crypto, identity, id) }
  }

  /** Looks a link up for a client that asked under this line key. */
  async find(id: LinkId, calledKey: LineKey): Promise<FoundLink> {
    const identity = await this.#load()
    if (identity === undefined || !equalBytes(identity.lineKey, calledKey)) return { state: 'moved' }
    const link = identity.links.find(({ linkId: known }) => equalBytes(known, id))
    if (link === undefined) return { state: 'unknown' }
    return { state: 'known', link, takeKeys: () => keysOf(this.#options.crypto, identity, id) }
  }

  /** Notes that a client used its link, which shows that it kept it. */
  async used(id: LinkId): Promise<void> {
    await this.#confirm(id, { lastUsedAt: this.#options.clock.epochSeconds() })
  }

  /** Notes that the client has kept its link. If the list is then too long, the link that was not used for longest makes room. */
  async confirm(id: LinkId): Promise<void> {
    await this.#confirm(id, {})
  }

  async #confirm(id: LinkId, times: Pick<IssuedLink, 'lastUsedAt'>): Promise<void> {
    const evicted: IssuedLink[] = []
    await this.#change(before => {
      const links = before.links.map(link =>
        equalBytes(link.linkId, id) ? { ...link, ...times, unconfirmed: undefined } : link,
      )
      evicted.push(...tooMany(links, id))
      return { ...before, links: links.filter(link => !evicted.includes(link)) }
    })
    for (const link of evicted) this.#tell({ event: 'evicted', link: toPhoneLink(link) })
  }

  #tell(event: PhoneLinkEvent): void {
    try {
      this.#options.onEvent?.(event)
    } catch {
      // The change is stored already: the listener cannot undo it.
    }
  }

  /** @returns whether it was on the list. */
  async unlink(id: Uint8Array): Promise<boolean> {
    let was = false
    await this.#change(before => {
      const links = before.links.filter(link => !equalBytes(link.linkId, id))
      was = links.length < before.links.length
      return was ? { ...before, links } : before
    })
    return was
  }

  /** Ends all links by a new contact ID. A client that calls the old one learns that it is gone. */
  async unlinkAll(): Promise<void> {
    const fresh = lineKey(this.#options.random.bytes(LINE_KEY_BYTES))
    await this.#change(before => ({
      ...before,
      lineKey: fresh,
      revoked: [...before.revoked, before.lineKey].slice(-REVOKED_MAX),
      links: [],
    }))
  }

  #load(): Promise<PhoneIdentity | undefined> {
    return awaitingPort('linking.store.load', () => this.#options.store.load())
  }

  #change(change: (identity: PhoneIdentity) => PhoneIdentity): Promise<PhoneIdentity> {
    const { random, store } = this.#options
    const renewed = (identity: PhoneIdentity | undefined): PhoneIdentity =>
      change(identity ?? newIdentity(random))
    return awaitingPort('linking.store.update', () => store.update(renewed))
  }
}

/** A link as its owner may see it. */
export function toPhoneLink({ linkId: id, ...times }: IssuedLink): PhoneLink {
  return { linkId: encodeBase64url(id), ...times }
}

function newIdentity(random: Random): PhoneIdentity {
  return {
    rootSecret: rootSecret(random.bytes(ROOT_SECRET_BYTES)),
    lineKey: lineKey(random.bytes(LINE_KEY_BYTES)),
    revoked: [],
    links: [],
  }
}

/** The list with room for one more unconfirmed link. */
function withRoom(links: readonly IssuedLink[]): readonly IssuedLink[] {
  const unconfirmed = links.filter(link => link.unconfirmed === true)
  const [oldest] = unconfirmed
  return unconfirmed.length < UNCONFIRMED_MAX ? links : links.filter(link => link !== oldest)
}

/** The confirmed links beyond the limit, except for this one: those that were not used for longest. */
function tooMany(links: readonly IssuedLink[], id: LinkId): readonly IssuedLink[] {
  const usedAt = ({ lastUsedAt, linkedAt }: IssuedLink): number => lastUsedAt ?? linkedAt
  const confirmed = links.filter(link => link.unconfirmed !== true)
  return confirmed
    .filter(link => !equalBytes(link.linkId, id))
    .toSorted((a, b) => usedAt(a) - usedAt(b))
    .slice(0, Math.max(0, confirmed.length - LINKS_MAX))
}

function keysOf(crypto: CryptoProvider, identity: PhoneIdentity, id: LinkId): LinkKeys {
  const contactId = deriveContactId(crypto, identity.lineKey)
  const contactSecret = deriveContactSecret(crypto, identity.rootSecret, contactId)
  const seed = deriveIdentitySeed(crypto, identity.rootSecret)
  const privateKey = privateKeyFromSeed(crypto, seed)
  try {
    return {
      linkSecret: deriveLinkSecret(crypto, contactSecret, id),
      identity: crypto.importEcdhKey(privateKey),
    }
  } finally {
    wipeBytes(contactSecret, seed, privateKey)
  }
}
