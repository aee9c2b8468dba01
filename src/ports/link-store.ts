import type { ContactId, LinkId, LinkSecret, P256Point, TunnelServiceId } from '../bytes/brands.js'

/** A phone that a client remembers. A program with all of it can make the phone ask its user, when near. Prints redacted. */
export interface Link {
  /** 1 to 1024 bytes by which the tunnel service knows the phone. */
  readonly contactId: ContactId
  /** 8 bytes by which the phone knows the link. */
  readonly linkId: LinkId
  /** 32 bytes. Secret. */
  readonly linkSecret: LinkSecret
  /** The phone’s long-term key. */
  readonly publicKey: P256Point
  /** For display, 1 to 256 letters as the phone gave them; in a store no two links have the same. */
  readonly name: string
  /** The tunnel service through which the phone is called. */
  readonly tunnelServiceId: TunnelServiceId
  /** Dialled instead of that service’s domain; there where the client that made the link had a `tunnelUrl`. */
  readonly tunnelUrl?: string | undefined
  /** Wall-clock seconds since 1970. */
  readonly linkedAt: number
  /** The mark of newer Play services. */
  readonly playServicesMark: boolean
}

/** Where a client keeps its links. Every write is durable when its promise settles. */
export interface LinkStore {
  /** Oldest first. */
  list(): Promise<readonly Link[]>
  /**
   * Adds, or replaces the one of the same public key, in one step; a name that another link has gets a number.
   * @returns the link as it is kept.
   */
  put(link: Link): Promise<Link>
  /** Removes this very link; a later one of the same phone stays. @returns whether it was there. */
  delete(link: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean>
}
