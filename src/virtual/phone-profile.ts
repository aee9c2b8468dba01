import type { GetInfo } from '../ctap/get-info.js'
import type { UpdateHabit } from '../ports/ctap-handler.js'
import type { RequiredMembers } from './refusal.js'

/** What the flags BE and BS of new passkeys say: bound to this device, able to be synced, synced. */
export type Backup = 'none' | 'eligible' | 'backed-up'

/** Whether each use of a passkey is counted; `zero` leaves the counter where it is, as synced passkeys do. */
export type SignCounter = 'zero' | 'counting'

/**
 * Where one of several accounts is chosen, when the request names no passkeys: at the phone, or by the client, which gets the newest
 * and fetches the others by authenticatorGetNextAssertion.
 */
export type AccountChoice = 'phone' | 'client'

/** How one kind of phone behaves on the wire. */
export interface PhoneProfile {
  /** authenticatorGetInfo without what follows from the other members and options. */
  readonly info: Omit<GetInfo, 'aaguid' | 'algorithms'>
  /** 16 bytes; undefined: that of the passkeys. */
  readonly infoAaguid?: Uint8Array | undefined
  /** Whether getInfo lists the algorithms. */
  readonly infoHasAlgorithms: boolean
  /** 16 bytes, in new passkeys. */
  readonly aaguid: Uint8Array
  /** COSE identifiers of the algorithms of new passkeys. */
  readonly algorithms: readonly number[]
  readonly backup: Backup
  readonly signCounter: SignCounter
  readonly accountChoice: AccountChoice
  /** Of the post-handshake message. */
  readonly features: readonly string[]
  /** `one`: takes no more after the first answer, and soon hangs up; see `CtapHandler`. */
  readonly commands: 'one' | 'many'
  /** Whether an update message follows the introduction; see `CtapHandler`. */
  readonly updates: UpdateHabit
  /** Whether the user is verified also when the request does not ask for it. */
  readonly alwaysVerifies: boolean
  /** Members of a registration without which it is not accepted, beside those that CTAP asks for. */
  readonly registrationNeeds: RequiredMembers
  /** Statuses that the phone does not send: it hangs up instead. */
  readonly hangsUpFor: readonly number[]
  /** Whether getInfo is also answered as a command. */
  readonly answersGetInfo: boolean
  /** Whether authenticatorSelection and getNextAssertion are answered, as CTAP requires. The recorded phones abort. */
  readonly answersLesserCommands: boolean
  /** Whether the phone hangs up when a sign-in without allow list finds no passkey. */
  readonly hangsUpWithoutPasskey: boolean
  /**
   * The user in the answer to a sign-in: as CTAP says (`standard`), never where the request named the passkeys
   * (`unlisted`), or with empty names (`nameless`).
   */
  readonly user: 'standard' | 'unlisted' | 'nameless'
}
