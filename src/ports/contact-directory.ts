import type { ContactId } from '../bytes/brands.js'
import type { ContactTag } from '../bytes/contact-tag.js'
import type { HybridError } from '../errors.js'
import type { CallReply, LinkedCall } from '../tunnel/linked-call.js'

/** A linked client’s request, as it goes to its phone. */
export interface CallRequest extends LinkedCall {
  readonly contactId: ContactId
}

/** What a phone, or `onCall` in its place, answers to such a request; `unknown` when no phone has that contact ID. */
export type CallAnswer = CallReply | 'unknown'

/**
 * What an instance says of a call to a line that it holds; `silent`: the instance does not answer, because another one
 * may hold that line by now.
 */
export type HolderAnswer = CallReply | 'too-often' | 'silent'

/** What comes of a call: also `unknown` when no instance holds that line, and `down` when the directory cannot be reached. */
export type DirectoryAnswer = HolderAnswer | 'unknown' | 'down'

/**
 * Knows which instance of a tunnel service holds the line of which phone. Instances share nothing else, and tunnels of QR codes
 * never need it.
 */
export interface ContactDirectory {
  /**
   * Makes one more instance a member. It settles whether or not the directory can be reached, which the listener hears.
   * @throws UnsupportedError `package-missing`.
   */
  join(listener: DirectoryListener): Promise<DirectoryMembership>
}

/** What an instance tells the directory and asks of it. While the directory is down, lines are remembered and told later. */
export interface DirectoryMembership {
  /** A phone has registered here just now: this line is newer than any other. */
  held(contact: ContactTag): void
  /** The line is closed. */
  dropped(contact: ContactTag): void
  /** Phones have given these contact IDs up, for good. */
  revoked(contacts: readonly ContactTag[]): void
  /** The lines of this instance are about to be closed: their phones will dial others. */
  moving(): void
  /** Asks the instance that holds the line. Answers within 2 s, and does not reject. */
  call(contact: ContactTag, call: LinkedCall): Promise<DirectoryAnswer>
  /** Settles when nothing is left of the membership; the listener hears nothing more. */
  leave(): Promise<void>
}

/** What an instance hears of the directory. Called in order, and from the end of `join` on. */
export interface DirectoryListener {
  /** The directory can be reached from now on. */
  up(): void
  /** Once until the next `up`. */
  down(error: HybridError): void
  /** An instance came or went: a line that no instance holds may be back in a moment. */
  unsettled(): void
  /** Another instance asks for a phone. */
  called(contact: ContactTag, call: LinkedCall): Promise<HolderAnswer>
  /** The phone has registered with another instance since. */
  superseded(contact: ContactTag): void
  /** These contact IDs were given up, lately or long ago. */
  revoked(contacts: readonly ContactTag[]): void
  /** Something is missing that the directory can do without. */
  warned(error: HybridError): void
}
